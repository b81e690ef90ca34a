import type { LabelName, MetricName } from '../../../metrics/catalogue.ts';
import { outcomes } from '../../../metrics/codes.ts';
import {
  and,
  binary,
  clampMin,
  constant,
  firstOf,
  group,
  lastOverTime,
  max,
  metric,
  now,
  or,
  times,
  unless,
  type Vector,
  variableOrNone,
  without,
} from '../../../metrics/expression.ts';
import { abs, numberOf } from '../../../metrics/functions.ts';
import { thresholds } from '../../thresholds.ts';
import { type Deployment, deployment, started } from './deployment.ts';

/** What else happened around one deployment. */

/** Alerts that fire, of any environment; 1 at each step. */
export const alerts = () =>
  max(metric('ALERTS', { alertstate: 'firing' }), {
    by: ['alertname', 'severity', 'environment', 'service', 'stage'],
  });

/** Those to mark in graphs: of this environment or of none, and not about an SLO, which stay until the month is over. */
export const alertsToMark = () =>
  max(metric('ALERTS', { alertstate: 'firing', environment: variableOrNone('environment'), slo: without }), {
    by: ['alertname', 'severity', 'environment'],
  });

const hour = 3_600;
/**
 * A fact of every deployment near the chosen one, wherever the time span lies: what was recorded from an hour before
 * it to five hours after it, when what came of its neighbours is known.
 */
const nearFact = <M extends MetricName>(name: M): Vector<LabelName<M>> =>
  lastOverTime(metric(name), '6h', { at: '${started_at}', offset: '-5h' });

const by = { on: deployment } as const;
const running = nearFact('deployment:running_since_timestamp_seconds:min');
const finishes = nearFact('deployment:finished_timestamp_seconds:max');
const starts = firstOf<Deployment>(deployment, nearFact('deployment:started_timestamp_seconds:min'), running);
const neighbours = (): Vector<Deployment> =>
  unless(and(starts, binary(abs(binary(starts, '-', numberOf('started_at'))), '<=', hour)), started(), by);

const touched = group(nearFact('deployment_stage:started_timestamp_seconds:min'), {
  by: [...deployment, 'service'],
});
/** One series for each service that a neighbour touches. */
const found = (v: Vector<Deployment>): Vector<Deployment | 'service'> => {
  const near = and(v, neighbours(), by);
  return max(or(binary(touched, '*', near, { on: deployment, groupLeft: [] }), near, by), {
    by: [...deployment, 'service'],
  });
};
/** Deployments that started within an hour of this one, of every environment. Times are milliseconds. */
export const nearby = {
  started: () => times(1000, found(starts)),
  outcome: () =>
    found(
      firstOf(
        deployment,
        nearFact('deployment:outcome:code'),
        constant(outcomes.running, running, { by: deployment }),
      ),
    ),
  /** The time span of each: a minute before its start, */
  from: () => times(1000, found(binary(starts, '-', 60))),
  /** and a quarter of an hour after its finish; now, while it runs. */
  to: () =>
    times(
      1000,
      found(
        firstOf(
          deployment,
          binary(finishes, '+', thresholds.observedAfterFinish),
          clampMin(binary(running, '+', thresholds.observedAfterFinish), now),
        ),
      ),
    ),
} as const;
