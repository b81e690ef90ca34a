import type { BinaryNode } from '../ast.ts';
import { setOperators } from '../ast.ts';
import { outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll } from '../nodes.ts';
import { pinnedLabels } from '../pins.ts';
import type { Problem } from '../problem.ts';
import { labelsIn, type Vocabulary } from '../vocabulary.ts';

/** Both sides of a join of two vectors and the labels they can have, where both are known. */
interface Join {
  readonly node: BinaryNode;
  readonly left: ReadonlySet<string>;
  readonly right: ReadonlySet<string>;
}

function joinsOf(node: BinaryNode, vocabulary: Vocabulary): Join[] {
  if (node.op === 'or' || node.left.valueType !== 'vector' || node.right.valueType !== 'vector') return [];
  const left = outputLabels(node.left, labelsIn(vocabulary));
  const right = outputLabels(node.right, labelsIn(vocabulary));
  return left && right ? [{ node, left, right }] : [];
}

/** Consequence of two sides that do not match. */
const consequence = (op: string): string =>
  op === 'unless' ? 'nothing is ever excluded' : 'nothing ever matches';

/** Labels in `on()` that one side does not have. */
function onProblems({ node, left, right }: Join): Problem[] {
  if (node.matching?.kind !== 'on') return [];
  return node.matching.labels.flatMap(({ name, from, to }) => {
    if (left.has(name) && right.has(name)) return [];
    const side = left.has(name)
      ? 'The right side has'
      : right.has(name)
        ? 'The left side has'
        : 'Both sides have';
    const result = left.has(name) || right.has(name) ? `: ${consequence(node.op)}` : '';
    const message = `${side} no label ${name}${result}.`;
    const fix = 'Join on labels that both sides have, or keep this one in the aggregation.';
    return [{ id: 'join-label', message, fix, from, to }];
  });
}

/** Labels that one side has and the other has not, although both must agree on every label. */
function differenceProblems({ node, left, right }: Join): Problem[] {
  if (node.matching?.kind === 'on') return [];
  const ignored = new Set([...(node.matching?.labels ?? []).map((l) => l.name), '__name__']);
  const missing = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] =>
    [...a].filter((label) => !b.has(label) && !ignored.has(label));
  const extra = [...missing(left, right), ...missing(right, left)];
  if (extra.length === 0) return [];
  const has = extra.length === 1 ? `label ${extra[0]}` : `labels ${extra.join(', ')}`;
  const message = `Only one side has the ${has}: ${consequence(node.op)}.`;
  const shared = [...left].filter((label) => right.has(label) && label !== '__name__');
  const group = setOperators.has(node.op) ? '' : ' group_left';
  const fix = `Say which labels join them, as in on (${shared.join(', ')})${group}, or aggregate both alike.`;
  return [
    { id: 'join-label', message, fix, from: node.opSpan.from, to: node.matching?.to ?? node.opSpan.to },
  ];
}

const joinLabel: LintCheck = {
  id: 'join-label',
  summary: 'Two vectors are joined by a label that one of them does not have.',
  check: (ast, vocabulary) =>
    findAll(ast, 'binary')
      .flatMap((node) => joinsOf(node, vocabulary))
      .flatMap((join) => [...onProblems(join), ...differenceProblems(join)]),
};

const joinValue: LintCheck = {
  id: 'join-value',
  summary: 'Two vectors are joined by a label that has one value on the left and another on the right.',
  check: (ast) =>
    findAll(ast, 'binary').flatMap((node) => {
      const { left, right, matching, op, opSpan } = node;
      if (op === 'or' || left.valueType !== 'vector' || right.valueType !== 'vector') return [];
      const listed = new Set(matching?.labels.map((l) => l.name));
      const [l, r] = [pinnedLabels(left), pinnedLabels(right)];
      for (const [label, value] of l) {
        const joined = matching?.kind === 'on' ? listed.has(label) : !listed.has(label);
        const other = r.get(label);
        if (!joined || other === undefined || other === value) continue;
        const message = `${label} is ${value} on the left and ${other} on the right: ${consequence(op)}.`;
        const fix = `Aggregate ${label} away on both sides, or write ignoring (${label}).`;
        return [{ id: 'join-value', message, fix, from: opSpan.from, to: matching?.to ?? opSpan.to }];
      }
      return [];
    }),
};

const joinInclude: LintCheck = {
  id: 'join-include',
  summary: 'group_left or group_right copies a label that the other side does not have.',
  check: (ast, vocabulary) =>
    findAll(ast, 'binary')
      .flatMap((node) => joinsOf(node, vocabulary))
      .flatMap(({ node, left, right }) => {
        const group = node.matching?.group;
        const one = group === 'left' ? right : left;
        return (node.matching?.include ?? [])
          .filter(({ name }) => !one.has(name))
          .map(({ name, from, to }) => {
            const message = `group_${group} cannot copy ${name}: the ${group === 'left' ? 'right' : 'left'} side has none.`;
            return { id: 'join-include', message, fix: 'Copy labels that it has.', from, to };
          });
      }),
};

export const joinChecks: readonly LintCheck[] = [joinLabel, joinValue, joinInclude];
