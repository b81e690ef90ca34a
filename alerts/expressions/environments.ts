import {
  absent,
  and,
  binary,
  dayOfWeek,
  hour,
  max,
  metric,
  now,
  or,
  sum,
  target,
  times,
  type Vector,
  vector,
} from '../../src/metrics/index.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { since } from './common.ts';

type Environment = 'environment';
const environment = { on: ['environment'] } as const;
const by = { by: ['environment'] } as const;

/** Success rate of an hour, when it is too low and more than one deployment failed. */
export const successRateLow = (): Vector<Environment> =>
  and(
    max(
      binary(
        metric('environment:deployment_success:ratio', { window: '1h' }),
        '<',
        target('deployments.good'),
      ),
      by,
    ),
    binary(
      metric('environment_slo:bad_deployments:count', { slo: 'deployment-reliability', window: '1h' }),
      '>=',
      target('deployments.failures'),
    ),
    environment,
  );

/** Rollbacks of seven days, when there are too many. */
export const rollbacksIncreasing = (): Vector<Environment> =>
  binary(sum(metric('environment:rollbacks:count', { window: '7d' }), by), '>', target('rollbacks.perWeek'));

/** p95 of time to deploy over a day, when it is too long and more than one deployment was that slow. */
export const timeToDeployHigh = (): Vector<Environment> =>
  and(
    max(
      binary(
        metric('environment:time_to_deploy_seconds:quantile', { window: '1d', quantile: '0.95' }),
        '>',
        target('timeToDeploy.seconds'),
      ),
      by,
    ),
    binary(
      metric('environment_slo:bad_deployments:count', { slo: 'time-to-deploy', window: '1d' }),
      '>=',
      target('timeToDeploy.slowDeployments'),
    ),
    environment,
  );

/** Deployments of thirty days, and those of a usual working day among them. */
const ofThirtyDays = max(metric('environment:deployments:count', { window: '30d' }), by);
const usualOf = ({ frequency }: Targets): Vector<Environment> =>
  binary(ofThirtyDays, '/', Number(((30 * frequency.workingDaysPerWeek) / 7).toFixed(2)));
/** Deployments of the last day: none are no series. */
const lastDay = max(metric('environment:deployments:count', { window: '1d' }), by);
const lastDayOrNone = or(lastDay, times(0, ofThirtyDays));
/** True on working days from the afternoon on, when the day can be judged. */
const judged = and(
  binary(binary(dayOfWeek(vector(now)), '>', 0), '<', 6),
  binary(hour(vector(now)), '>=', target('frequency.fromHour')),
);

/** Deployments of the last day, when that is far from what a working day usually sees. */
export const frequencyAnomalous = (targets: Targets): Vector<Environment> => {
  const { few, many, difference } = targets.frequency;
  const usual = usualOf(targets);
  const tooMany = and(
    binary(lastDay, '>', times(many, usual)),
    binary(binary(lastDay, '-', usual), '>=', difference),
  );
  const tooFew = and(
    binary(lastDayOrNone, '<', times(few, usual)),
    binary(binary(usual, '-', lastDayOrNone), '>=', difference),
  );
  const known = binary(ofThirtyDays, '>=', target('usualFrom'));
  return and(and(or(tooMany, tooFew), known, environment), judged, { on: [] });
};

/**
 * Seconds since a deployment finished, when that is longer than a long weekend and than the usual gap allows, or
 * longer than any environment should go without. What is usual is known from before the gap.
 */
export const noDeployment = ({ noDeployment: limits }: Targets): Vector<Environment> => {
  const { seconds, usualGaps, mostSeconds } = limits;
  const gap = since(metric('environment:last_finished_timestamp_seconds:max'));
  // N deployments in thirty days: a gap is 30 d / N, so that gap > k · 30 d / N is gap · N > k · 30 d.
  const usual = max(metric('environment:usual_deployments:count'), by);
  const unusual = binary(binary(gap, '*', usual, environment), '>', usualGaps * 30 * 86_400);
  return or(and(binary(gap, '>', seconds), unusual, environment), binary(gap, '>', mostSeconds));
};

/** 1 when no deployment of any environment is known to have finished, ever or for as long as anything is known. */
export const nothingRecorded = (): Vector<never> =>
  absent(metric('environment:last_finished_timestamp_seconds:max')) as Vector<never>;
