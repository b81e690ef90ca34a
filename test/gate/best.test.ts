import { expect, test } from 'vitest';

/** ln n!, exactly enough for counts of requests. */
const logFactorials = [0];
for (let n = 1; n <= 5_000; n++) logFactorials.push(logFactorials[n - 1]! + Math.log(n));
const logChoose = (n: number, k: number): number =>
  logFactorials[n]! - logFactorials[k]! - logFactorials[n - k]!;
const binomial = (n: number, k: number, p: number): number =>
  Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log(1 - p));

/** Good deployments that may be refused. */
const level = 0.01;
/** The least count that is refused, and the share of cases of one less, so that exactly the level is used up. */
function limit(from: number, to: number, chance: (k: number) => number): readonly [number, number] {
  let used = 0;
  for (let k = to; k >= from; k--) {
    const own = chance(k);
    if (used + own > level) return [k + 1, (level - used) / own];
    used += own;
  }
  return [from, 0];
}
const refused = (k: number, [least, share]: readonly [number, number]): number =>
  k >= least ? 1 : k === least - 1 ? share : 0;

const counts = (n: number): number[] => Array.from({ length: n + 1 }, (_, k) => k);

/** Share of bad versions that the best test of so many requests refuses which knows the base rate (Neyman and Pearson). */
const bestKnowing = (requests: number, base: number, bad: number): number => {
  const at = limit(0, requests, (k) => binomial(requests, k, base));
  return counts(requests).reduce((sum, k) => sum + binomial(requests, k, bad) * refused(k, at), 0);
};

/** The same of the best unbiased test that knows it from an hour before: given their sum, the counts are hypergeometric. */
function bestMeasuring(requests: number, before: number, base: number, bad: number): number {
  const limits = new Map<number, readonly [number, number]>();
  const limitOf = (total: number): readonly [number, number] => {
    const known = limits.get(total);
    if (known) return known;
    const made = limit(Math.max(0, total - before), Math.min(total, requests), (k) =>
      Math.exp(logChoose(requests, k) + logChoose(before, total - k) - logChoose(requests + before, total)),
    );
    limits.set(total, made);
    return made;
  };
  let sum = 0;
  for (let y = 0; y <= 250; y++)
    for (let x = 0; x <= 100; x++)
      sum += binomial(before, y, base) * binomial(requests, x, bad) * refused(x, limitOf(x + y));
  return sum;
}

const percent = (share: number): number => Math.round(share * 1_000) / 10;

test('no test of six minutes at one request a second refuses 95 % of the bad ones at a base rate of 1.67 %', () => {
  expect(percent(bestKnowing(360, 0.0167, 0.0501))).toBe(92);
  expect(percent(bestKnowing(360, 0.02, 0.06))).toBe(95.8);
  expect(percent(bestMeasuring(360, 3_600, 0.0167, 0.0501))).toBe(88.9);
  expect(percent(bestMeasuring(360, 3_600, 0.02, 0.06))).toBe(93.8);
  expect(percent(bestMeasuring(480, 3_600, 0.0167, 0.0501))).toBe(95.2);
});
