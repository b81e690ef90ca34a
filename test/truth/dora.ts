import { counts, type Facts } from './facts.ts';
import { quantile, ratio } from './statistics.ts';
import { daysIn, type Window, within } from './windows.ts';

/** The four keys of one environment in one window; undefined where there is nothing to measure. */
export interface FourKeys {
  /** Deployments a day that reached the environment and stayed. */
  readonly deploymentsPerDay: number;
  /** Median seconds from push to finish of successful deployments. */
  readonly leadTime: number | undefined;
  /** Failed, abandoned and rolled-back deployments, of all that count. */
  readonly changeFailureRate: number | undefined;
  /** Median seconds from the end of a bad deployment to the end of the next good one. */
  readonly timeToRestore: number | undefined;
}

/** @param facts all deployments that are known: what restored the last failure may lie anywhere */
export function fourKeys(facts: readonly Facts[], environment: string, window: Window): FourKeys {
  const own = facts.filter((f) => f.environment === environment && counts(f));
  const inWindow = within(own, window);
  const good = inWindow.filter(isGood);
  return {
    deploymentsPerDay: good.length / daysIn(window),
    leadTime: quantile(
      0.5,
      good.flatMap(({ duration }) => duration ?? []),
    ),
    changeFailureRate: ratio(inWindow.length - good.length, inWindow.length),
    timeToRestore: quantile(0.5, timesToRestore(own, window)),
  };
}

const isGood = ({ outcome }: Facts): boolean => outcome === 'success';

/** For each bad deployment that ended in the window and was followed by a good one: the seconds in between. */
export function timesToRestore(own: readonly Facts[], window: Window): number[] {
  const goodEnds = own.filter(isGood).flatMap(({ finished }) => finished ?? []);
  return within(own, window)
    .filter((f) => !isGood(f))
    .flatMap(({ finished: broken = 0 }) => {
      const next = Math.min(...goodEnds.filter((end) => end > broken));
      return Number.isFinite(next) ? [next - broken] : [];
    });
}
