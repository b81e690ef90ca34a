import { targets } from '../pipeline.ts';

/** Requests, and how many of them failed. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
}

/** State of a sequential test. */
export interface Decision {
  readonly verdict: 'good' | 'bad' | 'open';
  /** How sure a verdict is, at least, 0 to 1: one minus the chance of this verdict when the other one is true. */
  readonly sure: number;
  /** The two shares of errors between which it decides. */
  readonly good: number;
  readonly bad: number;
}

/**
 * Chances of a wrong verdict. Refusing a good deployment is spent in two parts: on the way and, when the time is up,
 * at the end; together, and with a base rate that is itself measured, at most 1 % are refused (`docs/gate.md`).
 */
const refuseGood = { onTheWay: 0.001, atTheEnd: 0.007 } as const;
const passBad = 0.003;
/** In an hour of watching the same question is asked again and again, so each answer must be surer. */
const refuseGoodWatching = 0.0002;
/** Prior of the base rate of an unknown service, and its weight in requests. */
const prior = { share: 0.004, requests: 100 } as const;

/** An hour without errors is no promise that there will be none. */
const baseOf = ({ requests, errors }: Counts): number =>
  Math.min(0.5, Math.max(prior.share, (errors + prior.share * prior.requests) / (requests + prior.requests)));

/** The share of errors at which a version is bad: the design's factor over the hour before, at least the least share. */
export const badShare = (base: number): number =>
  Math.min(0.95, Math.max(targets().errorRate.spike.share, targets().errorRate.spike.times * base));

const logRatio = ({ requests, errors }: Counts, good: number, bad: number): number =>
  errors * Math.log(bad / good) + (requests - errors) * Math.log((1 - bad) / (1 - good));

/** The chance of at least so many errors among the requests of a good version. */
function tail({ requests, errors }: Counts, share: number): number {
  let below = 0;
  let term = Math.exp(requests * Math.log1p(-share));
  for (let k = 0; k < errors; k++) {
    below += term;
    term *= ((requests - k) / (k + 1)) * (share / (1 - share));
  }
  return Math.max(0, 1 - below);
}

/** True when the share seen may still be the bad one: many requests tell twice the base from three times. */
function mayBeBad({ requests, errors }: Counts, bad: number): boolean {
  const share = errors / requests;
  return share + 2.5 * Math.sqrt((share * (1 - share)) / requests) >= bad;
}

/**
 * Wald's sequential probability ratio test on counts: is the share of errors that of the hour before, or at least three
 * times as high? It may be asked at any moment, and as often as one likes.
 * @param over true when no more requests are waited for: then the exact tail of the binomial distribution decides
 */
export function sequentialTest(
  after: Counts,
  before: Counts,
  { over, watching = false }: { readonly over: boolean; readonly watching?: boolean },
): Decision {
  const good = baseOf(before);
  const bad = badShare(good);
  const between = { good, bad };
  if (after.requests === 0) return { verdict: 'open', sure: 0, ...between };
  const refuse = watching ? refuseGoodWatching : refuseGood.onTheWay;
  const ratio = logRatio(after, good, bad);
  const possible = mayBeBad(after, bad);
  if (possible && ratio >= Math.log((1 - passBad) / refuse))
    return { verdict: 'bad', sure: 1 - refuse, ...between };
  if (ratio <= Math.log(passBad / (1 - refuse))) return { verdict: 'good', sure: 1 - passBad, ...between };
  if (!over || watching) return { verdict: 'open', sure: 0, ...between };
  const chance = tail(after, good);
  if (possible && ratio > 0 && chance < refuseGood.atTheEnd)
    return { verdict: 'bad', sure: 1 - chance, ...between };
  // The chance of so few errors, were it bad.
  const fewer = 1 - tail({ ...after, errors: after.errors + 1 }, bad);
  return { verdict: 'good', sure: 1 - fewer, ...between };
}
