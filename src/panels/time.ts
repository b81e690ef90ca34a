import { parseLooseDuration } from '../lib/duration.ts';

/** A resolved time range in Unix milliseconds, with the words it came from. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  readonly raw: { readonly from: string; readonly to: string };
}

/** Starts of calendar units in UTC. A week starts on Monday. */
const floors: Readonly<Record<string, (date: Date) => number>> = {
  s: (d) => d.getTime() - d.getUTCMilliseconds(),
  m: (d) => d.setUTCSeconds(0, 0),
  h: (d) => d.setUTCMinutes(0, 0, 0),
  d: (d) => d.setUTCHours(0, 0, 0, 0),
  w: (d) =>
    Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate() - ((d.getUTCDay() + 6) % 7), 0, 0, 0, 0),
  M: (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1),
  y: (d) => Date.UTC(d.getUTCFullYear(), 0, 1),
};

/** Moves by calendar months and years, by fixed lengths for everything shorter. */
function shift(time: number, amount: number, unit: string): number {
  const date = new Date(time);
  if (unit === 'M' || unit === 'y') {
    const months = date.getUTCMonth() + amount * (unit === 'y' ? 12 : 1);
    const last = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
    const day = Math.min(date.getUTCDate(), last);
    return Date.UTC(date.getUTCFullYear(), months, day) + (time % 86_400_000);
  }
  return time + amount * (parseLooseDuration(`1${unit}`) ?? 0);
}

/**
 * A point in time as dashboards write it: `now-6h`, `now-1d/d`, Unix milliseconds, or an ISO date; in UTC.
 * @param roundUp a rounded end of a range is the last millisecond of its unit
 * @returns Unix milliseconds, or undefined when the text says no time
 */
export function parseTime(text: string, now: number, roundUp = false): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  if (!trimmed.startsWith('now')) {
    const parsed = Date.parse(trimmed);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  let time = now;
  let rest = trimmed.slice(3).replaceAll(' ', '');
  while (rest !== '') {
    const step = /^([+-])(\d*)([smhdwMy])|^\/([smhdwMy])/.exec(rest);
    if (!step) return undefined;
    rest = rest.slice(step[0].length);
    const [, sign, amount, unit, rounding] = step;
    if (rounding === undefined) time = shift(time, (sign === '-' ? -1 : 1) * Number(amount || 1), unit ?? '');
    else {
      const start = floors[rounding]?.(new Date(time)) ?? time;
      time = roundUp ? shift(start, 1, rounding) - 1 : start;
    }
  }
  return time;
}

/** Both ends of a time range. Words that say no time fall back to the last six hours, as Grafana does. */
export function resolveSpan(raw: { from: string; to: string }, now: number): TimeSpan {
  const to = parseTime(raw.to, now, true) ?? now;
  const from = parseTime(raw.from, now) ?? to - 6 * 3_600_000;
  return { from: Math.min(from, to), to, raw };
}
