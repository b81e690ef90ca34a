import { windowSeconds } from '../ledger/index.ts';
import type { SloWindow } from '../metrics/index.ts';
import { allowedShare, type BurnAlerts, type Objective } from './objective.ts';

/** A pair of windows that both have to burn: the long one says that it matters, the short one that it still goes on. */
export interface BurnWindow {
  readonly severity: 'page' | 'ticket';
  readonly long: SloWindow;
  readonly short: SloWindow;
  /** Share of a month's budget that is spent within the long window at this rate. */
  readonly share: number;
}

/** The month that the shares are of, seconds. */
const period = windowSeconds('30d');

/**
 * Long windows and shares: Google, The Site Reliability Workbook, chapter 5 "Alerting on SLOs", table of recommended
 * parameters (2 % in 1 h, 5 % in 6 h, 10 % in 3 d), with the day that Sloth's default windows add (10 % in 1 d).
 * The short window is a twelfth of the long one there. Not for the first pair: deployments are minutes apart, and in
 * five minutes there is seldom any.
 */
export const burnWindows: readonly BurnWindow[] = [
  { severity: 'page', long: '1h', short: '15m', share: 0.02 },
  { severity: 'page', long: '6h', short: '30m', share: 0.05 },
  { severity: 'ticket', long: '1d', short: '2h', share: 0.1 },
  { severity: 'ticket', long: '3d', short: '6h', share: 0.1 },
];

/** The burn rate from which a pair alerts: 14.4, 6, 3 and 1. */
export const factorOf = ({ share, long }: BurnWindow): number =>
  Number(((share * period) / windowSeconds(long)).toFixed(6));

/**
 * How many deployments must have gone wrong in the long window. With ten deployments a day a ratio over an hour is
 * made of one or two events; a page needs more than one event, and a failure by itself is
 * said by DeploymentFailed.
 */
export const leastBadDeployments: Readonly<Record<BurnWindow['severity'], number>> = { page: 3, ticket: 2 };

const severities: Readonly<Record<BurnAlerts, readonly BurnWindow['severity'][]>> = {
  'page and ticket': ['page', 'ticket'],
  ticket: ['ticket'],
  none: [],
};

/** Whether spending an SLO's budget too fast is to raise alerts of this severity. */
export const burnsAs = ({ burn }: Objective, severity: BurnWindow['severity']): boolean =>
  severities[burn].includes(severity);

/** The highest burn rate there can be: when every event is bad. Infinite where nothing may be bad. */
export const highestBurnRate = (objective: number): number =>
  objective === 1 ? Number.POSITIVE_INFINITY : 1 / allowedShare(objective);

/** Pairs of an SLO that can never fire, because even if everything fails the budget does not burn that fast. */
export const deadWindows = (o: Objective, windows: readonly BurnWindow[] = burnWindows): BurnWindow[] =>
  windows.filter((w) => burnsAs(o, w.severity) && factorOf(w) >= highestBurnRate(o.objective));
