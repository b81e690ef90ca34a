import { binary, metric, quantile, type RuleGroup, record, sum } from '../../metrics/index.ts';
import { seldom } from '../../pipeline/index.ts';
import { inWindow, today } from '../windows/window.ts';
import { flakyRules } from './flaky.ts';

const byStage = ['environment', 'service', 'stage'] as const;
const durations = metric('deployment_stage:duration_seconds:last');

/** Upper bounds of the buckets of stage durations, seconds. */
export const durationBuckets = ['5', '10', '30', '60', '120', '300', '600', '+Inf'] as const;

/** 1 for each of today's durations that is in the bucket, else 0: one that is empty has to be there as well. */
const within = (le: (typeof durationBuckets)[number]) =>
  le === '+Inf'
    ? binary(today(durations), '>=', 0, { bool: true })
    : binary(today(durations), '<=', Number(le), { bool: true });

/** How long stages take, their usual duration and today's durations by bucket; and which fail by chance. */
export const stageHistoryGroups: readonly RuleGroup[] = [
  {
    name: 'deployment-stage-history',
    interval: seldom.interval,
    rules: [
      record(
        'environment_stage:duration_seconds:p50',
        quantile(0.5, inWindow(durations, '30d'), { by: byStage }),
        { window: '30d' },
      ),
      record('environment_stage:duration_seconds:sum', sum(inWindow(durations, '30d'), { by: byStage }), {
        window: '30d',
      }),
    ],
    source: import.meta.url,
  },
  // Twice while the facts of a deployment are written: each time, those of thirty days are searched.
  {
    name: 'deployment-flaky',
    interval: 60,
    rules: flakyRules,
    source: import.meta.url,
  },
  {
    name: 'deployment-stage-durations-today',
    interval: 120,
    rules: durationBuckets.map((le) =>
      record('environment_stage:durations_today:count', sum(within(le), { by: byStage }), { le }),
    ),
    source: import.meta.url,
  },
];
