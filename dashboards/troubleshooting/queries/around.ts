import {
  ago,
  and,
  binary,
  clampMin,
  constant,
  firstOf,
  group,
  type LabelName,
  labelled,
  lastOverTime,
  type Matchers,
  type MetricName,
  max,
  metric,
  numberOf,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  scalar,
  target,
  times,
  unless,
  type Vector,
  variableOrNone,
  without,
  withValue,
  withVariable,
} from '../../../src/metrics/index.ts';

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

const running = nearFact('deployment:running_since_timestamp_seconds:min');
const finishes = nearFact('deployment:finished_timestamp_seconds:max');
const starts: Vector<PerDeployment> = or(
  nearFact('deployment:started_timestamp_seconds:min'),
  nearFact('deployment:running_since_timestamp_seconds:min'),
);
/** How long a deployment is looked at after its finish, seconds. */
const observed = target('observedSeconds');
const thisOne = numberOf('started_at');
const itself: Vector<PerDeployment> = withVariable(
  labelled('environment', 'environment'),
  'deployment_id',
  'deployment',
);
/** When they started. */
const neighbours: Vector<PerDeployment> = unless(
  binary(binary(starts, '>=', scalar(thisOne, '-', hour)), '<=', scalar(thisOne, '+', hour)),
  itself,
);

const touched = group(nearFact('deployment_stage:started_timestamp_seconds:min'), {
  by: [...perDeployment, 'service'],
});
/** One series for each service that a neighbour touches; one without, if it touches none yet. */
const parts = firstOf<PerDeployment | 'service'>(
  perDeployment,
  touched,
  group(starts, { by: perDeployment }),
);
const found = (v: Vector<PerDeployment>): Vector<PerDeployment | 'service'> =>
  binary(parts, '*', v, { on: perDeployment, groupLeft: [] });
/** The same of what is known of all deployments. */
const foundOf = (v: Vector<PerDeployment>): Vector<PerDeployment | 'service'> => found(and(v, neighbours));
/** Deployments that started within an hour of this one, of every environment. Times are milliseconds. */
export const nearby = {
  started: () => times(1000, found(neighbours)),
  outcome: () => foundOf(or(nearFact('deployment:outcome:code'), withValue(outcomes.running, running))),
  /** Until when it is looked at: a quarter of an hour after its finish; now, while it runs. */
  to: () => times(1000, foundOf(binary(or(finishes, clampMin(running, ago(observed))), '+', observed))),
} as const;
