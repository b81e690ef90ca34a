import { describe, expect, test } from 'vitest';
import { deployment, history, unfinished } from '../../src/simulator/builders.ts';
import { monthFirstMinute, noDeploymentEver, oneOfEach, onlyFailures } from '../simulator/handmade.ts';
import { budget } from './budget.ts';
import { factsAt } from './facts.ts';
import { truthAt } from './truth.ts';
import { calendarDay, calendarMonth, rolling, within } from './windows.ts';

const end = Date.UTC(2025, 9, 15, 12, 0, 0) / 1000;
const production = { environment: 'production' };
const staging = { environment: 'staging' };
const api = { ...production, service: 'api' };

describe('indicators over an hour with one of each', () => {
  // 101 success in 310 s · 102 rolled back for health in 510 s · 103 cancelled · 103-2 success in 510 s ·
  // 201 (staging) success in 410 s · 104 running.
  const hour = truthAt(oneOfEach(end), end).rolling('1h');

  test('deployments, and how they ended', () => {
    expect(hour.deployments).toEqual([
      { labels: production, value: 3 },
      { labels: staging, value: 1 },
    ]);
    expect(hour.successRate).toEqual([
      { labels: production, value: 2 / 3 },
      { labels: staging, value: 1 },
    ]);
  });

  test('time to deploy, of successes only: 310 s and 510 s', () => {
    const value = (q: '0.5' | '0.95' | '0.99') => hour.timeToDeploy[q].map((one) => one.value);
    expect(value('0.5')).toEqual([410, 410]);
    expect(value('0.95')[0]).toBeCloseTo(500, 9);
    expect(value('0.99')[0]).toBeCloseTo(508, 9);
  });

  test('health: four of five, and none of four', () => {
    expect(hour.healthChecks).toEqual([
      { labels: production, value: 9 },
      { labels: staging, value: 0 },
    ]);
    expect(hour.healthRate).toEqual([{ labels: production, value: 4 / 9 }]);
  });

  test('smoke tests and migrations', () => {
    expect(hour.smokeRate).toEqual([{ labels: production, value: 0.5 }]);
    expect(hour.smokeTestsByName.map(({ labels, value }) => [labels.test_name, value])).toEqual([
      ['api_health', 1],
      ['web_beta', 1],
    ]);
    expect(hour.smokeTestsPassedByName.map(({ labels, value }) => [labels.test_name, value])).toEqual([
      ['api_health', 1],
      ['web_beta', 0],
    ]);
    expect(hour.migrations).toEqual([{ labels: production, value: 1 }]);
    expect(hour.migrationRate).toEqual([{ labels: production, value: 1 }]);
  });

  test('rollbacks, stages, cost, budget', () => {
    expect(hour.rollbacksByReason).toEqual([
      { labels: { ...production, reason: 'health_check_failed' }, value: 1 },
    ]);
    // Builds of the API: 100 s and 120 s.
    expect(hour.stageAverage).toContainEqual({ labels: { ...api, stage: 'build' }, value: 110 });
    expect(
      hour.stageP95.find(({ labels }) => labels.service === 'api' && labels.stage === 'build')?.value,
    ).toBeCloseTo(119, 9);
    expect(hour.stageAverage).toContainEqual({
      labels: { ...production, service: 'database', stage: 'migration' },
      value: 20,
    });
    expect(hour.stageAverage.filter(({ labels }) => labels.stage === 'rollback')).toEqual([]);
    expect(hour.stageFailures).toEqual([
      { labels: { ...api, stage: 'health_check', error_type: 'health_check_failed' }, value: 1 },
    ]);
    expect(hour.cost).toEqual([{ labels: { ...production, resource: 'railway_compute' }, value: 0.4 }]);
    // A success with a failed smoke test takes 1, a rollback because of health 0.5.
    expect(hour.budgetSpent.map(({ value }) => value)).toEqual([1.5, 0]);
  });
});

describe('now', () => {
  const truth = truthAt(oneOfEach(end), end);

  test('what runs, what ended last, how long it took', () => {
    expect(truth.environments).toEqual(['production', 'staging']);
    expect(truth.environment('production')).toMatchObject({
      active: 1,
      lastFinished: { id: '103-2', outcome: 'success' },
      currentTimeToDeploy: 510,
    });
    expect(truth.environment('staging')).toMatchObject({ active: 0, lastFinished: { id: '201' } });
  });

  test('what was given up takes the place of nothing newer', () => {
    const given = [
      unfinished({ id: '1', started: end - 10_800 }),
      deployment({ id: '2', started: end - 7_000, finished: end - 6_700 }),
    ];
    const { lastFinished, recent } = truthAt(history(end, given), end).environment('production');
    expect(recent.find(({ id }) => id === '1')).toMatchObject({
      outcome: 'abandoned',
      finished: end - 3_600,
    });
    expect(lastFinished).toMatchObject({ id: '2', outcome: 'success' });
  });

  test('recent deployments, latest start first', () => {
    const rows = truth.environment('production').recent;
    expect(rows.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['104', 'running'],
      ['103-2', 'success'],
      ['103', 'cancelled'],
      ['102', 'rolled_back'],
      ['101', 'success'],
    ]);
    expect(rows[3]).toMatchObject({
      stages: 2,
      stagesPassed: 1,
      rollbackReason: 'health_check_failed',
      cost: 0.25,
      budgetSpent: 0.5,
      duration: 510,
    });
    expect(rows[4]).toMatchObject({ stages: 4, stagesPassed: 4, migrationDuration: 20 });
    expect(rows[0]).not.toHaveProperty('finished');
  });

  test('only ten of them', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      deployment({ id: String(i), started: end - 10_000 + i * 600 }),
    );
    const rows = truthAt({ seed: 0, end, deployments: many }, end).environment('production').recent;
    expect(rows.map(({ id }) => id)).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2']);
  });

  test('nothing ever: no environment, no value', () => {
    const none = truthAt(noDeploymentEver(end), end);
    expect(none.environments).toEqual([]);
    expect(none.rolling('30d').successRate).toEqual([]);
    expect(none.environment('production')).toMatchObject({
      active: 0,
      recent: [],
      currentTimeToDeploy: undefined,
    });
  });

  test('only failures: a success rate of 0 and no time to deploy', () => {
    const hour = truthAt(onlyFailures(end), end).rolling('1h');
    expect(hour.successRate).toEqual([{ labels: production, value: 0 }]);
    expect(hour.timeToDeploy['0.95']).toEqual([]);
    expect(hour.stageFailures.map(({ labels }) => labels.error_type).sort()).toEqual([
      'command_failed',
      'health_check_failed',
      'migration_failed',
    ]);
    expect(truthAt(onlyFailures(end), end).environment('production').currentTimeToDeploy).toBeUndefined();
  });
});

describe('windows', () => {
  const finishing = (at: number) =>
    factsAt({ seed: 0, end, deployments: [deployment({ started: at - 300, finished: at })] }, end);

  test('a rolling window excludes its first moment and includes its last', () => {
    const hour = rolling('1h', end);
    expect(within(finishing(end - 3600), hour)).toHaveLength(0);
    expect(within(finishing(end - 3599.999), hour)).toHaveLength(1);
    expect(within(finishing(end), hour)).toHaveLength(1);
    expect(rolling('30d', end).from).toBe(Date.UTC(2025, 8, 15, 12) / 1000);
  });

  test('a day and a month begin at midnight UTC and include it', () => {
    expect(calendarDay(end).from).toBe(Date.UTC(2025, 9, 15) / 1000);
    expect(calendarMonth(end).from).toBe(Date.UTC(2025, 9, 1) / 1000);
    expect(within(finishing(calendarDay(end).from), calendarDay(end))).toHaveLength(1);
    expect(within(finishing(calendarDay(end).from - 0.001), calendarDay(end))).toHaveLength(0);
  });

  test('at the turn of a month, what finished before midnight belongs to the old one', () => {
    const history = monthFirstMinute(Date.UTC(2025, 10, 9) / 1000);
    const at = (seconds: number) => Date.UTC(2025, 10, 1) / 1000 + seconds;
    expect(truthAt(history, at(0)).thisMonth().deployments).toEqual([]);
    expect(truthAt(history, at(20)).thisMonth().deployments).toEqual([{ labels: production, value: 1 }]);
    expect(truthAt(history, at(60)).thisMonth().deployments).toEqual([{ labels: production, value: 3 }]);
    expect(truthAt(history, at(60)).rolling('1h').deployments).toEqual([{ labels: production, value: 4 }]);
  });
});

describe('error budget', () => {
  const month = (failures: number, successes: number) =>
    factsAt(
      {
        seed: 0,
        end,
        deployments: Array.from({ length: failures + successes }, (_, i) =>
          deployment({
            id: String(i),
            started: end - 9000 + i,
            reported: i < failures ? 'failure' : 'success',
          }),
        ),
      },
      end,
    );

  test('at least one failure a month is allowed', () => {
    expect(budget(month(0, 20), 'production', end, 0.99)).toEqual({
      deployments: 20,
      allowed: 1,
      spent: 0,
      left: 1,
    });
  });

  test('with many deployments the objective decides, and more than all may be spent', () => {
    const found = budget(month(3, 197), 'production', end, 0.99);
    expect(found.allowed).toBeCloseTo(2, 9);
    expect(found.left).toBeCloseTo(-1, 9);
  });

  test('no deployments, nothing spent', () => {
    expect(budget(month(3, 3), 'staging', end, 0.99)).toMatchObject({ deployments: 0, allowed: 1, left: 1 });
  });
});
