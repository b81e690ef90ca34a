import { describe, expect, it } from 'vitest';
import { linear, niceEnd, niceTicks, timeLabel, timeTicks } from '../../../preview/page/draw/scale.ts';

describe('linear', () => {
  it('maps ends to ends, in either direction', () => {
    const down = linear([0, 10], [100, 0]);
    expect([0, 5, 10, 20].map(down)).toEqual([100, 50, 0, -100]);
  });

  it('stays finite when there is nothing to span', () => {
    expect(linear([3, 3], [10, 20])(3)).toBe(10);
  });
});

describe('niceTicks', () => {
  it.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [0, 1, 4, [0, 0.25, 0.5, 0.75, 1]],
    [0, 0.3, 3, [0, 0.1, 0.2, 0.3]],
    [-4, 7, 5, [-2.5, 0, 2.5, 5]],
    [97, 403, 3, [200, 400]],
  ])('between %d and %d, about %d', (from, to, about, ticks) => {
    expect(niceTicks(from, to, about)).toEqual(ticks);
  });

  it('gives one tick for an axis of no length', () => {
    expect(niceTicks(5, 5, 4)).toEqual([5]);
    expect(niceTicks(0, Number.POSITIVE_INFINITY, 4)).toEqual([0]);
  });
});

it('ends an axis at a round number that is not below the highest value', () => {
  for (const most of [1, 7, 9.99, 10, 50, 183, 0.034]) {
    const end = niceEnd(most, 5);
    expect(end).toBeGreaterThanOrEqual(most);
    expect(end).toBeLessThan(most * 1.6);
  }
});

describe('timeTicks', () => {
  const from = Date.UTC(2026, 0, 15, 6, 7);
  it.each([
    [3_600_000, 6, 600_000],
    [6 * 3_600_000, 7, 3_600_000],
    [7 * 86_400_000, 8, 86_400_000],
    [90 * 86_400_000, 8, 14 * 86_400_000],
    [40_000, 5, 10_000],
    [900 * 86_400_000, 5, 196 * 86_400_000],
  ])('spans %d ms with at most %d ticks', (length, most, step) => {
    const { ticks, step: found } = timeTicks(from, from + length, most);
    expect(found).toBe(step);
    expect(ticks.length).toBeLessThanOrEqual(most + 1);
    expect(ticks.every((time) => time >= from && time <= from + length && time % step === 0)).toBe(true);
  });
});

it.each([
  [Date.UTC(2026, 0, 15, 6, 7, 5), 5_000, '06:07:05'],
  [Date.UTC(2026, 0, 15, 6, 7), 60_000, '06:07'],
  [Date.UTC(2026, 0, 15), 3_600_000, '01/15'],
  [Date.UTC(2026, 0, 15, 12), 86_400_000, '01/15'],
])('labels a tick at %d with a step of %d as %s', (time, step, text) => {
  expect(timeLabel(time, step)).toBe(text);
});
