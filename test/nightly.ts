/** Tests that are dear, and whose parts others hold by day, run by night alone. */
export const isNight = process.env.NIGHTLY === '1';

/** One combination by day, so that each truth is proven once in `npm test`; every one of them in the nightly run. */
export const byNight = <T>(byDay: T, ...others: readonly T[]): readonly T[] =>
  isNight ? [byDay, ...others] : [byDay];
