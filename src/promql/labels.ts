import type { AggregateNode, BinaryNode, CallNode, Node, SelectorNode } from './ast.ts';
import { setOperators } from './ast.ts';
import { metricOf, selectorOf, unwrap } from './nodes.ts';

/** The labels that a metric can have; undefined when nothing is known about it. */
export type LabelsOf = (metricName: string) => ReadonlySet<string> | undefined;

/** Labels that a result can have. Undefined: unknown, so anything is possible. */
export type Labels = ReadonlySet<string> | undefined;

const none: ReadonlySet<string> = new Set();
const minus = (labels: Labels, taken: Iterable<string>): Labels =>
  labels && difference(labels, new Set(taken));
const plus = (labels: Labels, more: Iterable<string>): Labels => labels && new Set([...labels, ...more]);

const difference = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...a].filter((label) => !b.has(label)));

/** Of the named labels those that can exist; all of them when nothing is known. */
const only = (labels: Labels, names: readonly string[]): Labels =>
  new Set(labels ? names.filter((name) => labels.has(name)) : names);

const names = (labels: readonly { readonly name: string }[]): string[] => labels.map(({ name }) => name);

/**
 * Which labels the series of a result can have: what `by` keeps, `label_replace` adds and `group_left` copies.
 * The metric's name counts as the label `__name__` for as long as it survives.
 */
export function outputLabels(ast: Node, labelsOf: LabelsOf): Labels {
  const node = unwrap(ast);
  if (node.valueType === 'scalar' || node.valueType === 'string') return none;
  switch (node.kind) {
    case 'selector':
      return selectorLabels(node, labelsOf);
    case 'matrix':
      return selectorLabels(node.selector, labelsOf);
    case 'subquery':
      return outputLabels(node.expr, labelsOf);
    case 'unary':
      return minus(outputLabels(node.expr, labelsOf), ['__name__']);
    case 'aggregate':
      return aggregateLabels(node, labelsOf);
    case 'binary':
      return binaryLabels(node, labelsOf);
    case 'call':
      return callLabels(node, labelsOf);
    default:
      return none;
  }
}

function selectorLabels(selector: SelectorNode, labelsOf: LabelsOf): Labels {
  const name = metricOf(selector);
  const labels = name === undefined ? undefined : labelsOf(name);
  const empty = selector.matchers.filter(({ op, value }) => op === '=' && value === '').map((m) => m.label);
  return minus(plus(labels, ['__name__']), empty);
}

const keepSeries: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

function aggregateLabels({ op, grouping, param, expr }: AggregateNode, labelsOf: LabelsOf): Labels {
  const inner = outputLabels(expr, labelsOf);
  if (keepSeries.has(op)) return inner;
  const added = op === 'count_values' && param?.kind === 'string' ? [param.value] : [];
  if (!grouping) return new Set(added);
  const labels = names(grouping.labels);
  const kept = grouping.kind === 'by' ? only(inner, labels) : minus(inner, [...labels, '__name__']);
  return plus(kept, added);
}

function binaryLabels({ op, left, right, bool, matching }: BinaryNode, labelsOf: LabelsOf): Labels {
  const [l, r] = [outputLabels(left, labelsOf), outputLabels(right, labelsOf)];
  if (setOperators.has(op)) return op === 'or' ? l && plus(r, l) : l;
  const arithmetic = bool || !/^[=!<>]/.test(op);
  const named = (labels: Labels): Labels => (arithmetic ? minus(labels, ['__name__']) : labels);
  if (left.valueType === 'scalar') return named(r);
  if (right.valueType === 'scalar') return named(l);
  if (!matching) return named(l && r ? only(l, [...r, '__name__']) : (l ?? r));
  const { kind, labels, group, include } = matching;
  const [many, one] = group === 'right' ? [r, l] : [l, r];
  if (group) {
    const copied = names(include);
    return named(plus(minus(many, copied), only(one, copied) ?? none));
  }
  return kind === 'on' ? only(l ?? r, names(labels)) : named(minus(l, names(labels)));
}

const dropNothing: ReadonlySet<string> = new Set([
  ...['sort', 'sort_desc', 'sort_by_label', 'sort_by_label_desc'],
  ...['last_over_time', 'first_over_time', 'label_replace', 'label_join'],
]);

function callLabels({ func, args }: CallNode, labelsOf: LabelsOf): Labels {
  if (func === 'info') return undefined;
  if (func === 'absent' || func === 'absent_over_time') return absentLabels(args[0]);
  const series = args.find((arg) => arg.valueType === 'vector' || arg.valueType === 'matrix');
  if (!series) return none;
  const inner = outputLabels(series, labelsOf);
  if (func === 'label_replace' || func === 'label_join') {
    const target = args[1];
    return target?.kind === 'string' ? plus(inner, [target.value]) : inner;
  }
  if (dropNothing.has(func)) return inner;
  const buckets = func === 'histogram_quantile' || func === 'histogram_fraction';
  return minus(inner, buckets ? ['__name__', 'le'] : ['__name__']);
}

/** `absent` invents one series with the labels that the selector pins to a value. */
function absentLabels(arg: Node | undefined): ReadonlySet<string> {
  const matchers = (arg && selectorOf(arg)?.matchers) ?? [];
  const pinned = matchers.filter(({ label, op }) => op === '=' && label !== '__name__').map((m) => m.label);
  return new Set(pinned.filter((label) => matchers.filter((m) => m.label === label).length === 1));
}
