import {
  type BinaryNode,
  comparisonOperators,
  formatPromql,
  metricOf,
  type Node,
  parsePromql,
  type SelectorNode,
  selectors,
  unwrap,
} from '../promql/index.ts';
import { conditions, pairTerms } from './conditions.ts';

/**
 * How something moved from one expression to the other: a set of series lost or gained members, a value fell or
 * rose. `other` is what cannot be told: both, or neither for sure.
 */
type Direction = 'same' | 'less' | 'more' | 'other';

const inverted = (d: Direction): Direction => (d === 'less' ? 'more' : d === 'more' ? 'less' : d);
const combined = (...directions: readonly Direction[]): Direction =>
  directions.reduce((all, d) => (d === 'same' || all === d ? all : all === 'same' ? d : 'other'), 'same');

const equal = (a: Node, b: Node): boolean => formatPromql(unwrap(a)) === formatPromql(unwrap(b));
const matching = ({ matching: m }: BinaryNode): string =>
  JSON.stringify([m?.kind, m?.labels.map((l) => l.name), m?.group, m?.include.map((l) => l.name)]);
const sameOperator = (a: BinaryNode, b: BinaryNode): boolean =>
  a.op === b.op && a.bool === b.bool && matching(a) === matching(b);

/** A comparison that filters. */
const isFilter = (node: Node): node is BinaryNode =>
  node.kind === 'binary' && comparisonOperators.has(node.op) && !node.bool;

/** How the set of series that an expression gives changed. */
function seriesChange(x: Node, y: Node): Direction {
  if (equal(x, y)) return 'same';
  const [a, b] = [unwrap(x), unwrap(y)];
  const joined = conditionsChange(a, b) ?? alternativesChange(a, b);
  if (joined) return joined;
  if (isFilter(b) && !isFilter(a)) return combined('less', seriesChange(a, b.left));
  if (isFilter(a) && !isFilter(b)) return combined('more', seriesChange(a.left, b));
  if (a.kind !== b.kind) return 'other';
  switch (a.kind) {
    case 'number':
      return 'same';
    case 'selector':
      return selectorChange(a, b as typeof a);
    case 'matrix': {
      const other = b as typeof a;
      const range: Direction = a.range === other.range ? 'same' : a.range < other.range ? 'more' : 'less';
      return combined(range, selectorChange(a.selector, other.selector));
    }
    case 'unary':
      return seriesChange(a.expr, (b as typeof a).expr);
    case 'aggregate':
      return sameAggregation(a, b as typeof a) ? seriesChange(a.expr, (b as typeof a).expr) : 'other';
    case 'call':
      return callSeries(a, b as typeof a);
    case 'binary':
      return binarySeries(a, b as typeof a);
    default:
      return 'other';
  }
}

/** `x and y unless z`: a condition more narrows, a condition less widens, and `unless` turns everything round. */
function conditionsChange(a: Node, b: Node): Direction | undefined {
  const [from, to] = [conditions(a), conditions(b)];
  if (from.terms.length + to.terms.length === 0) return undefined;
  const { pairs, removed, added } = pairTerms(from.terms, to.terms);
  return combined(
    seriesChange(from.base, to.base),
    ...removed.map((): Direction => 'more'),
    ...added.map((): Direction => 'less'),
    ...pairs.map(([p, q]) => {
      const change = seriesChange(p.expr, q.expr);
      return p.op === 'unless' ? inverted(change) : change;
    }),
  );
}

/** `x or y`: an alternative more widens, one less narrows. */
function alternativesChange(a: Node, b: Node): Direction | undefined {
  const list = (node: Node): Node[] =>
    node.kind === 'binary' && node.op === 'or' ? [...list(unwrap(node.left)), node.right] : [node];
  const [from, to] = [list(a), list(b)];
  if (from.length === 1 && to.length === 1) return undefined;
  const left = from.filter((p) => !to.some((q) => equal(p, q)));
  const right = to.filter((q) => !from.some((p) => equal(p, q)));
  if (left.length === 0) return right.length === 0 ? 'same' : 'more';
  if (right.length === 0) return 'less';
  return left.length === right.length ? combined(...left.map((p, i) => seriesChange(p, right[i]!))) : 'other';
}

function selectorChange(a: SelectorNode, b: SelectorNode): Direction {
  if (metricOf(a) !== metricOf(b) || a.offset !== b.offset || a.at !== b.at) return 'other';
  const texts = ({ matchers }: SelectorNode): string[] => matchers.map((m) => `${m.label}${m.op}${m.value}`);
  const [from, to] = [texts(a), texts(b)];
  const [gone, fresh] = [from.filter((m) => !to.includes(m)), to.filter((m) => !from.includes(m))];
  if (gone.length === 0) return fresh.length === 0 ? 'same' : 'less';
  return fresh.length === 0 ? 'more' : 'other';
}

type Aggregate = Extract<Node, { kind: 'aggregate' }>;
type Call = Extract<Node, { kind: 'call' }>;

const sameAggregation = (a: Aggregate, b: Aggregate): boolean => {
  const shape = ({ op, grouping, param }: Aggregate): string =>
    JSON.stringify([op, grouping?.kind, grouping?.labels.map((l) => l.name), param && formatPromql(param)]);
  return shape(a) === shape(b) && !/^(topk|bottomk|limitk|limit_ratio|count_values)$/.test(a.op);
};

/** The one argument in which two calls differ; undefined when they differ in more. */
function differingArgument(a: Call, b: Call): readonly [Node, Node, index: number] | undefined {
  if (a.func !== b.func || a.args.length !== b.args.length) return undefined;
  const different = a.args.flatMap((arg, i) => (equal(arg, b.args[i]!) ? [] : [i]));
  const [index] = different;
  return index === undefined || different.length > 1 ? undefined : [a.args[index]!, b.args[index]!, index];
}

function callSeries(a: Call, b: Call): Direction {
  const argument = differingArgument(a, b);
  if (!argument || /^(label_|histogram_|info|sort)/.test(a.func)) return 'other';
  const [from, to] = argument;
  if (from.valueType === 'scalar') return 'same';
  const change = seriesChange(from, to);
  return /^absent/.test(a.func) ? inverted(change) : change;
}

function binarySeries(a: BinaryNode, b: BinaryNode): Direction {
  const sides = combined(seriesChange(a.left, b.left), seriesChange(a.right, b.right));
  if (!isFilter(a) || !isFilter(b)) return sameOperator(a, b) ? sides : 'other';
  const [from, to] = [a.op.replace('=', ''), b.op.replace('=', '')];
  const ordered = (op: string): boolean => /^[<>]=?$/.test(op);
  if (!ordered(a.op) || !ordered(b.op) || from !== to || matching(a) !== matching(b))
    return a.op === b.op && matching(a) === matching(b) && sidesKeepValues(a, b) ? sides : 'other';
  const looser: Direction = a.op === b.op ? 'same' : b.op.endsWith('=') ? 'more' : 'less';
  const rises = combined(valueChange(a.left, b.left), inverted(valueChange(a.right, b.right)));
  return combined(sides, looser, from === '>' ? rises : inverted(rises));
}

const sidesKeepValues = (a: BinaryNode, b: BinaryNode): boolean =>
  valueChange(a.left, b.left) === 'same' && valueChange(a.right, b.right) === 'same';

/** Functions that rise with each of their arguments. */
const rising =
  /^(clamp_min|clamp_max|ceil|floor|sqrt|ln|log2|log10|exp|vector|scalar|(last|min|max|avg|sum)_over_time)$/;

/** How the values of the series that are in both changed. */
function valueChange(x: Node, y: Node): Direction {
  if (equal(x, y)) return 'same';
  const [a, b] = [unwrap(x), unwrap(y)];
  // A filter and a condition pass values on.
  if (isFilter(a) && constant(a.left) === undefined)
    return valueChange(a.left, b.kind === 'binary' && isFilter(b) ? b.left : b);
  if (isFilter(b) && constant(b.left) === undefined) return valueChange(a, b.left);
  const [from, to] = [conditions(a), conditions(b)];
  if (from.terms.length + to.terms.length > 0) return valueChange(from.base, to.base);
  const [p, q] = [constant(a), constant(b)];
  if (p !== undefined && q !== undefined) return p === q ? 'same' : p < q ? 'more' : 'less';
  if (a.kind !== b.kind) return 'other';
  switch (a.kind) {
    case 'selector':
      return otherUnlessSameSeries(a, b as typeof a);
    case 'matrix':
      return a.range === (b as typeof a).range
        ? otherUnlessSameSeries(a.selector, (b as typeof a).selector)
        : 'other';
    case 'unary':
      return a.op === (b as typeof a).op ? inverted(valueChange(a.expr, (b as typeof a).expr)) : 'other';
    case 'aggregate':
      return aggregateValue(a, b as typeof a);
    case 'call': {
      const argument = differingArgument(a, b as typeof a);
      if (!argument) return 'other';
      const change = valueChange(argument[0], argument[1]);
      return change === 'same' || rising.test(a.func) ? change : 'other';
    }
    case 'binary':
      return arithmeticValue(a, b as typeof a);
    default:
      return 'other';
  }
}

/** A selector's matchers choose series and change no value; its metric and its time do. */
const otherUnlessSameSeries = (a: SelectorNode, b: SelectorNode): Direction =>
  metricOf(a) === metricOf(b) && a.offset === b.offset && a.at === b.at ? 'same' : 'other';

/** A number, with its sign. */
function constant(node: Node): number | undefined {
  const inner = unwrap(node);
  if (inner.kind === 'number') return inner.value;
  if (inner.kind !== 'unary') return undefined;
  const value = constant(inner.expr);
  return value === undefined ? undefined : inner.op === '+' ? value : -value;
}

function aggregateValue(a: Aggregate, b: Aggregate): Direction {
  if (!sameAggregation(a, b)) return 'other';
  const [members, values] = [seriesChange(a.expr, b.expr), valueChange(a.expr, b.expr)];
  if (a.op === 'group') return 'same';
  if (a.op === 'count') return members;
  if (a.op === 'max') return combined(members, values);
  if (a.op === 'min') return combined(inverted(members), values);
  return members === 'same' && /^(sum|avg|quantile)$/.test(a.op) ? values : 'other';
}

/** True when no value of it can be negative: counts, rates, durations, and sums, products and ratios of these. */
function neverNegative(node: Node): boolean {
  const value = constant(node);
  if (value !== undefined) return value >= 0;
  const inner = unwrap(node);
  switch (inner.kind) {
    case 'selector':
      return /(_total|_count|_bucket|_seconds|_bytes)\b|duration_seconds|:count\b/.test(
        metricOf(inner) ?? '',
      );
    case 'matrix':
      return neverNegative(inner.selector);
    case 'aggregate':
      return /^(count|group|stddev|stdvar)$/.test(inner.op) || neverNegative(inner.expr);
    case 'call':
      return (
        /^(rate|irate|increase|time|abs|changes|resets|(count|present|stddev)_over_time)$/.test(inner.func) ||
        (/^(avg|min|max|sum|last)_over_time$/.test(inner.func) && inner.args.every(neverNegative))
      );
    case 'binary':
      // Of a comparison the left side passes, or with `bool` a 0 or a 1.
      return comparisonOperators.has(inner.op)
        ? inner.bool || neverNegative(inner.left)
        : /^[+*/]$/.test(inner.op) && neverNegative(inner.left) && neverNegative(inner.right);
    default:
      return false;
  }
}

function arithmeticValue(a: BinaryNode, b: BinaryNode): Direction {
  if (a.op !== b.op || matching(a) !== matching(b)) return 'other';
  const [left, right] = [valueChange(a.left, b.left), valueChange(a.right, b.right)];
  if (comparisonOperators.has(a.op)) {
    const rises = combined(left, inverted(right));
    return a.op.startsWith('>')
      ? rises
      : a.op.startsWith('<')
        ? inverted(rises)
        : left === right && left === 'same'
          ? left
          : 'other';
  }
  switch (a.op) {
    case '+':
      return combined(left, right);
    case '-':
      return combined(left, inverted(right));
    case '*':
      return combined(scaled(left, a.right, b.right), scaled(right, a.left, b.left));
    case '/':
      return combined(scaled(left, a.right, b.right), inverted(scaled(right, a.left, b.left)));
    default:
      return left === 'same' && right === 'same' ? 'same' : 'other';
  }
}

/** A change under a factor: as it is under a positive one, turned round under a negative one. */
function scaled(change: Direction, factorBefore: Node, factorAfter: Node): Direction {
  if (change === 'same') return change;
  if (neverNegative(factorBefore) && neverNegative(factorAfter)) return change;
  const [p, q] = [constant(factorBefore), constant(factorAfter)];
  return p !== undefined && q !== undefined && p < 0 && q < 0 ? inverted(change) : 'other';
}

/** Why a reviewer should look twice at an alert's changed expression; undefined when it only fires more easily. */
export function firingRisk(before: string, after: string): string | undefined {
  const [a, b] = [parsePromql(before), parsePromql(after)];
  const unclear = 'it may fire at other times';
  if (!a.ok || !b.ok) return unclear;
  if (selectors(a.ast).length > 0 && selectors(b.ast).length === 0)
    return 'it reads no series any more: it fires always or never';
  const change = seriesChange(a.ast, b.ast);
  return change === 'less' ? 'it fires less easily than before' : change === 'other' ? unclear : undefined;
}
