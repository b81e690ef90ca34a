import { beforeAll, expect, it } from 'vitest';
import { ledger } from '../../src/ledger/facts.ts';
import { outcomes } from '../../src/metrics/codes.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import { deployment, failedStage, history, rollback } from '../../src/simulator/builders.ts';
import { inputSeriesOf } from '../../src/simulator/feed.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { type Answer, evaluate } from '../bench/promtool.ts';
import { pipeline } from '../relay.ts';

const end = 1_800;
const failed = [failedStage('web', 'deploy_vercel', 700, 800)];
const rolledBack = rollback(820, 880);
const rollbackFailed = rollback(830, 870, { service: 'web', ok: false });

/** Of what speaks for several outcomes, one decides. */
const cases: readonly (readonly [
  name: string,
  parts: Partial<Deployment>,
  outcome: keyof typeof outcomes,
])[] = [
  [
    'a rollback that failed beside one that succeeded',
    { rollbacks: [rolledBack, rollbackFailed] },
    'failure',
  ],
  ['the same in the other order', { rollbacks: [rollbackFailed, rolledBack] }, 'failure'],
  [
    'a rollback of what failed',
    { stages: failed, rollbacks: [rolledBack], reported: 'failure' },
    'rolled_back',
  ],
  ['a rollback of what was reported as a success', { rollbacks: [rolledBack] }, 'rolled_back'],
  ['a failed stage that was reported as a success', { stages: failed }, 'failure'],
  ['a failed stage of what was cancelled', { stages: failed, reported: 'cancelled' }, 'failure'],
  ['a cancelled run without a failed stage', { reported: 'cancelled' }, 'cancelled'],
];

let answers: Answer[];
beforeAll(async () => {
  const deployments = cases.map(([, parts], i) =>
    deployment({ id: String(100 + i), started: 600, finished: 900, ...parts }),
  );
  const times = { from: 0, to: end, interval: 60 };
  const series = await inputSeriesOf(history(end, deployments), times);
  const expr = 'last_over_time(deployment:outcome:code[30m])';
  answers = await evaluate(forPipeline([ledger(pipeline)], pipeline), series, times.interval, {
    expr,
    at: end,
  });
}, 120_000);

it.each(cases.map(([name, , outcome], i) => [name, outcome, String(100 + i)] as const))(
  '%s is a %s',
  (_, outcome, id) => {
    const own = answers.filter(({ labels }) => labels.deployment_id === id);
    expect(own.map(({ value }) => value)).toEqual([outcomes[outcome]]);
  },
);
