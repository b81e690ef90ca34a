import { describe, expect, test } from 'vitest';
import { random } from '../../src/simulator/random.ts';

const draws = (seed: number, count = 5): number[] => {
  const rng = random(seed);
  return Array.from({ length: count }, () => rng.next());
};
const many = 20_000;

describe('random', () => {
  test('depends on the seed and on nothing else', () => {
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    // Written down, so that a change of the generator, which changes every history, is noticed.
    expect(draws(1, 3).map((n) => n.toFixed(6))).toEqual(['0.627074', '0.002736', '0.527447']);
  });

  test('is even', () => {
    const values = draws(3, many);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(values.reduce((a, b) => a + b) / many).toBeCloseTo(0.5, 1);
  });

  test('forks are the same for the same name, and do not disturb what they were taken from', () => {
    const forked = random(5);
    forked.fork('a').next();
    expect(forked.next()).toBe(random(5).next());
    expect(random(5).fork('a').next()).toBe(random(5).fork('a').next());
    expect(random(5).fork('a').next()).not.toBe(random(5).fork('b').next());
  });

  test('weights are frequencies, and a weight of 0 never happens', () => {
    const rng = random(11);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < many; i++) counts[rng.weighted({ often: 3, seldom: 1, never: 0 })] += 1;
    expect(counts.never).toBe(0);
    expect(counts.often / counts.seldom).toBeCloseTo(3, 0);
    expect(() => rng.weighted({ never: 0 })).toThrow('No weight');
  });

  test('skewed draws have their median and never reach 0', () => {
    const rng = random(13);
    const values = Array.from({ length: many }, () => rng.skewed(100, 0.3)).sort((a, b) => a - b);
    expect(values[0]).toBeGreaterThan(0);
    expect(values[many / 2]).toBeGreaterThan(98);
    expect(values[many / 2]).toBeLessThan(102);
    expect(values[many * 0.95]! / 164).toBeCloseTo(1, 1);
  });

  test('integers include both ends', () => {
    const rng = random(17);
    const seen = new Set(Array.from({ length: 200 }, () => rng.integer(1, 3)));
    expect([...seen].sort()).toEqual([1, 2, 3]);
    expect(rng.hex(40)).toMatch(/^[0-9a-f]{40}$/);
  });
});
