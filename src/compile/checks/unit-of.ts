import type { MetricDefinition } from '../../metrics/index.ts';
import {
  type BinaryNode,
  comparisonOperators,
  metricOf,
  type Node,
  setOperators,
  unwrap,
} from '../../promql/index.ts';

type Unit = MetricDefinition['unit'];
/** The unit of a result; undefined where it cannot be known, as after a multiplication. */
type Inferred = Unit | undefined;
type UnitOfMetric = (name: string) => Inferred;

/** Functions and aggregations whose result is of the unit of what they are given. */
const sameUnit: ReadonlySet<string> = new Set([
  ...[
    'last_over_time',
    'first_over_time',
    'max_over_time',
    'min_over_time',
    'avg_over_time',
    'quantile_over_time',
  ],
  ...[
    'label_replace',
    'label_join',
    'sort',
    'sort_desc',
    'clamp',
    'clamp_min',
    'clamp_max',
    'round',
    'floor',
  ],
  ...['ceil', 'abs', 'scalar', 'histogram_quantile', 'increase', 'stddev_over_time'],
  ...['max', 'min', 'avg', 'quantile', 'topk', 'bottomk', 'limitk', 'stddev'],
]);
const counting: ReadonlySet<string> = new Set([
  'count',
  'count_values',
  'count_over_time',
  'changes',
  'resets',
]);
const summing: ReadonlySet<string> = new Set(['sum', 'sum_over_time']);
const averaging: ReadonlySet<string> = new Set(['avg', 'avg_over_time', 'quantile']);
const moments: ReadonlySet<string> = new Set(['time', 'timestamp']);

/** The part of a node that its unit comes from. */
const seriesOf = (node: Extract<Node, { kind: 'call' | 'aggregate' }>): Node | undefined =>
  node.kind === 'aggregate'
    ? node.expr
    : (node.args.find(({ valueType }) => valueType === 'matrix' || valueType === 'vector') ?? node.args[0]);

/** Unit of a function's or an aggregation's result. */
function applied(name: string, inner: Inferred): Inferred {
  if (moments.has(name)) return 'unix seconds';
  if (counting.has(name)) return 'count';
  if (inner === 'boolean' && summing.has(name)) return 'count';
  if (inner === 'boolean' && averaging.has(name)) return 'ratio';
  // The sum of shares, of moments or of codes is of no unit; nor is their average.
  if (summing.has(name))
    return inner === 'seconds' || inner === 'currency' || inner === 'count' ? inner : undefined;
  if (inner === 'code' && averaging.has(name)) return undefined;
  return sameUnit.has(name) ? inner : undefined;
}

/** Unit of an arithmetic result. */
function computed(op: string, left: Inferred, right: Inferred): Inferred {
  if (op === '-' && left === 'unix seconds' && right === 'unix seconds') return 'seconds';
  if (op === '/' && left !== undefined && left === right) return 'ratio';
  if (op !== '+' && op !== '-') return undefined;
  if (left === 'unix seconds' && right === 'seconds') return left;
  return left === right ? left : undefined;
}

function ofBinary({ op, left, right, bool }: BinaryNode, of: (node: Node) => Inferred): Inferred {
  if (comparisonOperators.has(op)) return bool ? 'boolean' : of(left.valueType === 'scalar' ? right : left);
  const [l, r] = [of(left), of(right)];
  if (op === 'or') return l && r && l !== r ? undefined : (l ?? r);
  return setOperators.has(op) ? l : computed(op, l, r);
}

/** The unit of what an expression yields, as far as the units of its metrics say. */
export function unitOf(ast: Node, unitOfMetric: UnitOfMetric): Inferred {
  const of = (part: Node): Inferred => unitOf(part, unitOfMetric);
  const node = unwrap(ast);
  switch (node.kind) {
    case 'selector':
      return unitOfMetric(metricOf(node) ?? '');
    case 'matrix':
      return unitOfMetric(metricOf(node.selector) ?? '');
    case 'subquery':
    case 'unary':
      return of(node.expr);
    case 'aggregate':
      return applied(node.op, of(node.expr));
    case 'call': {
      const series = seriesOf(node);
      return applied(node.func, series && of(series));
    }
    case 'binary':
      return ofBinary(node, of);
    default:
      return undefined;
  }
}
