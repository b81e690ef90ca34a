/** Seconds with milliseconds as decimals, which is what is pushed. */
export const toSeconds = (ms: number): number => Math.round(ms) / 1000;

/** A length of time in seconds with milliseconds as decimals, never negative (a clock may be set back meanwhile). */
export const lengthSeconds = (fromMs: number, toMs: number): number => Math.max(0, toSeconds(toMs - fromMs));

/** A length of time for a person: `850 ms`, `12.3 s`, `4 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Clocks differ; a time further ahead than this, in milliseconds, was never read from one. */
export const farthestAheadMs = 10 * 60_000;
