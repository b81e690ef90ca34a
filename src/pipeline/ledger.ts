/** Every tunable number of the ledger and the indicators, and where it comes from. */

/** How often the ledger is evaluated, seconds. Equal to the scrape interval: evaluating more often sees nothing new. */
export const ledgerInterval = 15;

/**
 * When facts are written, seconds: at every evaluation from the last event on until they have been complete for `eager`,
 * 8 samples for each event; and only of events younger than `retention`. The recorder removes groups after two hours;
 * what is left then has ten minutes more to be seen. `eager` is longer than the chain of rules is deep, also for rulers
 * that see their own results two evaluations late.
 */
export const sampling = { eager: 120, retention: 7_800 } as const;

/**
 * How long running deployments are remembered when the gateway restarts empty, seconds: it may be away for `lookBack`, and
 * after `silence` without a word (longer than until a deployment counts as abandoned, and its facts are written) it is
 * forgotten.
 */
export const memory = { lookBack: 900, silence: 9_000 } as const;

/** A deployment that is reported or changed longer than this after its finish (seconds) is late: the gateway was cleared. */
export const lateAfter = 7_200;

/** An environment in which nothing finished for this long (seconds) is gone: as long as Prometheus keeps its data. */
export const environmentForgottenAfter = 90 * 86_400;

/** Rows in "Recent deployments". */
export const recentDeployments = 10;

/**
 * How often each window is evaluated, seconds. Twice the longest is below Prometheus' lookback of five minutes, so that
 * one evaluation that is missed leaves no gap, and one that comes late after it none either.
 */
export const indicatorIntervals = { '1h': 15, '1d': 30, '7d': 120, '30d': 120 } as const;

/**
 * How often what describes thirty days and is not acted upon is evaluated (seconds): each time, facts of every deployment
 * of thirty days are read. Longer than Prometheus' lookback, so that it is read over a range that holds two evaluations.
 */
export const seldom = { interval: 600, range: '25m' } as const;
