import { outputLabels } from '../../../metrics/promql/labels.ts';
import { metricOf, selectors } from '../../../metrics/promql/nodes.ts';
import { type Node, parsePromql } from '../../../metrics/promql/parse.ts';
import { substitute } from '../../../metrics/promql/variables.ts';
import { labelsIn, type Vocabulary } from '../../../metrics/promql/vocabulary.ts';
import type { LocatedExpression } from './check.ts';

/** Several checks ask for the same tree. */
const trees = new WeakMap<LocatedExpression, Node | 'unreadable'>();

/** The expression's tree with a sample for each variable, or undefined when it does not parse (the PromQL check says so). */
export function treeOf(expression: LocatedExpression): Node | undefined {
  let tree = trees.get(expression);
  if (tree === undefined) {
    const parsed = parsePromql(substitute(expression.text, expression.variables, 'sample').text);
    tree = parsed.ok ? parsed.ast : 'unreadable';
    trees.set(expression, tree);
  }
  return tree === 'unreadable' ? undefined : tree;
}

/** Labels that the result can have (`__name__` among them); undefined when that cannot be known. */
export function resultLabels(
  expression: LocatedExpression,
  vocabulary: Vocabulary,
): ReadonlySet<string> | undefined {
  const tree = treeOf(expression);
  return tree && outputLabels(tree, labelsIn(vocabulary));
}

/** Names of the metrics that an expression reads. */
export function metricsRead(expression: LocatedExpression): ReadonlySet<string> {
  const tree = treeOf(expression);
  return new Set((tree ? selectors(tree) : []).map((s) => metricOf(s) ?? ''));
}
