import type { SyntaxNode } from '@lezer/common';
import type { LabelRef, Matching } from './ast.ts';
import { type Context, childrenOf, newer, textOf } from './convert-context.ts';
import { convertString } from './convert-literals.ts';
import type { BinaryItem } from './item.ts';

const unknownOperators: Readonly<Record<string, string>> = { TrimUpper: '3.9', TrimLower: '3.9' };

/** A binary operator with all that may stand between it and its right side. */
export function convertOperator(
  node: SyntaxNode,
  modifiers: readonly SyntaxNode[],
  context: Context,
): BinaryItem {
  const find = (name: string): SyntaxNode | undefined => modifiers.find((m) => m.name === name);
  const op = textOf(context, node).toLowerCase();
  const since = unknownOperators[node.name];
  if (since) newer(context, node, `The operator ${op}`, since, '3.11');
  const fill = find('FillModifier');
  if (fill) newer(context, fill, 'The modifier fill', '3.10', true);
  const matching = find('MatchingModifierClause');
  return {
    type: 'binary',
    op,
    opSpan: { from: node.from, to: node.to },
    bool: find('BoolModifier') !== undefined,
    ...(matching && { matching: convertMatching(matching, context) }),
    readable: !since && !fill,
  };
}

function convertMatching(node: SyntaxNode, context: Context): Matching {
  const [kind, labels, group, include] = childrenOf(node);
  return {
    kind: kind?.name === 'On' ? 'on' : 'ignoring',
    labels: convertLabels(labels, context),
    ...(group && { group: group.name === 'GroupLeft' ? 'left' : 'right' }),
    include: convertLabels(include, context),
    from: node.from,
    to: node.to,
  };
}

/** The names in the parentheses behind `by`, `on` and their like. */
export function convertLabels(node: SyntaxNode | undefined, context: Context): LabelRef[] {
  if (!node) return [];
  return childrenOf(node).map((label) => {
    const { from, to } = label;
    if (label.name !== 'QuotedLabelName') return bareLabel(label, context);
    newer(context, label, 'A label name in quotes', '3.0');
    const name = convertString(label, context).value;
    if (name === '') context.report('promql-label-name', label, 'A label name is empty.', 'Name a label.');
    return { name, from, to };
  });
}

/** Words that stand for something else even where only a label can be meant. */
const reserved = /^(?:without|inf|nan)$/i;

function bareLabel(node: SyntaxNode, context: Context): LabelRef {
  const name = textOf(context, node);
  if (reserved.test(name))
    context.report('promql-label-name', node, `${name} cannot name a label here.`, 'Rename the label.');
  return { name, from: node.from, to: node.to };
}
