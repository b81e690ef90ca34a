import { describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { pinnedLabels } from '../../../src/promql/pins.ts';
import { outputLabels } from '../../../src/promql/walk.ts';

const known: Readonly<Record<string, readonly string[]>> = {
  a: ['x', 'y'],
  b: ['x', 'z'],
  h_bucket: ['x', 'le'],
};

function ast(text: string) {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems.map((p) => p.message).join(' ')}`);
  return parsed.ast;
}

function labels(text: string): string[] | undefined {
  const found = outputLabels(ast(text), (name) => known[name] && new Set(known[name]));
  return found && [...found].sort();
}

describe('the labels of a result', () => {
  it.each<[string, string[] | undefined]>([
    ['a', ['__name__', 'x', 'y']],
    ['{__name__="a"}', ['__name__', 'x', 'y']],
    ['unknown', undefined],
    ['{job="a"}', undefined],
    ['a{x=""}', ['__name__', 'y']],
    ['(a)', ['__name__', 'x', 'y']],
    ['-a', ['x', 'y']],
    ['1', []],
    ['scalar(a)', []],
    ['vector(1)', []],
    ['time()', []],
    ['hour()', []],
    ['hour(a)', ['x', 'y']],
    ['rate(a[5m])', ['x', 'y']],
    ['last_over_time(a[5m])', ['__name__', 'x', 'y']],
    ['max_over_time(a[1h:])', ['x', 'y']],
    ['sort_desc(a)', ['__name__', 'x', 'y']],
    ['quantile_over_time(0.9, a[5m])', ['x', 'y']],
    ['histogram_quantile(0.9, h_bucket)', ['x']],
    ['histogram_quantile(0.9, sum by (le) (h_bucket))', []],
    ['sum(a)', []],
    ['sum(unknown)', []],
    ['sum by (x) (a)', ['x']],
    ['sum by (x, nope) (a)', ['x']],
    ['sum by (x, nope) (unknown)', ['nope', 'x']],
    ['sum without (x) (a)', ['y']],
    ['sum without (x) (unknown)', undefined],
    ['topk by (x) (1, a)', ['__name__', 'x', 'y']],
    ['count_values by (x) ("value", a)', ['value', 'x']],
    ['count_values("value", a)', ['value']],
    ['a + 1', ['x', 'y']],
    ['1 - a', ['x', 'y']],
    ['a > 1', ['__name__', 'x', 'y']],
    ['a > bool 1', ['x', 'y']],
    ['a + b', ['x']],
    ['a > b', ['__name__', 'x']],
    ['a + on (x) b', ['x']],
    ['a + on () b', []],
    ['a + ignoring (y, z) b', ['x']],
    ['a * on (x) group_left b', ['x', 'y']],
    ['a * on (x) group_left (z) b', ['x', 'y', 'z']],
    ['a * on (x) group_left (nope) b', ['x', 'y']],
    ['a * on (x) group_right (y) b', ['x', 'y', 'z']],
    ['a * on (x) group_left (q) unknown', ['q', 'x', 'y']],
    ['unknown * on (x) group_left (y) a', undefined],
    ['a and b', ['__name__', 'x', 'y']],
    ['a unless on (x) b', ['__name__', 'x', 'y']],
    ['a or b', ['__name__', 'x', 'y', 'z']],
    ['a or unknown', undefined],
    ['a or vector(0)', ['__name__', 'x', 'y']],
    ['label_replace(a, "new", "$1", "x", "(.*)")', ['__name__', 'new', 'x', 'y']],
    ['label_join(a, "new", "-", "x", "y")', ['__name__', 'new', 'x', 'y']],
    ['absent(a{x="1", y!="2"})', ['x']],
    ['absent_over_time(a{x="1"}[5m])', ['x']],
    ['absent(a{x="1", x="2"})', []],
    ['absent(sum(a))', []],
    ['info(a)', undefined],
  ])('%s', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });
});

describe('the labels that have one value', () => {
  it.each<[string, Record<string, string>]>([
    ['a{x="1", y=~"2"}', { x: '1' }],
    ['rate(a{x="1"}[5m])', { x: '1' }],
    ['sum by (x) (a{x="1", y="2"})', { x: '1' }],
    ['sum without (x) (a{x="1", y="2"})', { y: '2' }],
    ['sum(a{x="1"})', {}],
    ['-a{x="1"} * 2', { x: '1' }],
    ['max_over_time(a{x="1"}[1h:])', { x: '1' }],
    ['a{x="1"} + a{x="2"}', {}],
    ['label_replace(a{x="1"}, "x", "2", "", "")', {}],
  ])('%s', (text, expected) => {
    expect(Object.fromEntries(pinnedLabels(ast(text)))).toEqual(expected);
  });
});
