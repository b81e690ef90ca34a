import { binary, max, maxOverTime, metric, sum, type Vector, variable } from '../../src/metrics/index.ts';

/** Expressions of the dashboard by name; tests share them. */

const month = { environment: variable('environment'), window: '30d' } as const;
const days = 30;

/** Deployments a day that reached users. */
export const frequency = (): Vector<'environment'> =>
  max(binary(metric('environment:production_deployments:count', month), '/', days), { by: ['environment'] });
/** Median seconds from the commit to the finish of what succeeded. */
export const leadTime = (): Vector<'environment'> =>
  max(metric('environment:lead_time_seconds:p50', month), { by: ['environment'] });
/** Share of the deployments that reached users and failed, were abandoned or rolled back. */
export const changeFailureRate = (): Vector<'environment'> =>
  max(metric('environment:change_failure:ratio', month), { by: ['environment'] });
/** Median seconds from a bad deployment to its rollback, or else to the next success. */
export const timeToRestore = (): Vector<'environment'> =>
  max(metric('environment:time_to_restore_seconds:p50', month), { by: ['environment'] });

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
  max(metric(`environment_stage:duration_seconds:${level}`, { ...chosen, window: '30d' }), { by: byStage });
const average = (window: '7d' | '30d') =>
  max(metric('environment_stage:duration_seconds:avg', { ...chosen, window }), { by: byStage });
/** How much longer a stage took in the last seven days than in the last thirty, on average: 0.1 is 10 % more. */
export const slowdown = () => binary(binary(average('7d'), '/', average('30d')), '-', 1);

/** Stages of each UTC day by how long they took, at the day's start; asked with a step of a day. */
export const durationsPerDay = (): Vector<'le'> =>
  sum(maxOverTime(metric('environment_stage:durations_today:count', chosen), '1d', { offset: '-1d' }), {
    by: ['le'],
  });
