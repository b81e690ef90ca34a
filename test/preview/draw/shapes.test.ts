import { describe, expect, it } from 'vitest';
import { angleOf, arcFrom, arcPath, arcTo } from '../../../preview/page/draw/arc.ts';
import { type BarInput, barsOf, drawnValue } from '../../../preview/page/draw/bars.ts';
import { spansOf } from '../../../preview/page/draw/spans.ts';
import { fit, labelsWidth } from '../../../preview/page/draw/text.ts';

const measure = (text: string): number => text.length * 10;

describe('fit', () => {
  it.each([
    ['deploy', 60, 'deploy'],
    ['deployment', 60, 'deplo…'],
    ['a b c d', 40, 'a b…'],
    ['deploy', 15, ''],
    ['deploy', 0, ''],
  ])('%s into %d', (text, width, fitted) => {
    expect(fit(text, width, measure)).toBe(fitted);
    expect(measure(fitted)).toBeLessThanOrEqual(Math.max(width, 0));
  });

  it('measures the longest label, within limits', () => {
    expect(labelsWidth(['a', 'abc'], 100, measure)).toBe(30);
    expect(labelsWidth(['abcdefghijkl'], 100, measure)).toBe(100);
    expect(labelsWidth([], 100, measure)).toBe(0);
  });
});

describe('spansOf', () => {
  const rules = { end: 100, merge: true, showsNull: false, alike: (a: number, b: number) => a === b };
  const spans = (values: (number | null | undefined)[], more = {}) =>
    spansOf({ times: values.map((_, i) => i * 10), values }, { ...rules, ...more }).map((s) => [
      s.from,
      s.to,
      s.value,
      s.index,
    ]);

  it('joins neighbours that look alike', () => {
    expect(spans([1, 1, 2, 2, 1])).toEqual([
      [0, 20, 1, 0],
      [20, 40, 2, 2],
      [40, 100, 1, 4],
    ]);
  });

  it('leaves gaps at null, and continues over points of other rows', () => {
    expect(spans([1, undefined, null, undefined, 2])).toEqual([
      [0, 20, 1, 0],
      [40, 100, 2, 4],
    ]);
  });

  it('draws null when a mapping names it', () => {
    expect(spans([1, null, null, 2], { showsNull: true })).toEqual([
      [0, 10, 1, 0],
      [10, 30, null, 1],
      [30, 100, 2, 3],
    ]);
  });

  it('keeps every point apart when merging is off', () => {
    expect(spans([1, 1], { merge: false })).toEqual([
      [0, 10, 1, 0],
      [10, 100, 1, 1],
    ]);
  });

  it('draws nothing of nothing, nor behind the end', () => {
    expect(spans([])).toEqual([]);
    expect(spans([1, 2], { end: 10 })).toEqual([[0, 10, 1, 0]]);
  });
});

describe('barsOf', () => {
  const input: BarInput = {
    values: [
      [1, 2],
      [3, null],
    ],
    categories: 2,
    stacking: 'none',
    groupWidth: 0.5,
    barWidth: 1,
  };
  const close = (value: number) => expect.closeTo(value, 6);

  it('sets the bars of a category beside each other, in the middle of its room', () => {
    expect(barsOf(input)).toEqual([
      { series: 0, category: 0, start: close(0.125), size: close(0.125), low: 0, high: 1 },
      { series: 1, category: 0, start: close(0.25), size: close(0.125), low: 0, high: 3 },
      { series: 0, category: 1, start: close(0.625), size: close(0.125), low: 0, high: 2 },
    ]);
  });

  it('stacks them, negative ones below zero', () => {
    const stacked = barsOf({ ...input, values: [[1], [-2], [3], [-1]], categories: 1, stacking: 'normal' });
    expect(stacked.map(({ low, high }) => [low, high])).toEqual([
      [0, 1],
      [-2, 0],
      [1, 4],
      [-3, -2],
    ]);
    expect(new Set(stacked.map((b) => b.start)).size).toBe(1);
  });

  it('fills each category to 1 when shares are wanted', () => {
    const shares = barsOf({ ...input, stacking: 'percent' });
    expect(shares.map(({ category, low, high }) => [category, low, high])).toEqual([
      [0, 0, 0.25],
      [0, 0.25, 1],
      [1, 0, 1],
    ]);
    expect(drawnValue({ ...input, values: [[0], [0]], stacking: 'percent' }, 0, 0)).toBe(0);
  });

  it('leaves out what is no number', () => {
    expect(barsOf({ ...input, values: [[Number.NaN, Number.POSITIVE_INFINITY]] })).toEqual([]);
  });
});

describe('the arc of a gauge', () => {
  it('runs from end to end and no further', () => {
    expect([0, 50, 100].map((v) => angleOf(v, 0, 100))).toEqual([arcFrom, 0, arcTo]);
    expect([-10, 300].map((v) => angleOf(v, 0, 100))).toEqual([arcFrom, arcTo]);
    expect(angleOf(7, 7, 7)).toBe(arcFrom);
  });

  it('takes the long way round when it is more than half a circle', () => {
    expect(arcPath(50, 50, 40, -120, 120)).toMatch(/^M15\.36 70A40 40 0 1 1 84\.64 70$/);
    expect(arcPath(50, 50, 40, 0, 90)).toBe('M50 10A40 40 0 0 1 90 50');
  });
});
