/**
 * Numbers that look random and depend on nothing but the seed. Draws are taken from named forks, so that one
 * more draw in one deployment leaves all other deployments as they were.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [from, to). */
  between(from: number, to: number): number;
  /** An integer in [from, to]. */
  integer(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items; all are equally likely. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** One of the keys, as likely as its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Around `median`, never below 0, with a long tail: `spread` 0.3 puts 95 % of draws below 1.64 times the median. */
  skewed(median: number, spread: number): number;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** Independent numbers, the same for the same name. */
  fork(name: string | number): Random;
}

/** 32-bit FNV-1a: a name becomes part of a seed. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
};

/** The generator known as mulberry32: one 32-bit state, good enough to tell stories, four lines long. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A source of numbers for this seed (an integer). */
export function random(seed: number): Random {
  const next = generator(seed);
  const between = (from: number, to: number): number => from + next() * (to - from);
  const integer = (from: number, to: number): number => Math.floor(between(from, to + 1));
  return {
    next,
    between,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    weighted: (weights) => weighted(weights, next()),
    // Box-Muller; 1 - next() is never 0.
    skewed: (median, spread) =>
      median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
    fork: (name) => random(hash(`${seed}/${name}`)),
  };
}

function weighted<K extends string>(weights: Readonly<Record<K, number>>, draw: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = draw * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    if (left < weight) return key;
    left -= weight;
  }
  const last = entries.findLast(([, weight]) => weight > 0);
  if (last === undefined) throw new RangeError('No weight is above 0.');
  return last[0];
}
