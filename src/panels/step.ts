import { parseLooseDuration } from '../lib/duration.ts';
import type { Panel, Target } from './dashboard.ts';
import type { TimeSpan } from './time.ts';

/** How often Prometheus scrapes, as Grafana assumes it when a data source does not say. */
export const scrapeIntervalMs = 15_000;
/** The width that a full row has on the screen we pretend to have: steps must not depend on the real window. */
const nominalWidth = 1_600;
/** Prometheus refuses ranges of more points per series than this. */
const mostPoints = 11_000;

/** Up to each limit (ms), intervals are rounded to this round value: the ladder that Grafana climbs. */
const ladder: readonly (readonly [below: number, interval: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1_500, 1_000],
  [3_500, 2_000],
  [7_500, 5_000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
];

/** An interval of milliseconds as a round number near it. */
export const roundInterval = (ms: number): number =>
  ladder.find(([below]) => ms < below)?.[1] ?? 31_536_000_000;

/** Milliseconds between two points that a range of this length shows in so many points. */
export function intervalOf(spanMs: number, points: number, least = scrapeIntervalMs): number {
  return Math.max(roundInterval(spanMs / points), least);
}

/** The points that a panel asks for: as many as it has pixels on a screen of nominal width. */
export const pointsOf = (panel: Pick<Panel, 'maxDataPoints' | 'gridPos'>): number =>
  panel.maxDataPoints ?? Math.max(100, Math.floor((nominalWidth * panel.gridPos.w) / 24));

/** A minimum interval as written: `30s`, `>1m`; undefined when there is none. */
const minimum = (text: string | undefined): number | undefined =>
  text === undefined || text === '' ? undefined : parseLooseDuration(text.replace(/^[<>=]+/, ''));

/** `$__interval` of a panel and of one of its queries, in milliseconds. */
export function stepOf(
  panel: Pick<Panel, 'maxDataPoints' | 'gridPos' | 'interval'>,
  target: Pick<Target, 'interval'>,
  span: TimeSpan,
): number {
  const length = span.to - span.from;
  const least = minimum(target.interval) ?? minimum(panel.interval) ?? scrapeIntervalMs;
  const wanted = intervalOf(length, pointsOf(panel), least);
  return Math.max(wanted, Math.ceil(length / mostPoints / 1_000) * 1_000);
}

/** `$__rate_interval`: long enough that `rate()` sees several scrapes; a query's own minimum step counts as its scrape interval. */
export function rateIntervalMs(stepMs: number, target: Pick<Target, 'interval'> = {}): number {
  const scrape = minimum(target.interval) ?? scrapeIntervalMs;
  return Math.max(stepMs + scrape, 4 * scrape);
}

/**
 * A range that starts and ends on multiples of its step, in Unix seconds, so that points stay put while time moves.
 * @param offsetMs how far the reader's clock is ahead of UTC: bars of a day begin at the reader's midnight
 */
export function alignedRange(
  span: TimeSpan,
  stepMs: number,
  offsetMs = 0,
): { start: number; end: number; step: number } {
  const floor = (ms: number): number => (Math.floor((ms + offsetMs) / stepMs) * stepMs - offsetMs) / 1_000;
  return { start: floor(span.from), end: floor(span.to), step: stepMs / 1_000 };
}
