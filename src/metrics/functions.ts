import { binary, operation, or, Scalar, times, Vector, vector } from './expression.ts';
import { type Range, type RangeOptions, ranged } from './selectors.ts';

/** Functions of PromQL that few expressions need. */

const perSample =
  (name: string) =>
  <L extends string>(v: Vector<L>): Vector<L> =>
    new Vector(`${name}(${v.text})`);

/** Rounds down. */
export const floor = perSample('floor');
/** No value above this. */
export const clampMax = <L extends string>(v: Vector<L>, most: Scalar | number): Vector<L> =>
  new Vector(`clamp_max(${v.text}, ${most})`);
/** To the nearest multiple: sums of binary fractions that should be 0 are 0 then. */
export const round = <L extends string>(v: Vector<L>, to: number): Vector<L> =>
  new Vector(`round(${v.text}, ${to})`);
/** Parts of a time in Unix seconds, in UTC. */
export const year = perSample('year');
export const month = perSample('month');
export const dayOfMonth = perSample('day_of_month');
/** 0 is Sunday. */
export const dayOfWeek = perSample('day_of_week');
export const hour = perSample('hour');
export const minute = perSample('minute');

/** A number (or scalar) less each value. */
export const less = <L extends string>(from: number | Scalar, v: Vector<L>): Vector<L> =>
  new Vector(...operation(from, '-', v));

/** All of these series, at least one; of several with the same labels the first. */
export const union = <L extends string>(...vectors: readonly Vector<L>[]): Vector<L> =>
  vectors.reduce((all, more) => or(all, more));

/** The same series with their labels, all with this value. */
export const withValue = <L extends string>(value: number, v: Vector<L>): Vector<L> =>
  value === 0 ? times(0, v) : binary(times(0, v), '+', value);

/** The greatest that each series of an expression was in a range, looked at in steps: a subquery. */
export const maxOfSteps = <L extends string>(
  v: Vector<L>,
  range: Range,
  step: Range,
  o: RangeOptions = {},
): Vector<L> => new Vector(`max_over_time(${ranged(`(${v.text})`, `${range}:${step}`, o)})`);

/** A number that a dashboard's variable stands for, such as `$__interval_ms`. */
export const numberOf = (name: string): Scalar => new Scalar(`\${${name}}`);

/** Gives every series a label with what a dashboard's variable says; none, where that is empty. */
export const withVariable = <L extends string, N extends string>(
  v: Vector<L>,
  label: N,
  name: string,
): Vector<L | N> => new Vector(`label_replace(${v.text}, "${label}", "\${${name}}", "", "")`);

/** One series whose only label is what a dashboard's variable says. */
export const labelled = <N extends string>(label: N, name: string): Vector<N> =>
  withVariable(vector(1), label, name);
