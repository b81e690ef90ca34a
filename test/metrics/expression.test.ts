import { describe, expect, it } from 'vitest';
import {
  ago,
  and,
  anyOf,
  avg,
  binary,
  buckets,
  clampMin,
  constant,
  countValues,
  firstOf,
  histogramQuantile,
  lastOverTime,
  matches,
  metric,
  midnight,
  monthStart,
  not,
  now,
  oneOf,
  or,
  quantile,
  rate,
  Scalar,
  scalar,
  setLabel,
  sum,
  times,
  topk,
  unless,
  Vector,
  variable,
  vector,
} from '../../src/metrics/index.ts';
import type { Node } from '../../src/promql/ast.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { type Random, random } from '../../src/simulator/random.ts';

function parse(text: string): Node {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems.map((p) => p.message).join(' ')}`);
  return parsed.ast;
}

/** The structure of an expression as nested lists, without the parentheses that only say so. */
type Shape = string | number | readonly Shape[];

function shapeOf(node: Node): Shape {
  switch (node.kind) {
    case 'paren':
      return shapeOf(node.expr);
    case 'number':
      return node.value;
    case 'selector':
      return node.name ?? '';
    case 'call':
      return [node.func, ...node.args.map(shapeOf)];
    case 'aggregate':
      return [node.op, (node.grouping?.labels ?? []).map((l) => l.name), shapeOf(node.expr)];
    case 'binary': {
      const { op, bool, matching, left, right } = node;
      const on = matching ? [matching.kind, ...matching.labels.map((l) => l.name)] : [];
      const group = matching?.group ? [matching.group, ...matching.include.map((l) => l.name)] : [];
      return [`${op}${bool ? ' bool' : ''}`, on, group, shapeOf(left), shapeOf(right)];
    }
    default:
      throw new Error(`no ${node.kind} was made`);
  }
}

/** An expression that was made, and the structure that it was meant to have. */
interface Made<T> {
  readonly made: T;
  readonly shape: Shape;
}

const names = ['up', 'database_pool_utilization_percent', 'deployment_total'] as const;
const arithmetic = ['+', '-', '*', '/', '%'] as const;
const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const;
const sets = { and, or, unless } as const;
const setNames = ['and', 'or', 'unless'] as const;

function someScalar(rng: Random, depth: number): Made<Scalar | number> {
  if (depth === 0 || rng.chance(0.5)) {
    const value = rng.integer(0, 99);
    return rng.chance(0.7) ? { made: value, shape: value } : { made: now, shape: ['time'] };
  }
  const op = rng.pick(arithmetic);
  const [left, right] = [someScalar(rng, depth - 1), someScalar(rng, depth - 1)];
  return { made: scalar(left.made, op, right.made), shape: [op, [], [], left.shape, right.shape] };
}

function someVector(rng: Random, depth: number): Made<Vector<string>> {
  if (depth === 0) {
    const name = rng.pick(names);
    return { made: metric(name) as Vector<string>, shape: name };
  }
  const inner = (): Made<Vector<string>> => someVector(rng, rng.integer(0, depth - 1));
  switch (rng.integer(0, 6)) {
    case 0: {
      const v = inner();
      return { made: sum(v.made, { by: ['job'] }) as Vector<string>, shape: ['sum', ['job'], v.shape] };
    }
    case 1: {
      const v = inner();
      return { made: clampMin(v.made, 3), shape: ['clamp_min', v.shape, 3] };
    }
    case 2: {
      const [name, left, right] = [rng.pick(setNames), inner(), inner()];
      const made = sets[name](left.made, right.made, { on: ['job'] });
      return { made, shape: [name, ['on', 'job'], [], left.shape, right.shape] };
    }
    case 3: {
      const [first, second, third] = [inner(), inner(), inner()];
      const either = (l: Shape, r: Shape): Shape => ['or', ['on', 'job'], [], l, r];
      return {
        made: firstOf(['job'], first.made, second.made, third.made),
        shape: either(either(first.shape, second.shape), third.shape),
      };
    }
    case 4: {
      const [factor, v] = [someScalar(rng, 2), inner()];
      return { made: times(factor.made, v.made), shape: ['*', [], [], factor.shape, v.shape] };
    }
    case 5: {
      const [op, left, right] = [rng.pick(comparisons), inner(), someScalar(rng, 2)];
      const bool = rng.chance(0.5);
      return {
        made: binary(left.made, op, right.made, { bool }),
        shape: [`${op}${bool ? ' bool' : ''}`, [], [], left.shape, right.shape],
      };
    }
    default: {
      const [op, left, right] = [rng.pick(arithmetic), inner(), inner()];
      const o = rng.chance(0.5) ? { on: ['job'], groupLeft: ['version'] } : {};
      const [on, group] =
        'on' in o
          ? [
              ['on', 'job'],
              ['left', 'version'],
            ]
          : [[], []];
      return { made: binary(left.made, op, right.made, o), shape: [op, on, group, left.shape, right.shape] };
    }
  }
}

describe('random expressions', () => {
  it('mean to Prometheus what was put together, whatever binds more tightly', () => {
    const rng = random(20_260_101);
    const seen = new Set<string>();
    for (let i = 0; i < 2_000; i++) {
      const { made, shape } = someVector(rng, 4);
      expect(shapeOf(parse(made.text)), made.text).toEqual(shape);
      seen.add(made.text);
    }
    // The test would prove nothing of a generator that makes the same again and again.
    expect(seen.size).toBeGreaterThan(1_000);
    expect([...seen].filter((text) => text.includes('(')).length).toBeGreaterThan(500);
  });

  it('of scalars, too', () => {
    const rng = random(7);
    for (let i = 0; i < 500; i++) {
      const { made, shape } = someScalar(rng, 4);
      expect(shapeOf(parse(String(made)))).toEqual(shape);
    }
  });
});

describe('parentheses', () => {
  const a = metric('up') as Vector<string>;
  const b = metric('database_pool_utilization_percent') as Vector<string>;

  it('are written only where they change something', () => {
    expect(binary(binary(a, '*', b), '+', a).text).toBe('up * database_pool_utilization_percent + up');
    expect(binary(a, '*', binary(b, '+', a)).text).toBe('up * (database_pool_utilization_percent + up)');
    expect(binary(a, '-', binary(b, '-', a)).text).toBe('up - (database_pool_utilization_percent - up)');
    expect(or(and(a, b), a).text).toBe('up and database_pool_utilization_percent or up');
    expect(and(or(a, b), a).text).toBe('(up or database_pool_utilization_percent) and up');
    expect(unless(a, and(b, a)).text).toBe('up unless (database_pool_utilization_percent and up)');
    expect(binary(and(a, b), '>', 1).text).toBe('(up and database_pool_utilization_percent) > 1');
  });

  it('keep moments together', () => {
    expect(binary(a, '-', ago(60)).text).toBe('up - (time() - 60)');
    expect(binary(a, '>=', midnight).text).toBe('up >= time() - time() % 86400');
    expect(binary(a, '-', monthStart).text).toBe(
      'up - (time() - (scalar(day_of_month()) - 1) * 86400 - time() % 86400)',
    );
  });
});

describe('numbers', () => {
  const value = (text: string): Shape => (shapeOf(parse(text)) as Shape[])[4] ?? '';

  it.each([0, -5, 0.001, 1e-7, 1e21, 86_400, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    '%d is read as it was meant',
    (number) => {
      expect(value(binary(metric('up'), '-', number).text)).toBe(number);
    },
  );
});

describe('selectors', () => {
  const matcher = (text: string) => {
    const node = parse(text);
    return node.kind === 'selector' ? node.matchers.map(({ label, op, value }) => [label, op, value]) : [];
  };

  it('keep any text, whatever characters are in it', () => {
    for (const text of ['a b', 'quote " and \\ slash', 'zoë', 'line\nbreak', '$1', "it's", '`', '\t', ''])
      expect(matcher(metric('deployment:outcome:code', { deployment_id: text }).text)).toEqual([
        ['deployment_id', '=', text],
      ]);
  });

  it('match one of several texts, of which none is a pattern', () => {
    const { text } = metric('http_requests_total', { endpoint: anyOf('/a.b', '/c+(d)') });
    expect(matcher(text)).toEqual([['endpoint', '=~', '/a\\.b|/c\\+\\(d\\)']]);
  });

  it('exclude, match patterns and use variables', () => {
    expect(metric('deployment_total', { stage: not('rollback') }).text).toBe(
      'deployment_total{stage!="rollback"}',
    );
    expect(metric('http_requests_total', { endpoint: matches('/api/.*') }).text).toBe(
      'http_requests_total{endpoint=~"/api/.*"}',
    );
    expect(metric('deployment_total', { environment: variable('environment') }).text).toBe(
      'deployment_total{environment=~"$environment"}',
    );
    expect(metric('environment:deployment_success:ratio', { window: oneOf('window') }).text).toBe(
      'environment:deployment_success:ratio{window="$window"}',
    );
  });

  it('leave out what is not given', () => {
    expect(metric('up', {}).text).toBe('up');
    expect(metric('deployment_total', { status: undefined } as object).text).toBe('deployment_total');
  });
});

describe('functions', () => {
  const outcome = metric('deployment:outcome:code');

  it('take ranges, offsets and moments', () => {
    expect(lastOverTime(outcome, '30d').text).toBe('last_over_time(deployment:outcome:code[30d])');
    expect(lastOverTime(outcome, '1h', { offset: '-1d' }).text).toBe(
      'last_over_time(deployment:outcome:code[1h] offset -1d)',
    );
    expect(lastOverTime(outcome, '$__range', { at: 'end()' }).text).toBe(
      'last_over_time(deployment:outcome:code[$__range] @ end())',
    );
  });

  it('aggregate by labels or over everything', () => {
    expect(avg(outcome).text).toBe('avg(deployment:outcome:code)');
    expect(avg(outcome, { by: ['environment'] }).text).toBe('avg by (environment) (deployment:outcome:code)');
    expect(quantile(0.95, outcome, { by: ['environment'] }).text).toBe(
      'quantile by (environment) (0.95, deployment:outcome:code)',
    );
    expect(topk(3, outcome).text).toBe('topk(3, deployment:outcome:code)');
    expect(countValues('code', outcome, { by: ['environment'] }).text).toBe(
      'count_values by (environment) ("code", deployment:outcome:code)',
    );
  });

  it('name the series of a histogram', () => {
    const slow = rate(buckets('http_request_duration_seconds', { endpoint: '/a' }), '5m');
    expect(histogramQuantile(0.9, sum(slow, { by: ['le'] })).text).toBe(
      'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{endpoint="/a"}[5m])))',
    );
  });

  it('make constants of groups', () => {
    expect(constant(1, outcome, { by: ['environment'] }).text).toBe(
      'group by (environment) (deployment:outcome:code)',
    );
    expect(constant(0.5, outcome, { by: ['environment'] }).text).toBe(
      '0.5 * group by (environment) (deployment:outcome:code)',
    );
    expect(vector(new Scalar('time()')).text).toBe('vector(time())');
  });

  it('set a label to a text, dollar signs included', () => {
    const node = parse(setLabel(outcome, 'name', 'US$1 "a"').text);
    const values = node.kind === 'call' ? node.args.map((a) => (a.kind === 'string' ? a.value : '')) : [];
    expect(values).toEqual(['', 'name', 'US$$1 "a"', '', '']);
  });

  it('are text when they are put into a text', () => {
    expect(`${sum(outcome)} > ${now}`).toBe('sum(deployment:outcome:code) > time()');
    expect(new Vector('up').toString()).toBe('up');
  });
});
