import { formatDuration } from '../lib/duration.ts';
import type {
  At,
  BinaryNode,
  LabelRef,
  Matcher,
  Node,
  SelectorNode,
  SubqueryNode,
  TimeShift,
} from './ast.ts';
import { formatNumber } from './literals.ts';
import { parsePromql } from './parse.ts';
import { quote } from './strings.ts';

/**
 * An expression on one line in the normal form in which Prometheus 3 shows it in `/api/v1/rules`: grouping in
 * front, matchers sorted, durations and numbers normalised, comments gone.
 */
export function formatPromql(node: Node): string {
  switch (node.kind) {
    case 'number':
      return node.duration ? formatDuration(node.value * 1000) : formatNumber(node.value);
    case 'string':
      return quote(node.value);
    case 'selector':
      return formatSelector(node) + formatShift(node);
    case 'matrix':
      return `${formatSelector(node.selector)}[${formatDuration(node.range)}]${formatShift(node.selector)}`;
    case 'subquery':
      return `${formatPromql(node.expr)}${formatSteps(node)}${formatShift(node)}`;
    case 'call':
      return `${node.func}(${node.args.map(formatPromql).join(', ')})`;
    case 'aggregate': {
      const args = node.param ? [node.param, node.expr] : [node.expr];
      return `${node.op}${formatGrouping(node.grouping)}(${args.map(formatPromql).join(', ')})`;
    }
    case 'binary':
      return `${formatPromql(node.left)} ${formatOperator(node)} ${formatPromql(node.right)}`;
    case 'unary':
      return `${node.op}${formatPromql(node.expr)}`;
    case 'paren':
      return `(${formatPromql(node.expr)})`;
  }
}

const bareName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const labelName = (name: string): string => (bareName.test(name) ? name : quote(name));
const labelList = (labels: readonly LabelRef[]): string =>
  labels.map(({ name }) => labelName(name)).join(', ');

const formatMatcher = ({ label, op, value }: Matcher): string => `${labelName(label)}${op}${quote(value)}`;

function formatSelector({ name = '', matchers }: SelectorNode): string {
  const list = matchers.map(formatMatcher).sort();
  return list.length === 0 ? name || '{}' : `${name}{${list.join(',')}}`;
}

function formatAt(at: At): string {
  return typeof at === 'number' ? (at / 1000).toFixed(3) : `${at}()`;
}

/** `[range:step]` of a subquery. */
export function formatSteps({ range, step }: SubqueryNode): string {
  return `[${formatDuration(range)}:${step === undefined ? '' : formatDuration(step)}]`;
}

/** ` @ … offset …`, or nothing. */
export function formatShift({ at, offset }: TimeShift): string {
  const shifted = offset === undefined || offset === 0 ? '' : ` offset ${formatDuration(offset)}`;
  return `${at === undefined ? '' : ` @ ${formatAt(at)}`}${shifted}`;
}

/** ` by (…) ` of an aggregation, or nothing. */
export function formatGrouping(grouping: { kind: string; labels: readonly LabelRef[] } | undefined): string {
  if (!grouping || (grouping.kind === 'by' && grouping.labels.length === 0)) return '';
  return ` ${grouping.kind} (${labelList(grouping.labels)}) `;
}

/** The operator of two operands, with how their series are matched. */
export function formatOperator({ op, bool, matching }: BinaryNode): string {
  const word = bool ? `${op} bool` : op;
  if (!matching) return word;
  const { kind, labels, group, include } = matching;
  if (kind === 'ignoring' && labels.length === 0 && !group) return word;
  const side = group ? ` group_${group} (${labelList(include)})` : '';
  return `${word} ${kind} (${labelList(labels)})${side}`;
}

/**
 * Whether two texts are the same expression, apart from notation: the way to compare a rule with what a server
 * of any version says it runs. False when one of them is no PromQL.
 */
export function equalPromql(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parsePromql(a), parsePromql(b)];
  return left.ok && right.ok && formatPromql(left.ast) === formatPromql(right.ast);
}
