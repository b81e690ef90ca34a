import { describe, expect, test } from 'vitest';
import {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from '../../src/simulator/builders.ts';
import type { Deployment, ReportedOutcome, ReportedReason } from '../../src/simulator/types.ts';
import { counts, factsOf } from './facts.ts';
import { known } from './known.ts';

const start = 1_760_000_000;
const later = start + 3600;
const facts = (d: Deployment, t = later) => factsOf(d, t)!;
const ended = (overrides: Partial<Deployment>) => deployment({ started: start, ...overrides });

describe('outcome', () => {
  test.each<[ReportedOutcome]>([['success'], ['failure'], ['rolled_back'], ['cancelled']])(
    'is what the run said (%s), if nothing contradicts',
    (reported) => expect(facts(ended({ reported })).outcome).toBe(reported),
  );

  test('a failed stage outweighs what the run said', () => {
    const d = ended({ reported: 'success', stages: [failedStage('api', 'build', start + 1, start + 2)] });
    expect(facts(d).outcome).toBe('failure');
  });

  test('so does a failed migration, because it is a stage', () => {
    expect(facts(ended({ migrations: [migration(start + 1, start + 2, false)] })).outcome).toBe('failure');
  });

  test('a failed smoke test alone does not: the run may go on', () => {
    expect(facts(ended({ smokeTests: [smokeTest('web', start + 1, false)] })).outcome).toBe('success');
  });

  test('a stage that succeeded at the second try does not count as failed', () => {
    const stages = [
      failedStage('api', 'build', start + 1, start + 20),
      stage('api', 'build', start + 30, start + 50),
    ];
    expect(facts(ended({ stages })).outcome).toBe('success');
    expect(facts(ended({ stages })).stages).toEqual([
      { service: 'api', stage: 'build', status: 'success', duration: 20, errorType: 'none' },
    ]);
  });

  test('a successful rollback outweighs a failed stage', () => {
    const d = ended({
      reported: 'failure',
      stages: [failedStage('api', 'health_check', start + 1, start + 2)],
      rollbacks: [rollback(start + 3, start + 9)],
    });
    expect(facts(d).outcome).toBe('rolled_back');
  });

  test('one failed rollback among two makes it a failure', () => {
    const rollbacks = [
      rollback(start + 3, start + 9),
      rollback(start + 3, start + 9, { service: 'web', ok: false }),
    ];
    expect(facts(ended({ rollbacks })).outcome).toBe('failure');
  });

  test('a rollback that works at the second try makes it rolled back', () => {
    const rollbacks = [rollback(start + 3, start + 9, { ok: false }), rollback(start + 20, start + 29)];
    expect(facts(ended({ rollbacks })).outcome).toBe('rolled_back');
    expect(facts(ended({ rollbacks, finished: start + 10 }), start + 15).outcome).toBe('failure');
  });

  test('changes when a rollback comes later', () => {
    const d = ended({ rollbacks: [rollback(start + 2000, start + 2050)] });
    expect(facts(d, start + 2049).outcome).toBe('success');
    expect(facts(d, start + 2050).outcome).toBe('rolled_back');
    expect(facts(d, start + 2050).finished).toBe(start + 290);
  });
});

describe('the end', () => {
  test('nothing is known before the start', () => {
    expect(factsOf(ended({}), start - 1)).toBeUndefined();
  });

  test('it runs until it finishes, and what is yet to come is not known', () => {
    const d = ended({ reported: 'failure', stages: [failedStage('api', 'build', start + 5, start + 100)] });
    expect(facts(d, start + 99)).toMatchObject({ outcome: 'running', stages: [{ status: 'running' }] });
    expect(facts(d, start + 99)).not.toHaveProperty('finished');
    expect(facts(d, start + 289).outcome).toBe('running');
    expect(facts(d, start + 290)).toMatchObject({ outcome: 'failure', finished: start + 290, duration: 300 });
  });

  test('two hours after its last word it is given up, and that is its finish', () => {
    const d = unfinished({ started: start, stages: [stage('api', 'build', start + 10, start + 100)] });
    expect(facts(d, start + 100 + 7199).outcome).toBe('running');
    expect(facts(d, start + 100 + 7200)).toMatchObject({
      outcome: 'abandoned',
      finished: start + 7300,
      duration: 7310,
      budgetSpent: 1,
    });
  });

  test('given up after a failed stage it is a failure', () => {
    const d = unfinished({ started: start, stages: [failedStage('api', 'build', start + 10, start + 100)] });
    expect(facts(d, start + 8000).outcome).toBe('failure');
  });

  test('times are as the runner’s clock had them, and silence is not', () => {
    expect(facts(ended({ clockOffset: 30 }))).toMatchObject({
      triggered: start + 20,
      started: start + 30,
      finished: start + 320,
      duration: 300,
    });
    expect(facts(unfinished({ started: start, clockOffset: 30 }), start + 7200).finished).toBe(start + 7200);
  });

  test('a clock that goes wrong between push and finish gives no negative duration', () => {
    expect(facts(ended({ triggered: start + 500 })).duration).toBe(0);
  });

  test('from any producer, a deployment counts once it ended and was not called off', () => {
    expect(counts(facts(ended({})))).toBe(true);
    expect(counts(facts(ended({}), start + 1))).toBe(false);
    expect(counts(facts(ended({ reported: 'cancelled' })))).toBe(false);
  });
});

describe('budget', () => {
  const rolledBackFor = (reason: ReportedReason) =>
    ended({ rollbacks: [rollback(start + 3, start + 9, { reason })] });
  test.each<[string, Deployment, number]>([
    ['success', ended({}), 0],
    ['success with a failed smoke test', ended({ smokeTests: [smokeTest('web', start + 1, false)] }), 1],
    ['failure', ended({ reported: 'failure' }), 1],
    ['cancelled', ended({ reported: 'cancelled' }), 0],
    [
      'cancelled with a failed smoke test',
      ended({ reported: 'cancelled', smokeTests: [smokeTest('web', start, false)] }),
      0,
    ],
    ['rolled back because of health', rolledBackFor('health_check_failed'), 0.5],
    ['rolled back because of a test', rolledBackFor('test_failed'), 1],
    ['rolled back because of errors', rolledBackFor('error_rate'), 1],
    ['rolled back by hand', rolledBackFor('manual'), 1],
    ['rolled back, reason unknown', ended({ reported: 'rolled_back' }), 1],
  ])('%s spends', (_, d, spent) => {
    expect(facts(d).budgetSpent).toBe(spent);
  });
});

describe('details', () => {
  test('counts checks and names what failed', () => {
    const d = ended({
      reported: 'failure',
      stages: [
        stage('api', 'build', start + 30, start + 40.5),
        failedStage('api', 'health_check', start + 41, start + 60, {}),
        failedStage('api', 'push', start + 60, start + 61, {}),
        stage('web', 'build', start + 61, start + 62, { status: 'skipped' }),
        { service: 'web', stage: 'deploy_vercel', started: start + 70 },
      ],
      migrations: [migration(start + 1, start + 21)],
      health: health(start + 41, 'xx.'),
      smokeTests: [smokeTest('a', start + 80), smokeTest('b', start + 83, false)],
      costs: [{ resource: 'vercel_build', time: start + 90, usd: 0.02 }],
    });
    const f = facts(d);
    expect(
      f.stages.map(({ service, stage: name, status, errorType }) => [service, name, status, errorType]),
    ).toEqual([
      ['database', 'migration', 'success', 'none'],
      ['api', 'build', 'success', 'none'],
      ['api', 'health_check', 'failure', 'health_check_failed'],
      ['api', 'push', 'failure', 'command_failed'],
      ['web', 'build', 'skipped', 'none'],
      ['web', 'deploy_vercel', 'running', 'none'],
    ]);
    expect(f.health).toEqual({ passed: 1, made: 3 });
    expect(f.smokeTests.map(({ name, ok }) => [name, ok])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(f.migrations).toEqual([{ ok: true, duration: 20 }]);
    expect(f.costs).toEqual({ vercel_build: 0.02 });
    expect(f.errorRates).toEqual({ api: 2 / 3 });
  });

  test('an error rate is as measured, else the share of checks that failed in the first five minutes', () => {
    const checks = [...health(start, 'x...'), { ...health(start + 301, 'x')[0]!, attempt: 5 }];
    expect(facts(ended({ health: checks })).errorRates).toEqual({ api: 0.25 });
    const errorRates = [{ service: 'api' as const, time: start + 400, value: 0.01 }];
    expect(facts(ended({ health: checks, errorRates })).errorRates).toEqual({ api: 0.01 });
  });

  test('the last word is the last thing that was said by then', () => {
    const d = ended({ costs: [{ resource: 'vercel_build', time: start + 900, usd: 1 }] });
    expect(known(d, start + 100)?.lastWord).toBe(start);
    expect(known(d, start + 300)?.lastWord).toBe(start + 290);
    expect(known(d, start + 900)?.lastWord).toBe(start + 900);
  });
});
