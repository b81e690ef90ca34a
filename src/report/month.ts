import { UserError } from '../lib/errors.ts';

/** A calendar month (UTC), Unix seconds: from its first moment to the first of the next one. */
export interface Month {
  /** `2026-11`. */
  readonly name: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

const titles = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

const monthAt = (year: number, index: number): Month => {
  const from = Date.UTC(year, index) / 1000;
  return {
    name: new Date(from * 1000).toISOString().slice(0, 7),
    title: titles.format(from * 1000),
    from,
    to: Date.UTC(year, index + 1) / 1000,
  };
};

/**
 * A month as `--month` names it; without it the last one that is over.
 * @param now Unix seconds
 * @throws UserError when it is no month, or has not begun
 */
export function parseMonth(text: string | undefined, now: number): Month {
  const today = new Date(now * 1000);
  if (text === undefined) return monthAt(today.getUTCFullYear(), today.getUTCMonth() - 1);
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined) throw new UserError(`--month ${text} is no month.`, 'Write it as 2026-11.');
  const found = monthAt(Number(year), Number(month) - 1);
  if (found.from > now) throw new UserError(`${found.title} has not begun.`, 'Name a month that has.');
  return found;
}

/** The month before. */
export function monthBefore({ from }: Month): Month {
  const date = new Date(from * 1000);
  return monthAt(date.getUTCFullYear(), date.getUTCMonth() - 1);
}

/** Late events (rollback, bill) so long after a month still belong to it, seconds. */
const after = 2 * 86_400;

/** The moment at which a month is looked at: two days after its end, or now while these are not over. */
export const judgedAt = ({ to }: Month, now: number): number => Math.min(to + after, Math.floor(now));

/** The last moment of a month, or now while it goes on. */
export const endOf = ({ to }: Month, now: number): number => Math.min(to - 1, Math.floor(now));

/** The end of each day of a month up to a moment. */
export function daysOf({ from, to }: Month, until: number): number[] {
  const ends: number[] = [];
  for (let end = from + 86_400; end <= to; end += 86_400) ends.push(Math.min(end - 1, until));
  return ends.filter((end, i) => i === 0 || end > ends[i - 1]!);
}
