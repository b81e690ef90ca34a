import type { UnixSeconds } from '../../src/simulator/types.ts';
import type { Facts } from './facts.ts';

/** A span of time; a deployment belongs to it when it finished after `from` (or at it, if so said) and up to `to`. */
export interface Window {
  readonly from: UnixSeconds;
  readonly to: UnixSeconds;
  readonly includesFrom: boolean;
}

const day = 86_400;
/** The rolling windows and their length in seconds. */
export const rollingWindows = { '1h': 3600, '1d': day, '7d': 7 * day, '30d': 30 * day } as const;
export type RollingWindow = keyof typeof rollingWindows;

/** The last hour, day, … up to `t`. */
export const rolling = (window: RollingWindow, t: UnixSeconds): Window => ({
  from: t - rollingWindows[window],
  to: t,
  includesFrom: false,
});

/** The calendar day (UTC) of `t` up to `t`. */
export const calendarDay = (t: UnixSeconds): Window => ({ from: t - (t % day), to: t, includesFrom: true });

/** The start of the calendar day of `t` by a clock that is so many seconds ahead of UTC. */
export const dayStart = (t: UnixSeconds, utcOffset = 0): UnixSeconds =>
  Math.floor((t + utcOffset) / day) * day - utcOffset;

/** The calendar month (UTC) of `t` up to `t`. */
export function calendarMonth(t: UnixSeconds): Window {
  const date = new Date(t * 1000);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
  return { from, to: t, includesFrom: true };
}

/** Days in a window; parts of a day count as such. */
export const daysIn = (window: Window): number => (window.to - window.from) / day;

/** The deployments that finished within the window; those that still run belong to none. */
export const within = (facts: readonly Facts[], window: Window): Facts[] =>
  facts.filter(
    ({ finished }) =>
      finished !== undefined &&
      (window.includesFrom ? finished >= window.from : finished > window.from) &&
      finished <= window.to,
  );
