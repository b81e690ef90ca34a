import {
  comparisonOperators,
  labelsIn,
  metricOf,
  type Node,
  outputLabels,
  type Parsed,
  parsePromql,
  selectors,
  setOperators,
  substitute,
  unwrap,
  visit,
} from '../../promql/index.ts';
import type { LocatedExpression, View } from './check.ts';

/** Reads each text once: several checks ask for the same tree. */
export function rememberingParser(): (text: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const parsed = parsePromql(text);
    known.set(text, parsed);
    return parsed;
  };
}

/** Parsed expressions by text; filling in variables takes its time, too. */
const read = new WeakMap<LocatedExpression, Parsed>();

/** The expression's tree with a sample for each variable, or undefined when it does not parse (the PromQL check says so). */
export function treeOf(expression: LocatedExpression, { parse }: View): Node | undefined {
  const { text, variables } = expression;
  const parsed = read.get(expression) ?? parse(substitute(text, variables, 'sample').text);
  read.set(expression, parsed);
  return parsed.ok ? parsed.ast : undefined;
}

/** Labels that the result can have (`__name__` among them); undefined when that cannot be known. */
export function resultLabels(expression: LocatedExpression, view: View): ReadonlySet<string> | undefined {
  const tree = treeOf(expression, view);
  return tree && outputLabels(tree, labelsIn(view.vocabulary));
}

/** The sides of "or", down to where something is computed of them. */
function branches(ast: Node): Node[] {
  const node = unwrap(ast);
  if (node.kind !== 'binary') return [node];
  if (node.op === 'or') return [...branches(node.left), ...branches(node.right)];
  const filters =
    setOperators.has(node.op) ||
    (comparisonOperators.has(node.op) && !node.bool && node.right.valueType === 'scalar');
  return filters ? branches(node.left) : [node];
}

/** The labels of each side of an "or", without the metric's name; none when one of them cannot be known. */
export function branchLabels(expression: LocatedExpression, view: View): ReadonlySet<string>[] {
  const tree = treeOf(expression, view);
  const all = (tree ? branches(tree) : []).map((node) => outputLabels(node, labelsIn(view.vocabulary)));
  const known = all.flatMap((labels) =>
    labels ? [new Set([...labels].filter((l) => l !== '__name__'))] : [],
  );
  return known.length === all.length ? known : [];
}

/** Names of the metrics whose present value an expression reads: not those that it looks back at over a range. */
export function metricsReadNow(expression: LocatedExpression, view: View): ReadonlySet<string> {
  const names = new Set<string>();
  const tree = treeOf(expression, view);
  if (tree)
    visit(tree, (node, parent) => {
      if (node.kind === 'selector' && parent?.kind !== 'matrix') names.add(metricOf(node) ?? '');
    });
  return names;
}

/** Names of the metrics that an expression reads. */
export function metricsRead(expression: LocatedExpression, view: View): ReadonlySet<string> {
  const tree = treeOf(expression, view);
  return new Set((tree ? selectors(tree) : []).map((s) => metricOf(s) ?? ''));
}
