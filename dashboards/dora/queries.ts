import {
  binary,
  clampMax,
  clampMin,
  labelReplace,
  lastOverTime,
  less,
  type MetricName,
  max,
  maxOverTime,
  metric,
  now,
  or,
  type Selector,
  setLabel,
  sum,
  times,
  topk,
  type Vector,
  variable,
} from '../../src/metrics/index.ts';
import { seldom } from '../../src/pipeline/index.ts';

/** Expressions of the dashboard by name; tests share them. */

const month = { environment: variable('environment'), window: '30d' } as const;
/** As it was evaluated last: the rules of thirty days are evaluated more seldom than Prometheus looks back. */
const evaluated = <M extends MetricName>(series: Selector<M>) => lastOverTime(series, seldom.range);
/** Days since the first deployment, one at least and thirty at most. */
const days = clampMax(
  clampMin(
    times(
      1 / 86_400,
      less(
        now,
        evaluated(
          metric('environment:first_finished_timestamp_seconds:min', { environment: month.environment }),
        ),
      ),
    ),
    1,
  ),
  30,
);

/** Deployments a day that reached users. */
export const frequency = (): Vector<'environment'> =>
  binary(
    max(evaluated(metric('environment:production_deployments:count', month)), { by: ['environment'] }),
    '/',
    max(days, { by: ['environment'] }),
  );
/** Median seconds from the commit to the finish of what succeeded. */
export const leadTime = (): Vector<'environment'> =>
  max(evaluated(metric('environment:lead_time_seconds:p50', month)), { by: ['environment'] });
/** Share of the deployments that reached users and needed immediate intervention. */
export const changeFailRate = (): Vector<'environment'> =>
  max(evaluated(metric('environment:change_failure:ratio', month)), { by: ['environment'] });
/** Share of the deployments that reached users and say that they fix another one. */
export const reworkRate = (): Vector<'environment'> =>
  max(evaluated(metric('environment:rework:ratio', month)), { by: ['environment'] });
/** Median seconds from a failed change to its rollback, or else to the end of what fixed it. */
export const recoveryTime = (): Vector<'environment'> =>
  max(evaluated(metric('environment:time_to_restore_seconds:p50', month)), { by: ['environment'] });

const lately = <M extends MetricName>(fact: Selector<M>) =>
  lastOverTime(fact, '30d') as Vector<'environment' | 'deployment_id'>;
const as = (what: string, v: Vector<'environment' | 'deployment_id'>) =>
  setLabel(times(1000, v), 'counted_as', what);
const here = { environment: month.environment } as const;
/** Which deployments the last two count, and when it was taken back, fixed or finished, milliseconds; 0 while it is not fixed. */
export const countedAs = (): Vector<'environment' | 'deployment_id' | 'counted_as'> => {
  const rollback = lately(metric('deployment:rollback_finished_timestamp_seconds:max', here));
  const fixed = lately(metric('deployment:fixed_timestamp_seconds:max', here));
  const rework = lately(metric('deployment:rework_finished_timestamp_seconds:max', here));
  return or(
    or(
      as('failed change: rolled back', binary(rollback, '>', 0)),
      as('failed change: fixed by another one', fixed),
    ),
    as('rework', rework),
  );
};

const chosen = {
  environment: variable('environment'),
  service: variable('service'),
  stage: variable('stage'),
} as const;
const byStage = ['environment', 'service', 'stage'] as const;

/** Average duration of each stage on the day before each point. */
export const ofTheDay = () =>
  max(metric('environment_stage:duration_seconds:avg', { ...chosen, window: '1d' }), { by: byStage });
/** Median and 95th percentile of each stage in the thirty days before each point. */
export const usual = (level: 'p50' | 'p95') =>
  max(evaluated(metric(`environment_stage:duration_seconds:${level}`, { ...chosen, window: '30d' })), {
    by: byStage,
  });
const average = (window: '7d' | '30d') =>
  max(metric('environment_stage:duration_seconds:avg', { ...chosen, window }), { by: byStage });
/** How much longer a stage took in the last seven days than in the last thirty, on average: 0.1 is 10 % more. */
export const slowdown = () => binary(binary(average('7d'), '/', average('30d')), '-', 1);

/** Stages of each UTC day by how long they took, at the day's start; asked with a step of a day. */
export const durationsPerDay = (): Vector<'le'> =>
  sum(maxOverTime(metric('environment_stage:durations_today:count', chosen), '1d', { offset: '-1d' }), {
    by: ['le'],
  });

const perPart = ['environment', 'part'] as const;
const flakyFailures = max(metric('environment_part:flaky_failures:count', month), { by: perPart });
const counted = max(metric('environment:deployments:count', month), { by: ['environment'] });
/** Stages and smoke tests that failed by chance: in how many deployments, in which share of all, and for how long. */
export const flaky = {
  failures: () => flakyFailures,
  share: () => binary(flakyFailures, '/', counted, { on: ['environment'], groupLeft: [] }),
  lost: () => max(metric('environment_part:flaky_lost_seconds:sum', month), { by: perPart }),
} as const;

const named = (v: Vector<'environment' | 'runner'>) =>
  labelReplace(v, 'runner', 'until the first job', 'runner', '');
const waiting = (window: '1h' | '30d', q: '0.5' | '0.95') =>
  max(metric('environment_runner:queue_seconds:quantile', { ...month, window, quantile: q }), {
    by: ['environment', 'runner'],
  });
/** How long deployments waited for a runner, seconds. */
export const queued = (q: '0.5' | '0.95') => named(waiting('30d', q));
/** The same in the hour before each point, minutes, and the time to deploy of which it is a part. */
export const queuedLately = () => named(binary(waiting('1h', '0.5'), '/', 60));
export const timeToDeploy = (): Vector<'environment'> =>
  binary(
    max(metric('environment:time_to_deploy_seconds:quantile', { ...month, window: '1h', quantile: '0.5' }), {
      by: ['environment'],
    }),
    '/',
    60,
  );
/** Half of all the time that a stage took, seconds: of each environment the three largest. */
export const levers = () =>
  topk(
    3,
    times(0.5, max(evaluated(metric('environment_stage:duration_seconds:sum', month)), { by: byStage })),
    {
      by: ['environment'],
    },
  );
