import { describe, expect, it } from 'vitest';
import { substitute, type Variable } from '../../../src/promql/variables.ts';

const variables: readonly Variable[] = [
  { name: 'environment', kind: 'label-value', allValue: '.*', samples: ['production', 'staging'] },
  { name: 'service', kind: 'label-value', samples: ['api', 'web'] },
  { name: 'id', kind: 'label-value' },
  { name: 'window', kind: 'interval', samples: ['7d', '30d'] },
  { name: 'k', kind: 'number' },
  { name: 'group', kind: 'label-name', samples: ['stage'] },
  { name: 'datasource', kind: 'datasource' },
];
const text = (source: string, mode: 'sample' | 'all' = 'sample'): string =>
  substitute(source, variables, mode).text;

describe('a variable is replaced by its kind', () => {
  it.each([
    ['up{a="$environment"}', 'up{a="production"}'],
    ['up{a=~"${environment}"}', 'up{a=~"production"}'],
    ['up{a=~"${environment:regex}"}', 'up{a=~"production"}'],
    ['up{a="[[environment]]"}', 'up{a="production"}'],
    ['up{a="$id"}', 'up{a="x"}'],
    ['up{a="pre-$id-post"}', 'up{a="pre-x-post"}'],
    ['rate(a[$window])', 'rate(a[7d])'],
    ['a offset $window', 'a offset 7d'],
    ['topk($k, a)', 'topk(1, a)'],
    ['sum by ($group) (a)', 'sum by (stage) (a)'],
    ['a{d="$datasource"}', 'a{d="x"}'],
    [
      'rate(a[$__rate_interval]) + rate(a[$__interval]) + rate(a[$__range])',
      'rate(a[5m]) + rate(a[1m]) + rate(a[1h])',
    ],
    ['a / $__range_s + $__interval_ms + ${__range_ms}', 'a / 3600 + 60000 + 3600000'],
    ['a[${__range_s}s]', 'a[3600s]'],
    ['a @ ${__to:date:seconds}', 'a @ 1700003600'],
    ['a > $__from', 'a > 1700000000000'],
  ])('%s', (source, expected) => {
    expect(text(source)).toBe(expected);
    expect(substitute(source, variables).unknown).toEqual([]);
  });

  it.each([
    'label_replace(a, "b", "$1", "c", "(.*)")',
    'label_replace(a, "b", "${1}-$2", "c", "(.*)")',
    'label_replace(a, "b", "$first", "c", "(?P<first>.*)")',
    'a{b="costs $5"}',
    'a[[b]]',
  ])('and nothing else is: %s', (source) => {
    expect(substitute(source, variables)).toMatchObject({ text: source, unknown: [], replaced: [] });
  });
});

describe('"All" chosen', () => {
  it.each([
    ['a{b=~"$environment"}', 'a{b=~".*"}'],
    ['a{b=~"$service"}', 'a{b=~"(api|web)"}'],
    ['a{b=~"$id"}', 'a{b=~"x"}'],
    ['a[$window]', 'a[7d]'],
  ])('%s', (source, expected) => {
    expect(text(source, 'all')).toBe(expected);
  });
});

describe('undeclared variables', () => {
  it.each([
    ['up{a="$nope"}', 'nope', '$nope'],
    ['rate(a[$nope])', 'nope', '$nope'],
    ['a offset ${nope}', 'nope', '${nope}'],
    ['sum by ($nope) (a)', 'nope', '$nope'],
    ['a > ${nope:raw}', 'nope', '${nope:raw}'],
    ['a > $__nope', '__nope', '$__nope'],
  ])('%s', (source, name, written) => {
    const { unknown } = substitute(source, variables);
    expect(unknown.map((u) => [u.name, source.slice(u.from, u.to)])).toEqual([[name, written]]);
  });
});

describe('the way back', () => {
  const source = 'rate(a{b="$environment"}[$window]) > $k or c';
  const { text: replaced, mapBack, mapSpan } = substitute(source, variables);

  it('leads every untouched character to itself', () => {
    for (const word of ['rate', 'a{b=', '}[', ']) > ', ' or c']) {
      expect(mapBack(replaced.indexOf(word))).toBe(source.indexOf(word));
      const from = replaced.indexOf(word);
      const span = mapSpan({ from, to: from + word.length });
      expect(source.slice(span.from, span.to)).toBe(word);
    }
    expect(mapBack(replaced.length)).toBe(source.length);
  });
  it('leads into a variable as a whole', () => {
    const from = replaced.indexOf('production');
    for (const part of [
      { from, to: from + 10 },
      { from: from + 2, to: from + 5 },
    ]) {
      const span = mapSpan(part);
      expect(source.slice(span.from, span.to)).toBe('$environment');
    }
    const outer = mapSpan({ from: from - 1, to: from + 11 });
    expect(source.slice(outer.from, outer.to)).toBe('"$environment"');
    const empty = mapSpan({ from: replaced.length, to: replaced.length });
    expect(empty).toEqual({ from: source.length, to: source.length });
  });
});
