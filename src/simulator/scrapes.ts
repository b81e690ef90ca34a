import { type Span, seriesKey } from './gateway.ts';
import type { UnixSeconds } from './types.ts';

/** When Prometheus looks. */
export interface ScrapeTimes {
  readonly from: UnixSeconds;
  /** Inclusive. */
  readonly to: UnixSeconds;
  /** Seconds between two scrapes. */
  readonly interval: number;
  /** Scrapes that did not work. */
  readonly outages?: readonly Outage[];
}

/** A time in which nothing was scraped, both ends included. */
export interface Outage {
  readonly from: UnixSeconds;
  readonly to: UnixSeconds;
  /** `target`: the scrape failed, and Prometheus notes that. `prometheus`: it did not run, and noted nothing. */
  readonly of: 'target' | 'prometheus';
}

/** A scrape's result for a series: a value, a staleness marker, or nothing. */
export type Point = number | 'stale' | 'nothing';

/** Equal consecutive points. */
export interface Points {
  readonly point: Point;
  readonly count: number;
}

/** One series as it was scraped: a run of points for each time of `times`, from the first to the last. */
export interface ScrapedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Points[];
}

/** How many scrapes there are. */
export const scrapeCount = ({ from, to, interval }: ScrapeTimes): number =>
  Math.floor((to - from) / interval) + 1;

/** Number of the first scrape at or after a moment. */
const firstAt = ({ from, interval }: ScrapeTimes, time: UnixSeconds): number =>
  Math.max(0, Math.ceil((time - from) / interval - 1e-9));

/** Appends points, joining equal ones; a count of 0 or less appends nothing. */
function append(points: Points[], point: Point, count: number): void {
  if (count <= 0) return;
  const last = points.at(-1);
  if (last?.point === point) points[points.length - 1] = { point, count: last.count + count };
  else points.push({ point, count });
}

/** Samples that Prometheus scrapes of series that are exposed for some time; series that no scrape sees are left out. */
export function scraped(spans: readonly Span[], times: ScrapeTimes): ScrapedSeries[] {
  const bySeries = new Map<string, Span[]>();
  for (const span of spans) {
    const key = seriesKey(span.labels);
    bySeries.set(key, [...(bySeries.get(key) ?? []), span]);
  }
  return [...bySeries.values()].flatMap((own) => {
    const points = withOutages(pointsOf(own, times), times, (there) => (there ? 'stale' : 'nothing'));
    return points.some(({ point }) => typeof point === 'number')
      ? [{ labels: own[0]?.labels ?? {}, points }]
      : [];
  });
}

function pointsOf(spans: readonly Span[], times: ScrapeTimes): Points[] {
  const total = scrapeCount(times);
  const points: Points[] = [];
  let next = 0;
  const gap = (until: number): void => {
    if (until > next && points.some(({ point }) => typeof point === 'number')) {
      append(points, 'stale', 1);
      next += 1;
    }
    append(points, 'nothing', until - next);
    next = Math.max(next, until);
  };
  for (const span of spans) {
    const first = Math.min(total, firstAt(times, span.from));
    const end = Math.min(total, firstAt(times, span.to));
    if (end <= first) continue;
    gap(first);
    append(points, span.value, end - first);
    next = end;
  }
  gap(total);
  return points;
}

/**
 * Replaces the points that fall into an outage; `failed` says what a failed scrape leaves of a series that was
 * there before (true) or was not.
 */
function withOutages(
  points: readonly Points[],
  times: ScrapeTimes,
  failed: (there: boolean) => Point,
): Points[] {
  if (!times.outages?.length) return [...points];
  const all = points.flatMap(({ point, count }) => Array<Point>(count).fill(point));
  for (const { from, to, of } of times.outages) {
    const end = Math.min(all.length, Math.floor((to - times.from) / times.interval + 1e-9) + 1);
    for (let i = firstAt(times, from); i < end; i++)
      all[i] = of === 'prometheus' ? 'nothing' : failed(typeof all[i - 1] === 'number');
  }
  const joined: Points[] = [];
  for (const point of all) append(joined, point, 1);
  return joined;
}

/** The series `up` of a target over all these scrapes. */
export const up = (job: string, instance: string, times: ScrapeTimes): ScrapedSeries => ({
  labels: { __name__: 'up', job, instance },
  points: withOutages([{ point: 1, count: scrapeCount(times) }], times, () => 0),
});
