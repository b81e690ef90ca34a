import { describe, expect, test } from 'vitest';
import { differences } from './compare.ts';

const one = (value: number, labels: Record<string, string> = { environment: 'production' }) => ({
  labels,
  value,
});

describe('differences', () => {
  test('none when equal up to rounding, in any order', () => {
    const other = { environment: 'staging' };
    expect(differences([one(1, other), one(0.1 + 0.2)], [one(0.3), one(1, other)])).toEqual([]);
  });

  test('names a wrong value', () => {
    expect(differences([one(1)], [one(2)])[0]).toContain('is 1, in truth 2');
    expect(differences([one(Number.NaN)], [one(0)])[0]).toContain('is NaN, in truth 0');
  });

  test.each([
    ['seconds', 1_760_000_000, 0.002],
    ['milliseconds', 1_760_000_000_000, 1],
  ])('names a time in %s that is wrong by little', (_, time, wrongBy) => {
    expect(differences([one(time + wrongBy)], [one(time)])).toHaveLength(1);
    expect(differences([one(time + 0.0004)], [one(time)])).toEqual([]);
    expect(differences([one(time + wrongBy)], [one(time)], { within: 2 * wrongBy })).toEqual([]);
  });

  test('names a missing value and one too many', () => {
    expect(differences([], [one(2)])[0]).toContain('is missing, in truth 2');
    expect(differences([one(2)], [])[0]).toContain('is 2, in truth there is none');
  });

  test('names the same labels twice', () => {
    const twice = [
      one(2, { environment: 'production', instance: 'a' }),
      one(2, { environment: 'production', instance: 'b' }),
    ];
    expect(differences(twice, [one(2)], { ignore: ['instance'] })[0]).toContain('is there twice');
  });

  test('ignores the metric’s name', () => {
    expect(differences([one(2, { __name__: 'x', environment: 'production' })], [one(2)])).toEqual([]);
  });

  test('0 and absent are different unless told otherwise', () => {
    expect(differences([], [one(0)])).toHaveLength(1);
    expect(differences([one(0)], [])).toHaveLength(1);
    expect(differences([], [one(0)], { zeroIsAbsent: true })).toEqual([]);
    expect(differences([one(0)], [], { zeroIsAbsent: true })).toEqual([]);
    expect(differences([], [one(1)], { zeroIsAbsent: true })).toHaveLength(1);
  });
});
