import {
  type Deployment,
  type FixedRange,
  longestMonth,
  onlyInWindow,
  onlyThisMonth,
} from '../ledger/index.ts';
import { lastOverTime, type SloWindow, type Vector } from '../metrics/index.ts';
import type { Of } from './objective.ts';

/**
 * A span of time: how far back facts are looked up, and which of the deployments finished in it. What is said of
 * several facts is joined with the finish once, and not for each of them.
 */
export interface Span {
  readonly of: Of;
  readonly only: (v: Vector<Deployment>) => Vector<Deployment>;
}
const looking =
  (range: FixedRange): Of =>
  (fact) =>
    lastOverTime(fact, range);

/** A rolling window. */
export const during = (window: SloWindow): Span => ({
  of: looking(window),
  only: (v) => onlyInWindow(v, window),
});
/** This calendar month (UTC). */
export const month: Span = { of: looking(longestMonth), only: onlyThisMonth };
