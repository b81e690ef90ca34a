import { describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { equalPromql, formatPromql } from '../../../src/promql/print.ts';
import { RandomExpression, random } from './random.ts';
import { allPortable, newer } from './valid.ts';

function format(text: string): string {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems.map((p) => p.message).join(' ')}`);
  return formatPromql(parsed.ast);
}

describe('the normal form', () => {
  it.each([
    ['sum(x) by (job)', 'sum by (job) (x)'],
    ['sum(x) by ()', 'sum(x)'],
    ['sum(x) without ()', 'sum without () (x)'],
    ['SUM(x)', 'sum(x)'],
    ['x{b="2", a="1",}', 'x{a="1",b="2"}'],
    ["x{a='it\\'s'}", 'x{a="it\'s"}'],
    ['x{}', 'x'],
    ['{__name__="x"}', '{__name__="x"}'],
    ['{"x"}', '{__name__="x"}'],
    ['x[60s]', 'x[1m]'],
    ['x[90s]', 'x[1m30s]'],
    ['x[7d]', 'x[1w]'],
    ['x[8d]', 'x[8d]'],
    ['x[365d]', 'x[1y]'],
    ['x[24h]', 'x[1d]'],
    ['x[1500ms]', 'x[1s500ms]'],
    ['x offset 60s @ end()', 'x @ end() offset 1m'],
    ['x[5m] offset -60s', 'x[5m] offset -1m'],
    ['x @ 5', 'x @ 5.000'],
    ['x[1h:]', 'x[1h:]'],
    ['x[60m:60s] offset 1h', 'x[1h:1m] offset 1h'],
    ['1e3', '1000'],
    ['0.10', '0.1'],
    ['0x10', '16'],
    ['1e21', '1000000000000000000000'],
    ['1e-7', '0.0000001'],
    ['-1.5e-8', '-0.000000015'],
    ['inf', '+Inf'],
    ['-Inf', '-Inf'],
    ['nan', 'NaN'],
    ['-0', '-0'],
    ['a/on()b', 'a / on () b'],
    ['a/ignoring()b', 'a / b'],
    ['a AND b', 'a and b'],
    ['a>bool ignoring(x)group_left b', 'a > bool ignoring (x) group_left () b'],
    ['a - -1', 'a - -1'],
    ['- a', '-a'],
    ['"tab\\t\\x00\\u00ad"', '"tab\\t\\x00\\u00ad"'],
    ['"\\U0001F680\\xff"', '"🚀\\xff"'],
    ['topk( 3,x )', 'topk(3, x)'],
    ['time( )', 'time()'],
    ['# why\nsum( # how\nx)', 'sum(x)'],
  ])('%s becomes %s', (text, expected) => {
    expect(format(text)).toBe(expected);
  });

  it('is read again as itself', () => {
    for (const text of [...allPortable, ...newer]) expect(format(format(text))).toBe(format(text));
  });

  it('loses nothing of a random expression', () => {
    const next = random(3);
    for (let i = 0; i < 3000; i++) {
      const text = formatPromql(new RandomExpression(next).vector(4));
      expect(format(text)).toBe(text);
    }
  });
});

describe('equal expressions', () => {
  it.each([
    ['sum(a) by (b)', 'sum by (b) (a)'],
    ['a{b="c",d="e"}', "a { d='e' , b='c' }"],
    ['a[5m] # five', 'a[300s]'],
    ['not promql', 'not promql'],
  ])('%j and %j', (a, b) => {
    expect(equalPromql(a, b)).toBe(true);
  });
  it.each([
    ['sum by (a, b) (c)', 'sum by (b, a) (c)'],
    ['a + b', 'b + a'],
    ['a{b="c"}', 'a{b="d"}'],
    ['a[5m]', 'a[6m]'],
    ['a', 'a +'],
    ['a +', 'a -'],
  ])('%j is not %j', (a, b) => {
    expect(equalPromql(a, b)).toBe(false);
  });
});
