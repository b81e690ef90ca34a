import {
  type AggregateNode,
  type CallNode,
  type Node,
  type SelectorNode,
  typeName,
  type UnaryNode,
  type ValueType,
} from './ast.ts';
import { aggregationParameter, functions, type Signature } from './functions.ts';
import { visit } from './nodes.ts';
import { collector, type Problem, type Report } from './problem.ts';
import { labelRegex } from './regex.ts';
import { binaryProblems } from './semantics-binary.ts';

/** Everything that Prometheus refuses in a text that is PromQL by its syntax. */
export function semanticProblems(ast: Node): Problem[] {
  const problems: Problem[] = [];
  const report = collector(problems);
  visit(ast, (node, parent) => check(node, parent, report));
  return problems;
}

function check(node: Node, parent: Node | undefined, report: Report): void {
  if (node.kind === 'selector') checkSelector(node, parent, report);
  else if (node.kind === 'call') checkCall(node, report);
  else if (node.kind === 'aggregate') checkAggregate(node, report);
  else if (node.kind === 'binary') binaryProblems(node, report);
  else if (node.kind === 'unary') checkUnary(node, report);
  else if (node.kind === 'subquery') expectType(node.expr, 'vector', 'A subquery', report);
}

/** `an instant vector`, `a scalar`: for sentences. */
const aType = (type: ValueType): string => `${type === 'vector' ? 'an' : 'a'} ${typeName[type]}`;

/** Fix for one type that stands where another is needed. */
function fixType(got: ValueType, wanted: ValueType): string {
  if (wanted === 'matrix' && got === 'vector')
    return 'Add a range such as [5m], or [1h:1m] behind a calculation.';
  if (wanted === 'vector' && got === 'matrix')
    return 'Wrap it in a function over a range such as last_over_time().';
  if (wanted === 'vector' && got === 'scalar') return 'Wrap it in vector().';
  if (wanted === 'scalar' && got === 'vector') return 'Write a number, or wrap it in scalar().';
  return `Write ${aType(wanted)} here.`;
}

function expectType(node: Node, wanted: ValueType, where: string, report: Report): void {
  const got = node.valueType;
  if (got === wanted) return;
  report(
    'promql-type',
    node,
    `${where} takes ${aType(wanted)}, this is ${aType(got)}.`,
    fixType(got, wanted),
  );
}

function checkCall(node: CallNode, report: Report): void {
  const signature = functions.get(node.func);
  if (!signature) return;
  checkArity(node, signature, report);
  if (node.func === 'info') {
    checkInfo(node, report);
    return;
  }
  if (isSwapped(node)) {
    const message = `The arguments of ${node.func}() are the wrong way round.`;
    report('promql-type', node, message, 'Write first the quantile and then the buckets: (0.95, …).');
    return;
  }
  for (const [i, arg] of node.args.entries()) {
    const wanted = signature.args[Math.min(i, signature.args.length - 1)];
    if (wanted && i < signature.max) expectType(arg, wanted, `${node.func}()`, report);
  }
}

/** `histogram_quantile(buckets, 0.95)`. */
const isSwapped = ({ func, args: [first, second] }: CallNode): boolean =>
  func === 'histogram_quantile' && first?.valueType === 'vector' && second?.valueType === 'scalar';

function checkArity({ func, args, from, to }: CallNode, { min, max }: Signature, report: Report): void {
  if (args.length >= min && args.length <= max) return;
  const wanted =
    min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
  const message = `${func}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, here are ${args.length}.`;
  report('promql-arity', { from, to }, message, `Give ${func}() ${wanted}.`);
}

/** The second argument of `info` is a bare list of label matchers. */
function checkInfo({ args }: CallNode, report: Report): void {
  const [vector, labels] = args;
  if (vector) expectType(vector, 'vector', 'info()', report);
  if (labels && (labels.kind !== 'selector' || labels.name !== undefined))
    report('promql-type', labels, 'info() takes label matchers only here.', 'Write {label="value"}.');
}

function checkAggregate({ op, param, expr }: AggregateNode, report: Report): void {
  expectType(expr, 'vector', op, report);
  const wanted = aggregationParameter.get(op);
  if (param && wanted) expectType(param, wanted, `The parameter of ${op}`, report);
}

function checkUnary({ expr, op }: UnaryNode, report: Report): void {
  if (expr.valueType === 'scalar' || expr.valueType === 'vector') return;
  const message = `A sign (${op}) goes in front of a number or an instant vector, not ${aType(expr.valueType)}.`;
  report('promql-type', expr, message, fixType(expr.valueType, 'vector'));
}

function checkSelector(node: SelectorNode, parent: Node | undefined, report: Report): void {
  for (const { op, value, valueSpan } of node.matchers) {
    const error = op === '=~' || op === '!~' ? labelRegex(value).error : undefined;
    if (error === undefined) continue;
    const message = `This is no regular expression that Prometheus can read (RE2): ${error}.`;
    report(
      'promql-regex',
      valueSpan,
      message,
      'Fix the pattern; a literal dot or bracket needs \\\\ in front.',
    );
  }
  const named = node.matchers.find((m) => m.label === '__name__');
  if (node.name !== undefined && named) {
    const message = `The metric's name is given twice: ${node.name} and ${named.value}.`;
    report('promql-name-twice', named, message, 'Remove one of them.');
  }
  const bare = parent?.kind === 'call' && parent.func === 'info' && parent.args[1] === node;
  if (node.name === undefined && !bare && !node.matchers.some(excludesEmpty)) {
    const message = 'This selects every series: each of its conditions also matches an empty value.';
    report('promql-empty-selector', node, message, 'Name a metric, or use =~".+" in the place of =~".*".');
  }
}

/** Whether a series without the label cannot match. */
function excludesEmpty({ op, value }: { op: string; value: string }): boolean {
  if (op === '=') return value !== '';
  if (op === '!=') return value === '';
  const regex = labelRegex(value);
  return regex.error !== undefined || regex.matches('') === (op === '!~');
}
