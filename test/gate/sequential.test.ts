import { describe, expect, it } from 'vitest';
import { type Counts, sequentialTest } from '../../src/record/gate/sequential.ts';

/** A random generator of which every run is the same (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const deployments = 1_000;

/** Deployments of which the truth is known: an hour at the base rate, then six minutes at another, a request a second. */
function simulate(base: number, rate: number, seed: number): { refused: number; seconds: number } {
  const next = random(seed);
  const failing = (requests: number, share: number): number => {
    let errors = 0;
    for (let i = 0; i < requests; i++) if (next() < share) errors++;
    return errors;
  };
  let refused = 0;
  let seconds = 0;
  for (let i = 0; i < deployments; i++) {
    const before = { requests: 3_600, errors: failing(3_600, base) };
    let after: Counts = { requests: 60, errors: failing(60, rate) };
    let decision = sequentialTest(after, before, { over: false });
    while (decision.verdict === 'open') {
      after = { requests: after.requests + 5, errors: after.errors + failing(5, rate) };
      decision = sequentialTest(after, before, { over: after.requests >= 360 });
    }
    if (decision.verdict === 'bad') refused++;
    seconds += after.requests;
  }
  return { refused: refused / deployments, seconds: Math.round(seconds / deployments) };
}

const bases = [0, 0.001, 0.005, 0.01, 0.0167, 0.02, 0.03, 0.05, 0.1, 0.2];

describe('ten thousand deployments', () => {
  const rows = bases.map((base, i) => {
    const bad = Math.max(0.05, 3 * base);
    return {
      base,
      good: simulate(base, base, i + 1),
      bad: simulate(base, bad, i + 101),
      worse: simulate(base, bad * 1.5, i + 201),
    };
  });

  it('of which the good ones are refused in at most one of a hundred', () => {
    const refused = rows.map(({ good }) => good.refused);
    expect(refused.reduce((sum, share) => sum + share, 0) / refused.length).toBeLessThan(0.01);
    // One run of a thousand at a true 1 % may well show 1.5 %.
    expect(Math.max(...refused)).toBeLessThan(0.015);
  });

  it('of which the bad ones are refused in at least 95 of a hundred, where 360 requests can tell', () => {
    for (const { base, bad } of rows)
      if (base < 0.0133 || base > 0.025) expect(bad.refused, String(base)).toBeGreaterThan(0.95);
    // 6 errors expected and 18 seen are not told apart better than this by any test at one refusal in a hundred.
    for (const { bad } of rows) expect(bad.refused).toBeGreaterThan(0.87);
    for (const { worse } of rows) expect(worse.refused).toBeGreaterThan(0.99);
  });

  it('are decided early both ways', () => {
    expect(rows.find(({ base }) => base === 0.1)!.good.seconds).toBeLessThan(100);
    expect(rows.find(({ base }) => base === 0)!.bad.seconds).toBeLessThan(150);
  });
});

describe('many requests', () => {
  const hour = { requests: 36_000, errors: 360 };
  it('tell twice the base from three times', () => {
    expect(sequentialTest({ requests: 30_000, errors: 600 }, hour, { over: true }).verdict).toBe('good');
    expect(sequentialTest({ requests: 30_000, errors: 900 }, hour, { over: false }).verdict).toBe('bad');
  });
  it('of a service that always fails as much are no reason to refuse', () => {
    const often = { requests: 36_000, errors: 3_600 };
    expect(sequentialTest({ requests: 3_000, errors: 300 }, often, { over: true }).verdict).toBe('good');
  });
});

it('is surer while it watches, and never passes for want of time', () => {
  const before = { requests: 3_600, errors: 0 };
  const few = { requests: 300, errors: 8 };
  expect(sequentialTest(few, before, { over: true }).verdict).toBe('bad');
  expect(sequentialTest(few, before, { over: true, watching: true }).verdict).toBe('open');
});
