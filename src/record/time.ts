import { parseLooseDuration } from '../lib/duration.ts';

/** Seconds with milliseconds as decimals, which is what is pushed. */
export const toSeconds = (ms: number): number => Math.round(ms) / 1000;

/** A length of time in seconds with milliseconds as decimals, never negative (a clock may be set back meanwhile). */
export const lengthSeconds = (fromMs: number, toMs: number): number => Math.max(0, toSeconds(toMs - fromMs));

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/**
 * A point in time in milliseconds since 1970, from Unix seconds or ISO 8601 with a time zone; undefined when it is
 * neither. Numbers that can only be milliseconds are refused instead of being a date in the year 50,000.
 */
export function parseTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return seconds < 1e11 ? Math.round(seconds * 1000) : undefined;
  }
  if (!isoWithZone.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A length of time in milliseconds, from `500ms`, `1.5h`, `1h30m` or plain seconds; undefined when it is none. */
export const durationMs = (text: string): number | undefined =>
  parseLooseDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);

/** A length of time for a person: `850 ms`, `12.3 s`, `4 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Clocks differ; a time further ahead than this, in milliseconds, was never read from one. */
export const farthestAheadMs = 10 * 60_000;
