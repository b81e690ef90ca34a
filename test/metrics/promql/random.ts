import type { LabelRef, Matcher, Matching, MatchOp, Node, SelectorNode } from '../../../src/promql/parse.ts';

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const at = { from: 0, to: 0 };
const names = ['a', 'deployments', 'x:y:z', 'http_requests_total', 'by', 'rate', 'sum'];
const labels = ['environment', 'service', 'le', 'on', 'bool'];
const values = ['production', '', 'a"b', 'back\\slash', 'line\nbreak', 'ü 🚀', '.+', 'a|b'];

/** Expressions that are right by construction, for printing, reading and judging. */
export class RandomExpression {
  private readonly next: () => number;
  constructor(next: () => number) {
    this.next = next;
  }

  private int(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  private pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }
  private chance(probability: number): boolean {
    return this.next() < probability;
  }
  private labelRefs(): LabelRef[] {
    const first = this.int(labels.length);
    return labels.slice(first, first + this.int(3)).map((name) => ({ name, ...at }));
  }

  private selector(): SelectorNode {
    const matchers = Array.from({ length: this.int(3) }, (): Matcher => {
      const op = this.pick<MatchOp>(['=', '!=', '=~', '!~']);
      const value = op.endsWith('~') ? this.pick(['.+', 'a|b', 'v1\\.[0-9]+', '']) : this.pick(values);
      return { label: this.pick(labels), op, value, valueSpan: at, ...at };
    });
    const offset = this.pick([60_000, -3_600_000, 90_061_001]);
    const time = this.pick([1_700_000_000_123, -5000, 'start', 'end'] as const);
    return {
      kind: 'selector',
      valueType: 'vector',
      name: this.pick(names),
      matchers,
      ...(this.chance(0.2) && { offset }),
      ...(this.chance(0.2) && { at: time }),
      ...at,
    };
  }

  private range(depth: number): Node {
    const range = this.pick([1, 1000, 300_000, 2_592_000_000, 31_536_000_000, 694_861_007]);
    if (depth <= 0 || this.chance(0.6)) {
      const selector = this.selector();
      return { kind: 'matrix', valueType: 'matrix', selector, range, ...at };
    }
    const expr = this.wrapped(depth - 1);
    const step = this.chance(0.5) ? { step: 15_000 } : {};
    return { kind: 'subquery', valueType: 'matrix', expr, range, ...step, ...at };
  }

  private wrapped(depth: number): Node {
    const expr = this.vector(depth);
    return expr.kind === 'binary' || expr.kind === 'unary'
      ? { kind: 'paren', valueType: expr.valueType, expr, ...at }
      : expr;
  }

  private call(func: string, ...args: readonly Node[]): Node {
    return { kind: 'call', valueType: 'vector', func, args, ...at };
  }

  scalar(depth: number): Node {
    const value = this.pick([0, 1, 0.25, 1e-7, 1e21, 123456.789, Number.POSITIVE_INFINITY, Number.NaN]);
    if (depth <= 0 || this.chance(0.6)) return { kind: 'number', valueType: 'scalar', value, ...at };
    const vector = this.vector(depth - 1);
    return { kind: 'call', valueType: 'scalar', func: 'scalar', args: [vector], ...at };
  }

  private matching(set: boolean): Matching {
    const kind = this.pick(['on', 'ignoring'] as const);
    const group = !set && this.chance(0.4) ? this.pick(['left', 'right'] as const) : undefined;
    const include = group ? [{ name: 'copied', ...at }] : [];
    return { kind, labels: this.labelRefs(), ...(group && { group }), include, ...at };
  }

  private binary(depth: number): Node {
    const op = this.pick([
      '+',
      '-',
      '*',
      '/',
      '%',
      '^',
      'atan2',
      '==',
      '!=',
      '<',
      '>=',
      'and',
      'or',
      'unless',
    ]);
    const set = /^[aou]/.test(op) && op !== 'atan2';
    const bool = /^[=!<>]/.test(op) && this.chance(0.3);
    const matching = this.chance(0.4) ? { matching: this.matching(set) } : {};
    const [left, right] = [this.wrapped(depth - 1), this.wrapped(depth - 1)];
    return { kind: 'binary', valueType: 'vector', op, opSpan: at, bool, ...matching, left, right, ...at };
  }

  private aggregate(depth: number): Node {
    const op = this.pick(['sum', 'avg', 'count', 'group', 'topk', 'quantile', 'count_values']);
    const kind = this.pick(['by', 'without'] as const);
    const grouping = this.chance(0.7) ? { grouping: { kind, labels: this.labelRefs(), ...at } } : {};
    const label: Node = { kind: 'string', valueType: 'string', value: 'version', ...at };
    const param = op === 'count_values' ? label : /k$|^q/.test(op) ? this.scalar(depth - 1) : undefined;
    const expr = this.vector(depth - 1);
    return { kind: 'aggregate', valueType: 'vector', op, ...grouping, ...(param && { param }), expr, ...at };
  }

  vector(depth: number): Node {
    if (depth <= 0) return this.selector();
    switch (this.int(8)) {
      case 0:
        return this.selector();
      case 1:
        return this.call(this.pick(['abs', 'sort', 'absent', 'ceil']), this.vector(depth - 1));
      case 2:
        return this.call(this.pick(['rate', 'increase', 'last_over_time', 'delta']), this.range(depth - 1));
      case 3:
        return this.call('histogram_quantile', this.scalar(depth - 1), this.vector(depth - 1));
      case 4:
        return { kind: 'unary', valueType: 'vector', op: '-', expr: this.wrapped(depth - 1), ...at };
      case 5:
        return this.aggregate(depth);
      default:
        return this.binary(depth);
    }
  }
}

const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '=',
  '=~',
  '!=',
  '==',
  '+',
  '-',
  '^',
  '/',
  '@',
  ':',
];
const words = [
  'by',
  'on',
  'bool',
  'offset',
  'group_left',
  'and',
  'sum',
  'rate',
  'a',
  '5m',
  '0',
  '1.5',
  '"b"',
  ' ',
];

/** An expression with a few things left out, doubled, swapped or put in: mostly wrong, sometimes still right. */
export function mutate(text: string, next: () => number): string {
  const tokens = text.match(/\w+|"(?:[^"\\]|\\.)*"|\s+|[^\w\s]/g) ?? [];
  const int = (limit: number): number => Math.floor(next() * limit);
  for (let times = 1 + int(2); times > 0; times--) {
    const i = int(tokens.length + 1);
    const kind = int(4);
    if (kind === 0) tokens.splice(i, 1);
    else if (kind === 1) tokens.splice(i, 0, [...pieces, ...words][int(pieces.length + words.length)]!);
    else if (kind === 2) tokens.splice(i, 1, ...tokens.slice(i, i + 1), ...tokens.slice(i, i + 1));
    else tokens.splice(i, 2, ...tokens.slice(i, i + 2).reverse());
  }
  return tokens.join('');
}
