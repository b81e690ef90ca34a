import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { busyness } from '../../src/simulator/arrivals.ts';
import { simulate } from '../../src/simulator/history.ts';
import { type Scenario, scenarios } from '../../src/simulator/scenarios.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { factsOf } from '../oracle/facts.ts';
import { moments } from '../oracle/known.ts';

const end = Date.UTC(2025, 9, 15, 12, 0, 0) / 1000;
const month = simulate({ seed: 1, end, days: 30, perDay: 100 });
const only = (scenario: Scenario, perDay = 20): readonly Deployment[] =>
  simulate({ seed: 2, end, days: 3, perDay, mix: { [scenario]: 1 } }).deployments;
const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('a simulated history', () => {
  test('is the same for the same seed, in any time zone', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Pacific/Auckland';
      expect(digest(simulate({ seed: 1, end, days: 30, perDay: 100 }))).toBe(digest(month));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    expect(digest(simulate({ seed: 2, end, days: 30, perDay: 100 }))).not.toBe(digest(month));
  });

  test('has about as many deployments as asked for, in both environments', () => {
    const weeks = simulate({ seed: 4, end, days: 28, perDay: 100 }).deployments;
    expect(weeks.length / 2800).toBeCloseTo(1, 1);
    const staging = month.deployments.filter(({ environment }) => environment === 'staging').length;
    expect(staging / month.deployments.length).toBeCloseTo(1 / 3, 1);
  });

  test('has every kind of story, re-runs and runs that overlap', () => {
    expect(new Set(month.deployments.map(({ scenario }) => scenario))).toEqual(new Set(scenarios));
    expect(month.deployments.some(({ id, runAttempt }) => runAttempt === 2 && id.endsWith('-2'))).toBe(true);
    const few = simulate({ seed: 1, end, days: 30, perDay: 10, environments: ['production'] }).deployments;
    expect(few.some((d, i) => (few[i - 1]?.finished ?? 0) > d.started)).toBe(true);
  });

  test('has all outcomes, and mostly good ones', () => {
    const outcomes = month.deployments.map((d) => factsOf(d, end)?.outcome);
    expect(new Set(outcomes.filter((outcome) => outcome !== undefined))).toEqual(
      new Set(['running', 'success', 'failure', 'rolled_back', 'abandoned', 'cancelled']),
    );
    const good = outcomes.filter((outcome) => outcome === 'success').length / outcomes.length;
    expect(good).toBeGreaterThan(0.8);
    expect(good).toBeLessThan(0.95);
  });

  test('takes minutes: half of the successes under ten', () => {
    const seconds = month.deployments
      .filter(({ scenario }) => scenario === 'success')
      .map((d) => d.finished! - d.triggered)
      .sort((a, b) => a - b);
    expect(seconds[0]).toBeGreaterThan(180);
    expect(seconds[Math.floor(seconds.length / 2)]).toBeGreaterThan(300);
    expect(seconds[Math.floor(seconds.length / 2)]).toBeLessThan(600);
  });

  test('gives no id twice, and an order by start', () => {
    expect(new Set(month.deployments.map(({ id }) => id)).size).toBe(month.deployments.length);
    const starts = month.deployments.map(({ started }) => started);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  test('names a previous deployment of the same environment that was live', () => {
    const byId = new Map(month.deployments.map((d) => [d.id, d]));
    const withPrevious = month.deployments.filter(({ previousId }) => previousId !== undefined);
    expect(withPrevious.length / month.deployments.length).toBeGreaterThan(0.99);
    for (const d of withPrevious) {
      const before = byId.get(d.previousId!)!;
      expect(before.environment).toBe(d.environment);
      expect(before.reported).toBe('success');
      expect(before.finished).toBeLessThanOrEqual(d.started);
    }
  });

  test('knows times to the millisecond, and nothing happens before it starts or ends before it began', () => {
    for (const d of month.deployments) {
      expect(d.triggered).toBeLessThan(d.started);
      for (const time of moments(d)) expect(time).toBeGreaterThanOrEqual(d.started);
      for (const { started, finished } of [d, ...d.stages, ...d.migrations, ...d.rollbacks, ...d.smokeTests])
        if (finished !== undefined) expect(finished).toBeGreaterThanOrEqual(started);
      const ends = [d.triggered, d.started, d.finished ?? 0, ...d.stages.map(({ started }) => started)];
      for (const time of ends) expect(Math.abs(time * 1000 - Math.round(time * 1000))).toBeLessThan(1e-3);
    }
  });

  test('follows office hours', () => {
    const wednesday = Date.UTC(2025, 9, 15) / 1000;
    const sunday = Date.UTC(2025, 9, 12) / 1000;
    expect(busyness(wednesday + 10 * 3600)).toBeGreaterThan(10 * busyness(wednesday + 3 * 3600));
    expect(busyness(wednesday + 10 * 3600)).toBeGreaterThan(4 * busyness(sunday + 10 * 3600));
  });

  test('has nothing in it without pushes', () => {
    expect(simulate({ seed: 1, end, days: 30, perDay: 0 }).deployments).toEqual([]);
  });
});

describe('stories', () => {
  // How each kind of story ends, long after its end.
  const endings: Record<Scenario, string> = {
    success: 'success',
    slow: 'success',
    parallel_jobs: 'success',
    retried_stage: 'success',
    flaky_smoke_test: 'success',
    build_failure: 'failure',
    deploy_failure: 'failure',
    web_failure: 'failure',
    migration_failure: 'failure',
    health_failure: 'failure',
    smoke_failure: 'failure',
    run_failure: 'failure',
    lost_stage: 'failure',
    health_rollback: 'rolled_back',
    smoke_rollback: 'rolled_back',
    error_rate_rollback: 'rolled_back',
    manual_rollback: 'rolled_back',
    late_rollback: 'rolled_back',
    late_bill: 'success',
    failed_rollback: 'failure',
    retried_rollback: 'rolled_back',
    cancelled: 'cancelled',
    abandoned: 'abandoned',
  };

  test.each(Object.entries(endings) as [Scenario, string][])('%s ends as %s', (scenario, outcome) => {
    const deployments = only(scenario);
    expect(deployments.length).toBeGreaterThan(20);
    for (const d of deployments) expect(factsOf(d, end + 86_400)?.outcome).toBe(outcome);
  });

  test('a late rollback comes when the gateway has forgotten the deployment', () => {
    for (const d of only('late_rollback'))
      expect(d.rollbacks[0]!.started - d.finished!).toBeGreaterThan(7200);
    for (const d of only('manual_rollback')) expect(d.rollbacks[0]!.started - d.finished!).toBeLessThan(7200);
  });

  test('parallel jobs overlap', () => {
    for (const { stages } of only('parallel_jobs')) {
      const web = stages.find(({ service }) => service === 'web')!;
      const api = stages.find(({ service }) => service === 'api')!;
      expect(web.started).toBe(api.started);
    }
  });

  test('a flaky smoke test costs budget and no more', () => {
    const [d] = only('flaky_smoke_test');
    expect(factsOf(d!, end)).toMatchObject({ outcome: 'success', budgetSpent: 1 });
  });

  test('rollbacks come for every reason', () => {
    const reasons = month.deployments.flatMap(({ rollbacks }) => rollbacks.map(({ reason }) => reason));
    expect(new Set(reasons)).toEqual(new Set(['health_check_failed', 'test_failed', 'error_rate', 'manual']));
  });
});
