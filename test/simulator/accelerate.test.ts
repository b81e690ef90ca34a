import { expect, test } from 'vitest';
import { accelerate } from '../../src/simulator/accelerate.ts';
import { recorderCalls } from '../../src/simulator/calls.ts';
import { simulate } from '../../src/simulator/history.ts';
import { factsOf } from '../oracle/facts.ts';

const end = 1_760_000_000;
const { deployments } = simulate({ seed: 5, end, days: 3, perDay: 100 });

test('everything happens sooner, in the same order, and comes to the same', () => {
  for (const d of deployments) {
    const fast = accelerate(d, 5);
    expect(fast.triggered).toBe(d.triggered);
    if (d.finished) expect((fast.finished! - d.triggered) * 5).toBeCloseTo(d.finished - d.triggered, 1);
    expect(factsOf(fast, end + 86_400)?.outcome).toBe(factsOf(d, end + 86_400)?.outcome);
    const verbs = recorderCalls(fast).map(({ argv }) => argv.slice(0, 1).join(' '));
    expect(verbs.sort()).toEqual(
      recorderCalls(d)
        .map(({ argv }) => argv.slice(0, 1).join(' '))
        .sort(),
    );
  }
});

test('a steady history has no office hours', () => {
  const steady = simulate({ seed: 5, end, days: 7, perDay: 200, steady: true }).deployments;
  const atNight = steady.filter(({ triggered }) => new Date(triggered * 1000).getUTCHours() < 6).length;
  expect(atNight / steady.length).toBeGreaterThan(0.2);
  const usual = simulate({ seed: 5, end, days: 7, perDay: 200 }).deployments;
  const atNightUsually = usual.filter(({ triggered }) => new Date(triggered * 1000).getUTCHours() < 6).length;
  expect(atNightUsually / usual.length).toBeLessThan(0.1);
});
