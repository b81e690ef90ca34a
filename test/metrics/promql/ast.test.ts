import { describe, expect, it } from 'vitest';
import { type Node, parsePromql } from '../../../src/promql/parse.ts';
import { childNodes, findAll, metricOf, selectors, visit } from '../../../src/promql/walk.ts';

function ast(text: string): Node {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join(' '));
  return parsed.ast;
}

/** The tree as nested lists: what binds to what. */
function shape(node: Node): unknown {
  const children = childNodes(node).map(shape);
  switch (node.kind) {
    case 'number':
    case 'string':
      return node.value;
    case 'selector':
      return node.offset === undefined && node.at === undefined
        ? node.name
        : [
            node.name,
            ...(node.offset === undefined ? [] : ['offset', node.offset]),
            ...(node.at === undefined ? [] : ['@', node.at]),
          ];
    case 'matrix':
      return ['range', ...children];
    case 'subquery':
      return ['subquery', ...children];
    case 'binary':
      return [children[0], node.op, children[1]];
    case 'unary':
      return [node.op, ...children];
    case 'call':
      return [node.func, ...children];
    case 'aggregate':
      return [node.op, ...children];
    case 'paren':
      return ['()', ...children];
  }
}

describe('binding', () => {
  it.each<[string, unknown]>([
    ['a + b * c', ['a', '+', ['b', '*', 'c']]],
    ['a * b + c', [['a', '*', 'b'], '+', 'c']],
    ['a - b - c', [['a', '-', 'b'], '-', 'c']],
    ['a ^ b ^ c', ['a', '^', ['b', '^', 'c']]],
    ['a or b and c', ['a', 'or', ['b', 'and', 'c']]],
    ['a and b unless c', [['a', 'and', 'b'], 'unless', 'c']],
    ['a > b + c', ['a', '>', ['b', '+', 'c']]],
    ['a == b > c', [['a', '==', 'b'], '>', 'c']],
    ['a atan2 b * c', [['a', 'atan2', 'b'], '*', 'c']],
    ['(a + b) * c', [['()', ['a', '+', 'b']], '*', 'c']],
    ['-a * b', [['-', 'a'], '*', 'b']],
    ['-a ^ b', ['-', ['a', '^', 'b']]],
    ['-1 ^ 2', ['-', [1, '^', 2]]],
    ['2 ^ -1 * 3', [[2, '^', -1], '*', 3]],
    ['a + -1', ['a', '+', -1]],
    ['- - a', ['-', ['-', 'a']]],
    ['a + b offset 5m', ['a', '+', ['b', 'offset', 300_000]]],
    ['a + b offset 5m * c', ['a', '+', [['b', 'offset', 300_000], '*', 'c']]],
    ['a + b @ end()', ['a', '+', ['b', '@', 'end']]],
    ['-a offset 5m', ['-', ['a', 'offset', 300_000]]],
    ['a + abs(b) ^ c', ['a', '+', [['abs', 'b'], '^', 'c']]],
    ['a - max_over_time(b[5m])', ['a', '-', ['max_over_time', ['range', 'b']]]],
  ])('%s', (text, expected) => {
    expect(shape(ast(text))).toEqual(expected);
  });

  it('takes a range to the operand in front of it, whatever the grammar says', () => {
    const parsed = parsePromql('a + b[5m] * c');
    expect(parsed.ok ? [] : parsed.problems.map((p) => [p.id, p.from, p.to])).toEqual([
      ['promql-type', 4, 9],
    ]);
  });
});

describe('values', () => {
  it.each<[string, number]>([
    ['1e3', 1000],
    ['0x1f', 31],
    ['010', 8],
    ['08', 8],
    ['-2.5', -2.5],
    ['+4', 4],
    ['Inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['1_000', 1000],
    ['1m30s', 90],
  ])('%s is %d', (text, value) => {
    expect(ast(text)).toMatchObject({ kind: 'number', value, valueType: 'scalar' });
  });

  it('reads durations as milliseconds', () => {
    expect(ast('a[1h1ms]')).toMatchObject({ kind: 'matrix', range: 3_600_001 });
    expect(ast('a[1d:90s]')).toMatchObject({ kind: 'subquery', range: 86_400_000, step: 90_000 });
    expect(ast('a offset -1w')).toMatchObject({ kind: 'selector', offset: -604_800_000 });
    expect(ast('a[2m] offset 1s @ 5.5')).toMatchObject({
      selector: { offset: 1000, at: 5500 },
      range: 120_000,
    });
    expect(ast('a @ -2')).toMatchObject({ at: -2000 });
    expect(ast('a @ start()')).toMatchObject({ at: 'start' });
  });

  it('knows the type of every expression', () => {
    const types = { '1': 'scalar', '"a"': 'string', a: 'vector', 'a[5m]': 'matrix', '(a)[1h:]': 'matrix' };
    for (const [text, type] of Object.entries(types)) expect(ast(text).valueType).toBe(type);
    expect(ast('1 + time()').valueType).toBe('scalar');
    expect(ast('1 + a').valueType).toBe('vector');
    expect(ast('(-scalar(a))').valueType).toBe('scalar');
    expect(ast('sum(a) > bool 1').valueType).toBe('vector');
  });
});

describe('places', () => {
  const text = 'sum by (x) (rate(a{b="c", d=~"e"}[5m])) / on (x) group_left (y) f offset 1h # end';
  const at = (node: { from: number; to: number }): string => text.slice(node.from, node.to);

  it('gives every part its place in the text', () => {
    const node = ast(text);
    if (node.kind !== 'binary' || node.left.kind !== 'aggregate') throw new Error('another tree');
    expect(at(node)).toBe(text.slice(0, -6));
    expect(at(node.opSpan)).toBe('/');
    expect(at(node.matching!)).toBe('on (x) group_left (y)');
    expect(node.matching!.labels.map(at)).toEqual(['x']);
    expect(node.matching!.include.map(at)).toEqual(['y']);
    expect(at(node.left)).toBe('sum by (x) (rate(a{b="c", d=~"e"}[5m]))');
    expect(at(node.left.grouping!)).toBe('by (x)');
    expect(at(node.right)).toBe('f offset 1h');
    const [selector] = selectors(node);
    expect(at(selector!)).toBe('a{b="c", d=~"e"}');
    expect(selector!.matchers.map(at)).toEqual(['b="c"', 'd=~"e"']);
    expect(selector!.matchers.map((m) => at(m.valueSpan))).toEqual(['"c"', '"e"']);
    expect(findAll(node, 'matrix').map(at)).toEqual(['a{b="c", d=~"e"}[5m]']);
  });
});

describe('walking', () => {
  it('visits parents before children, left before right', () => {
    const seen: string[] = [];
    visit(ast('sum(a) + topk(2, -b)'), (node, parent) => seen.push(`${parent?.kind ?? ''}>${node.kind}`));
    expect(seen).toEqual([
      ...['>binary', 'binary>aggregate', 'aggregate>selector', 'binary>aggregate'],
      ...['aggregate>number', 'aggregate>unary', 'unary>selector'],
    ]);
  });

  it('finds the metric in front of the braces and inside them', () => {
    const names = (text: string) => selectors(ast(text)).map(metricOf);
    expect(names('a + {__name__="b"} + {"c"} + {__name__=~"d.*"} + {job="e"}')).toEqual([
      ...['a', 'b', 'c', undefined, undefined],
    ]);
  });
});
