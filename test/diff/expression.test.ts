import { describe, expect, it } from 'vitest';
import { costRisk } from '../../src/diff/cost.ts';
import { describeExpression, sameExpression } from '../../src/diff/expression.ts';

describe('a changed expression in words', () => {
  it.each([
    ['a / on (x) b', 'a / on (x, y) b', ['matching `on (x)` → `on (x, y)`']],
    ['a / b', 'a / on (x) group_left (z) b', ['matching `all labels` → `on (x) group_left (z)`']],
    ['a > b', 'a > bool b', ['operator `>` → `> bool`']],
    ['a @ 60', 'a @ end()', ['time `@ 60000` → `@ end`']],
    ['max_over_time(a[1d:1m])', 'max_over_time(a[1d:1s])', ['step of the subquery `1m` → `1s`']],
    [
      'max_over_time(a[1d:])',
      'max_over_time(a[1d:1s] offset 1h)',
      ['step of the subquery `default` → `1s`', 'offset `0s` → `1h`'],
    ],
    ['a > 1', 'a > 1 and on (x) b', ['condition `and on (x) b` added']],
    ['a > 1 unless b', 'a > 1', ['condition `unless b` removed']],
    ['a unless b > 3', 'a unless b > 5', ['number `3` → `5`']],
    ['a', 'rate(a[5m])', ['`rate([5m])` was put around it']],
    ['a{b="`"}', 'a{b="c"}', ['matcher ``b="`"`` → `b="c"`']],
    ['a', 'not PromQL (', ['the expression was rewritten']],
  ])('%s → %s', (before, after, words) => {
    expect(describeExpression(before, after)).toEqual(words);
  });

  it('is none where only its layout changed', () => {
    expect(sameExpression('sum(a) by (x)', 'sum by (x) (\n  a\n)')).toBe(true);
  });
});

describe('what a changed expression costs', () => {
  it.each([
    ['a', 'max_over_time(a[365d])', /about 2,102,400 times as many samples/],
    ['max_over_time(a[1d])', 'max_over_time(a[1d:1s])', /about 15 times/],
    ['max_over_time(a[1d])', 'max_over_time(a[7d])', /about 7 times/],
    ['a', '{__name__=~".+"}', /every series/],
    ['a{b="c"}', 'a', /more series/],
    ['a{b="c"}', 'a{b=~".*"}', /more series/],
  ])('is a risk: %s → %s', (before, after, words) => {
    expect(costRisk(before, after)).toMatch(words);
  });

  it.each([
    ['a', 'rate(a[5m])'],
    ['max_over_time(a[1d])', 'max_over_time(a[2d])'],
    ['max_over_time(a[5m])', 'max_over_time(a[$__range])'],
    ['a', 'a{b="c"}'],
    ['a', 'b'],
  ])('is none: %s → %s', (before, after) => {
    expect(costRisk(before, after)).toBeUndefined();
  });
});
