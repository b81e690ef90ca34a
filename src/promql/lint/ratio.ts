import type { BinaryNode, Matcher, Node } from '../ast.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, selectors } from '../nodes.ts';
import { pinnedLabels } from '../pins.ts';
import { formatPromql } from '../print.ts';
import type { Problem } from '../problem.ts';

const sameMatcher = (a: Matcher, b: Matcher): boolean =>
  a.label === b.label && a.op === b.op && a.value === b.value;

/** The conditions that only the left one of two otherwise equal expressions has; undefined when they differ. */
function narrowing(left: Node, right: Node): readonly Matcher[] | undefined {
  const [l, r, ...more] = [...selectors(left), ...selectors(right)];
  if (!l || !r || more.length > 0) return undefined;
  const extra = l.matchers.filter((m) => !r.matchers.some((other) => sameMatcher(m, other)));
  const without = r.matchers.every((m) => l.matchers.some((other) => sameMatcher(m, other)));
  if (!without) return undefined;
  const plain = (node: Node): string => formatPromql(node).replace(/\{[^}]*\}/, '');
  return plain(left) === plain(right) ? extra : undefined;
}

function problemOf({ op, left, right, matching, opSpan }: BinaryNode): Problem[] {
  if (op !== '/' || matching) return [];
  const extra = narrowing(left, right);
  const pins = pinnedLabels(left);
  if (!extra || extra.length === 0 || !extra.every(({ label }) => pins.has(label))) return [];
  const labels = extra.map(({ label }) => label).join(', ');
  const message = `Each series is divided by itself, so this is always 1: both sides still have ${labels}.`;
  const fix = `Aggregate both sides without ${labels}: sum without (${labels}) (…).`;
  return [{ id: 'ratio-of-itself', message, fix, ...opSpan }];
}

/** `a{status="success"} / a`: the share of the successful in the successful. */
export const ratioOfItself: LintCheck = {
  id: 'ratio-of-itself',
  summary: 'A part of a metric divided by the metric, without aggregating the label that makes the part.',
  check: (ast) => findAll(ast, 'binary').flatMap(problemOf),
};
