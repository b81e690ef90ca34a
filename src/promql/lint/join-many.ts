import type { BinaryNode, Node } from '../ast.ts';
import { setOperators } from '../ast.ts';
import { type LabelsOf, outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, metricOf, selectors, unwrap } from '../nodes.ts';
import { pinnedLabels } from '../pins.ts';
import type { Problem } from '../problem.ts';
import { labelsIn } from '../vocabulary.ts';

/** Labels by which a side picks one series each, as topk(1, …) does; undefined where it picks none. */
function pickedBy(side: Node): readonly string[] | undefined {
  const node = unwrap(side);
  const one = node.kind === 'aggregate' && node.param && unwrap(node.param);
  if (node.kind !== 'aggregate' || !one || one.kind !== 'number' || one.value !== 1) return undefined;
  if (!['topk', 'bottomk', 'limitk'].includes(node.op) || node.grouping?.kind === 'without') return undefined;
  return (node.grouping?.labels ?? []).map(({ name }) => name);
}

/** Labels that metrics of the vocabulary bring along, which neither describe a series only nor were made on the way. */
function identifying(side: Node, { labelsOfMetric, describing }: Known): ReadonlySet<string> {
  const labels = selectors(side).flatMap((selector) => [...(labelsOfMetric(metricOf(selector) ?? '') ?? [])]);
  return new Set(labels.filter((label) => !describing.has(label)));
}

interface Known {
  readonly labelsOfMetric: LabelsOf;
  readonly describing: ReadonlySet<string>;
}

/** Labels outside the join that tell several series of a side apart. */
function furtherLabels(side: Node, { matching }: BinaryNode, known: Known): string[] {
  const labels = matching && outputLabels(side, known.labelsOfMetric);
  if (!labels) return [];
  const listed = new Set(matching.labels.map(({ name }) => name));
  const copied = new Set(matching.include.map(({ name }) => name));
  const [pinned, picked, own] = [pinnedLabels(side), pickedBy(side), identifying(side, known)];
  return [...labels].filter(
    (label) =>
      listed.has(label) !== (matching.kind === 'on') &&
      !copied.has(label) &&
      !pinned.has(label) &&
      own.has(label) &&
      (picked?.includes(label) ?? true),
  );
}

function problemsOf(node: BinaryNode, known: Known): Problem[] {
  const { op, opSpan, left, right, matching } = node;
  if (setOperators.has(op) || !matching || left.valueType !== 'vector' || right.valueType !== 'vector')
    return [];
  const sides = [
    ['left', left],
    ['right', right],
  ] as const;
  // A label that a side does not have is a finding of its own.
  const has = (side: Node, label: string): boolean =>
    outputLabels(side, known.labelsOfMetric)?.has(label) ?? true;
  if (matching.kind === 'on' && matching.labels.some(({ name }) => !has(left, name) || !has(right, name)))
    return [];
  return sides.flatMap(([name, side]) => {
    if (matching.group === name) return [];
    const further = furtherLabels(side, node, known);
    if (further.length === 0) return [];
    const other = name === 'left' ? 'right' : 'left';
    const message = `Several series of the ${name} side share one partner, told apart by ${further.join(', ')}: Prometheus refuses the join.`;
    const fix =
      matching.group === other
        ? `Write group_${name}, or aggregate ${further.join(', ')} away on the ${name} side.`
        : `Join on ${further.join(', ')} too, aggregate it away, or write group_${name}.`;
    return [{ id: 'join-many', message, fix, from: opSpan.from, to: matching.to }];
  });
}

/** A join in which several series have the same partner, and nothing says so. Prometheus fails when it evaluates it. */
export const joinMany: LintCheck = {
  id: 'join-many',
  summary: 'A join of many series with one, without group_left, or with it on the wrong side.',
  check: (ast, vocabulary) => {
    const known = {
      labelsOfMetric: labelsIn(vocabulary),
      describing: vocabulary.describing ?? new Set<string>(),
    };
    return findAll(ast, 'binary').flatMap((node) => problemsOf(node, known));
  },
};
