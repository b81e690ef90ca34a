import { describe, expect, it } from 'vitest';
import {
  alignedRange,
  intervalOf,
  pointsOf,
  rateIntervalMs,
  roundInterval,
  stepOf,
} from '../../../src/panels/step.ts';
import type { TimeSpan } from '../../../src/panels/time.ts';

const end = Date.UTC(2026, 0, 15, 12, 0, 7);
const span = (hours: number): TimeSpan => ({
  from: end - hours * 3_600_000,
  to: end,
  raw: { from: '', to: '' },
});
const gridPos = { x: 0, y: 0, w: 12, h: 8 };

describe('the step of a query', () => {
  it('is a round number that gives about one point for each pixel', () => {
    expect(stepOf({ gridPos }, {}, span(6))).toBe(30_000);
    expect(stepOf({ gridPos }, {}, span(24 * 7))).toBe(900_000);
    expect(stepOf({ gridPos: { ...gridPos, w: 24 } }, {}, span(24 * 7))).toBe(300_000);
  });

  it('is never shorter than the scrape interval, the panel’s or the query’s own', () => {
    expect(stepOf({ gridPos }, {}, span(0.1))).toBe(15_000);
    expect(stepOf({ gridPos, interval: '1m' }, {}, span(0.1))).toBe(60_000);
    expect(stepOf({ gridPos, interval: '1m' }, { interval: '5m' }, span(0.1))).toBe(300_000);
    expect(stepOf({ gridPos }, { interval: '>2m' }, span(0.1))).toBe(120_000);
  });

  it('may be shorter than the scrape interval when the query says so', () => {
    expect(stepOf({ gridPos }, { interval: '1s' }, span(0.1))).toBe(1_000);
  });

  it('follows the points that a panel asks for', () => {
    expect(pointsOf({ gridPos, maxDataPoints: 10 })).toBe(10);
    expect(stepOf({ gridPos, maxDataPoints: 24 }, {}, span(24))).toBe(3_600_000);
  });

  it('asks for no more points than Prometheus allows', () => {
    const days = 24 * 365;
    const step = stepOf({ gridPos, maxDataPoints: 100_000 }, {}, span(days));
    expect((days * 3_600_000) / step).toBeLessThanOrEqual(11_000);
  });

  it('depends on no window', () => {
    expect(pointsOf({ gridPos })).toBe(800);
    expect(pointsOf({ gridPos: { ...gridPos, w: 1 } })).toBe(100);
  });
});

describe('roundInterval', () => {
  it.each([
    [9, 1],
    [10, 10],
    [21_000, 20_000],
    [29_999, 30_000],
    [44_000, 30_000],
    [89_000, 60_000],
    [90_000, 120_000],
    [86_399_999, 43_200_000],
    [1e12, 31_536_000_000],
  ])('rounds %d ms to %d', (ms, rounded) => {
    expect(roundInterval(ms)).toBe(rounded);
  });
});

it('keeps rate() windows above four scrapes', () => {
  expect(rateIntervalMs(15_000)).toBe(60_000);
  expect(rateIntervalMs(300_000)).toBe(315_000);
  expect(rateIntervalMs(60_000, { interval: '1m' })).toBe(240_000);
  expect(intervalOf(3_600_000, 30, 10_000)).toBe(120_000);
});

it('starts and ends a range on multiples of its step', () => {
  const { start, end: last, step } = alignedRange(span(1), 60_000);
  expect([start % 60, last % 60, step]).toEqual([0, 0, 60]);
  expect(last * 1_000).toBeLessThanOrEqual(end);
  expect(last * 1_000).toBeGreaterThan(end - 60_000);
});
