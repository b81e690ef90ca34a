import { durationSeconds } from '../../lib/duration.ts';
import {
  ago,
  and,
  binary,
  type LabelName,
  lastOverTime,
  type MetricName,
  metric,
  midnight,
  monthStart,
  or,
  type PerDeployment,
  perDeployment,
  type Range,
  type Scalar,
  type Selector,
  unless,
  type Vector,
} from '../../metrics/index.ts';
import { lateAfter, sampling } from '../../pipeline/index.ts';

/** A length of time such as `6h`; every `Window` of the labels is one. */
export type FixedRange = `${number}${'m' | 'h' | 'd'}`;
/** Length of a window, seconds. */
export const windowSeconds = (window: FixedRange): number => durationSeconds(window) ?? Number.NaN;

/** When deployments finished, while their facts are written. */
export const finishedAt = metric('deployment:finished_timestamp_seconds:max');
const finishedLate = metric('deployment:finished_late_timestamp_seconds:max');
const sameDeployment = { on: perDeployment as never };

/**
 * A fact has samples for at most this long after the finish (as long as it is kept, and two hours more when it changed
 * within the first two), unless the ledger marks the deployment as late.
 */
const edge = lateAfter + sampling.retention;
const minutes = (seconds: number): Range => `${seconds / 60}m`;

/**
 * Of these deployments, those that finished in the window; what is said of them must have been looked up in it.
 * A deployment belongs to a window by its finish and not by when it was recorded, so those are taken out that were
 * recorded inside the window and finished before it began. They can only be at the window's edge, or late, and so
 * only these are looked at: joining the finish of every deployment would cost twice as much.
 */
export function onlyInWindow<L extends string>(v: Vector<L>, window: FixedRange): Vector<L> {
  const seconds = windowSeconds(window);
  const start = ago(seconds);
  if (seconds <= edge) return and(v, binary(lastOverTime(finishedAt, window), '>', start), sameDeployment);
  const offset = minutes(seconds - edge);
  const before = or(lastOverTime(finishedLate, window), lastOverTime(finishedAt, minutes(edge), { offset }));
  return unless(v, binary(before, '<=', start), sameDeployment);
}
/** The latest value of a fact, for each deployment that finished in the window. */
export const inWindow = <M extends MetricName>(fact: Selector<M>, window: FixedRange): Vector<LabelName<M>> =>
  onlyInWindow(lastOverTime(fact, window), window);

/**
 * Deployments that ended as rolled back, by a fact that only rolled back ones have: the outcome of every deployment would
 * be thirty times as much to read. It is 0 where the rollback failed in the end.
 */
export const rolledBackIn = (window: FixedRange): Vector<PerDeployment> =>
  binary(lastOverTime(metric('deployment:rollback_finished_timestamp_seconds:max'), window), '>', 0);

const onlySince = <L extends string>(v: Vector<L>, range: Range, start: Scalar): Vector<L> =>
  and(v, binary(lastOverTime(finishedAt, range), '>=', start), sameDeployment);

/** How far back a calendar month can reach. */
export const longestMonth = '31d' satisfies FixedRange;
/** Of these deployments, those that finished in this calendar month (UTC). */
export const onlyThisMonth = <L extends string>(v: Vector<L>): Vector<L> =>
  onlySince(v, longestMonth, monthStart);
/** The latest value of a fact, for each deployment that finished in this calendar month (UTC). */
export const thisMonth = <M extends MetricName>(fact: Selector<M>): Vector<LabelName<M>> =>
  onlyThisMonth(lastOverTime(fact, longestMonth));
/** The latest value of a fact, for each deployment that finished on this day (UTC). */
export const today = <M extends MetricName>(fact: Selector<M>): Vector<LabelName<M>> =>
  onlySince(lastOverTime(fact, '1d'), '1d', midnight);
