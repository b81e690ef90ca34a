import { parseDuration } from '../../src/lib/duration.ts';

/** A minute of production is three seconds of a test. */
export const scale = 20;
/** Two steps of what the servers do, milliseconds: less than that cannot be told apart. */
const least = 500;

/**
 * How long something of production takes in a test, milliseconds. Everything that waits is scaled alike (scrapes,
 * evaluations, holds, groups), so that what comes first in production comes first in the test.
 */
export const scaledMs = (duration: string): number => {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new Error(`no duration: ${duration}`);
  return Math.max(least, Math.round(ms / scale));
};
/** The same, as servers read it. */
export const scaled = (duration: string): string => `${scaledMs(duration)}ms`;

/** Rules as they are, but for every interval and hold. */
export const scaledRules = (text: string): string =>
  text.replaceAll(
    /^( +(?:interval|for|keep_firing_for): )(\S+)$/gm,
    (_, field: string, duration: string) => `${field}${scaled(duration)}`,
  );
