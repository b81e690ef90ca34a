import { describe, expect, test } from 'vitest';
import { average, byLabels, labelKey, quantile, ratio } from './statistics.ts';

describe('quantile', () => {
  test.each([
    // Ranks 0 to 3: the median lies half-way between ranks 1 and 2.
    [0.5, [40, 10, 30, 20], 25],
    // Rank 0.95 × 3 = 2.85.
    [0.95, [10, 20, 30, 40], 38.5],
    [0.95, [7], 7],
    [0, [3, 1, 2], 1],
    [1, [3, 1, 2], 3],
    [0.5, [1, 2, 9], 2],
  ])('%s of %j is %s', (q, values, expected) => {
    expect(quantile(q, values)).toBeCloseTo(expected, 9);
  });

  test('of nothing is nothing', () => expect(quantile(0.5, [])).toBeUndefined());

  test('does not sort its input', () => {
    const values = [3, 1, 2];
    quantile(0.5, values);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('a ratio or an average of nothing is nothing, not 0', () => {
  expect(ratio(0, 0)).toBeUndefined();
  expect(ratio(0, 4)).toBe(0);
  expect(average([])).toBeUndefined();
  expect(average([1, 2])).toBe(1.5);
});

test('groups by labels in a fixed order and leaves out groups without a value', () => {
  const items = [
    { name: 'b', value: 2 },
    { name: 'a', value: 1 },
    { name: 'b', value: 4 },
    { name: 'c', value: 0 },
  ];
  const largest = byLabels(
    items,
    ({ name }) => ({ name }),
    (group) => Math.max(...group.map(({ value }) => value)) || undefined,
  );
  expect(largest).toEqual([
    { labels: { name: 'a' }, value: 1 },
    { labels: { name: 'b' }, value: 4 },
  ]);
});

test('labels are the same in any order, and an empty label is an absent one', () => {
  expect(labelKey({ a: '1', b: '2', c: '' })).toBe(labelKey({ b: '2', a: '1' }));
  expect(labelKey({ a: '1' })).not.toBe(labelKey({ a: '2' }));
});
