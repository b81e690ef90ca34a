import { type FixedRange, longestMonth, onlyInWindow, onlyThisMonth } from '../ledger/index.ts';
import {
  and,
  binary,
  countedEnvironments,
  lastOverTime,
  type MetricName,
  metric,
  type PerDeployment,
  perDeployment,
  Selector,
  type SloWindow,
  type Vector,
} from '../metrics/index.ts';
import type { Of } from './objective.ts';

/**
 * A span of time: how far back facts are looked up, and which of the deployments finished in it. What is said of
 * several facts is joined with the finish once, and not for each of them.
 */
export interface Span {
  readonly of: Of;
  readonly only: (v: Vector<PerDeployment>) => Vector<PerDeployment>;
}
/** A fact of the environments that count: previews and what no pipeline file knows are in no SLO. */
function inCounted<M extends MetricName>(fact: Selector<M>): Selector<M> {
  // Joined with a fact of the same deployment that is looked up for these environments only.
  if (/duration_seconds:last$|_passed:count$/.test(fact.text)) return fact;
  const matcher = `environment="${countedEnvironments}"`;
  const [, name = '', own] = /^([\w:]+)(?:\{(.*)\})?$/s.exec(fact.text) ?? [];
  return new Selector(`${name}{${[...(own ? [own] : []), matcher].join(',')}}`);
}
const looking =
  (range: FixedRange): Of =>
  (fact) =>
    lastOverTime(inCounted(fact), range);

/** A rolling window. */
export const during = (window: SloWindow): Span => ({
  of: looking(window),
  only: (v) => onlyInWindow(v, window),
});
/** This calendar month (UTC). */
export const month: Span = { of: looking(longestMonth), only: onlyThisMonth };

/** A month and four days: what is said of a deployment within two days after the month's end is found too. */
const monthAndAfter = '35d' satisfies FixedRange;
/**
 * The deployments that finished from one moment to just before another, for a question that is asked within two days
 * after it. Unix seconds.
 */
export const between = (from: number, to: number): Span => {
  const finished = lastOverTime(metric('deployment:finished_timestamp_seconds:max'), monthAndAfter);
  const same = { on: perDeployment } as const;
  return {
    of: looking(monthAndAfter),
    only: (v) => and(and(v, binary(finished, '>=', from), same), binary(finished, '<', to), same),
  };
};
