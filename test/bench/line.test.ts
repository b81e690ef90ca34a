import { describe, expect, it } from 'vitest';
import { benchmarks } from '../../src/bench/benchmarks.ts';
import { asJson, cells, header, keeps, type Line, number } from '../../src/bench/line.ts';

const line: Line = { what: 'one event', scale: '10 groups', value: 1.25, unit: 'x', budget: { atMost: 1.6 } };

describe('a budget', () => {
  it('is kept up to its bound, and not beyond', () => {
    expect(keeps({ value: 1.6, budget: { atMost: 1.6 } })).toBe(true);
    expect(keeps({ value: 1.61, budget: { atMost: 1.6 } })).toBe(false);
    expect(keeps({ value: 20, budget: { atLeast: 20 } })).toBe(true);
    expect(keeps({ value: 19.9, budget: { atLeast: 20 } })).toBe(false);
  });

  it('is not kept by what could not be measured', () => {
    expect(keeps({ value: Number.NaN, budget: { atMost: 1 } })).toBe(false);
    expect(keeps({ value: Number.NaN, budget: { atLeast: 1 } })).toBe(false);
  });

  it('is no matter where there is none', () => {
    expect(keeps({ value: 1 })).toBeUndefined();
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [27, '27'],
    [0.7662, '0.766'],
    [1.256, '1.26'],
    [43.86, '43.9'],
    [1323.4, '1,323'],
    [66_583_146, '66,583,146'],
    [-1234.5, '-1,235'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('%d is shown as %s', (value, text) => {
    expect(number(value)).toBe(text);
  });
});

describe('a line of the table', () => {
  it('has a cell for each column, its verdict among them', () => {
    expect(cells('recorder', line)).toEqual([
      'recorder',
      'one event',
      '10 groups',
      '1.25x',
      '≤ 1.60x',
      'ok',
      '',
    ]);
    expect(cells('recorder', { ...line, value: 2, note: 'slow' })).toEqual([
      'recorder',
      'one event',
      '10 groups',
      '2x',
      '≤ 1.60x',
      'OVER',
      'slow',
    ]);
    expect(cells('recorder', { what: 'memory', value: 44, unit: 'MB' })).toEqual([
      'recorder',
      'memory',
      '',
      '44 MB',
      '',
      '',
      '',
    ]);
    expect(cells('recorder', line)).toHaveLength(header.length);
  });
});

describe('lines as JSON', () => {
  it('carry value, budget and verdict', () => {
    const other: Line = { what: 'memory', value: 44, unit: 'MB' };
    const text = asJson([
      { benchmark: 'recorder', ...line },
      { benchmark: 'recorder', ...other },
    ]);
    expect(JSON.parse(text)).toEqual([
      { benchmark: 'recorder', ...line, kept: true },
      { benchmark: 'recorder', ...other, kept: null },
    ]);
  });
});

describe('the registry', () => {
  it('has each id once, and says what each measures', () => {
    const ids = benchmarks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { partOf } of benchmarks) if (partOf !== undefined) expect(ids).toContain(partOf);
    for (const { id, summary } of benchmarks) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
    }
  });
});
