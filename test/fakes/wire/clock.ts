import type { Clock } from '../../../src/lib/clock.ts';

/** A clock that jumps: sleeping takes no time, and only sleeping and requests make it pass. */
export interface VirtualClock extends Clock {
  pass(ms: number): void;
}

/** @param random for jitter; constant by default */
export function virtualClock(
  start = Date.UTC(2026, 0, 5, 12),
  random: () => number = () => 0.5,
): VirtualClock {
  let now = start;
  return {
    now: () => now,
    random,
    pass: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      if (!signal?.aborted) now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
