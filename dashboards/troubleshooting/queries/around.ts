import {
  and,
  binary,
  clampMin,
  constant,
  firstOf,
  group,
  type LabelName,
  lastOverTime,
  type Matchers,
  type MetricName,
  max,
  metric,
  now,
  numberOf,
  or,
  outcomes,
  scalar,
  target,
  times,
  unless,
  type Vector,
  variableOrNone,
  without,
} from '../../../src/metrics/index.ts';
import { chosen, type Deployment, deployment } from './deployment.ts';

/** Other events around one deployment. */

/** Text of an alert's bar, the worst last. */
export const severityCodes = { info: 1, medium: 2, high: 3, critical: 4 } as const;
const byAlert = ['alertname', 'service', 'stage'] as const;
/** Alerts of this environment or of none that fire, with the code of the severity at each step. */
export const alerts = (): Vector<(typeof byAlert)[number]> => {
  const codes = Object.entries(severityCodes) as [keyof typeof severityCodes, number][];
  const [first, ...rest] = codes.map(([severity, code]) =>
    constant(
      code,
      metric('ALERTS', { alertstate: 'firing', severity, environment: variableOrNone('environment') }),
      { by: byAlert },
    ),
  );
  return rest.reduce((all, one) => or(all, one), first as Vector<(typeof byAlert)[number]>);
};

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
const nearFact = <M extends MetricName>(name: M, which: Matchers<M> = {}): Vector<LabelName<M>> =>
  lastOverTime(metric(name, which), '6h', { at: '${started_at}', offset: '-5h' });

const by = { on: deployment } as const;
const running = nearFact('deployment:running_since_timestamp_seconds:min');
const finishes = nearFact('deployment:finished_timestamp_seconds:max');
const startsOf = (which: typeof chosen | Record<string, never>): Vector<Deployment> =>
  firstOf<Deployment>(
    deployment,
    nearFact('deployment:started_timestamp_seconds:min', which),
    nearFact('deployment:running_since_timestamp_seconds:min', which),
  );
const starts = startsOf({});
const thisOne = numberOf('started_at');
/** When they started. What is looked up in thirty days makes everything beside it slow: the chosen one is near itself. */
const neighbours = (): Vector<Deployment> =>
  unless(
    binary(binary(starts, '>=', scalar(thisOne, '-', hour)), '<=', scalar(thisOne, '+', hour)),
    startsOf(chosen),
    by,
  );

const touched = group(nearFact('deployment_stage:started_timestamp_seconds:min'), {
  by: [...deployment, 'service'],
});
/** One series for each service that a neighbour touches; one without, if it touches none yet. */
const parts = firstOf<Deployment | 'service'>(deployment, touched, group(starts, { by: deployment }));
const found = (v: Vector<Deployment>): Vector<Deployment | 'service'> =>
  binary(parts, '*', v, { on: deployment, groupLeft: [] });
/** The same of what is known of all deployments. */
const foundOf = (v: Vector<Deployment>): Vector<Deployment | 'service'> => found(and(v, neighbours(), by));
/** Deployments that started within an hour of this one, of every environment. Times are milliseconds. */
export const nearby = {
  started: () => times(1000, found(neighbours())),
  outcome: () =>
    foundOf(
      firstOf(
        deployment,
        nearFact('deployment:outcome:code'),
        constant(outcomes.running, running, { by: deployment }),
      ),
    ),
  /** The time span of each: a minute before its start, */
  from: () => times(1000, found(binary(neighbours(), '-', 60))),
  /** and a quarter of an hour after its finish; now, while it runs. */
  to: () =>
    times(
      1000,
      foundOf(
        firstOf(
          deployment,
          binary(finishes, '+', target('observedSeconds')),
          clampMin(binary(running, '+', target('observedSeconds')), now),
        ),
      ),
    ),
} as const;
