import type { MatrixNode, Node, SelectorNode, Span, SubqueryNode } from './ast.ts';
import { broken, type Context, newer } from './convert-context.ts';
import type { PostfixItem } from './item.ts';

type Item<Type extends PostfixItem['type']> = Extract<PostfixItem, { type: Type }>;

/** Ranges and steps are longer than nothing; reports the others and carries on with a second. */
function positive(duration: number | undefined, span: Span, context: Context): number | undefined {
  if (duration === undefined || duration > 0) return duration;
  context.report('promql-duration', span, 'A range must be longer than 0.', 'Write one such as [5m].');
  return 1000;
}

/** `selector[5m]`. */
export function applyRange(node: Node, { span, range }: Item<'range'>, context: Context): Node | undefined {
  const length = positive(range, span, context);
  if (node.kind !== 'selector') {
    context.report(
      'promql-range',
      span,
      'A range in brackets belongs directly behind a selector.',
      'Put it inside, as in sum(rate(x[5m])), or write a subquery with a colon: [5m:1m].',
    );
    return broken(context, node);
  }
  if (node.offset !== undefined || node.at !== undefined) {
    const message = 'offset and @ stand behind the range, not in front of it.';
    context.report('promql-modifier', span, message, 'Write x[5m] offset 1h.');
    return broken(context, node);
  }
  if (length === undefined) return broken(context, node);
  const matrix: MatrixNode = {
    ...{ kind: 'matrix', valueType: 'matrix', selector: node },
    ...{ range: length, from: node.from, to: span.to },
  };
  return matrix;
}

/** `expression[1h:1m]`. */
export function applySubquery(node: Node, item: Item<'subquery'>, context: Context): Node | undefined {
  const range = positive(item.range, item.span, context);
  const step = positive(item.step, item.span, context);
  if (range === undefined || ('step' in item && step === undefined)) return broken(context, node);
  const subquery: SubqueryNode = {
    ...{ kind: 'subquery', valueType: 'matrix', expr: node, range },
    ...(step !== undefined && { step }),
    ...{ from: node.from, to: item.span.to },
  };
  return subquery;
}

/** `offset 5m` and `@ 1700000000`. */
export function applyShift(node: Node, { span, shift }: Item<'shift'>, context: Context): Node | undefined {
  const word = 'at' in shift ? '@' : 'offset';
  if (node.kind !== 'selector' && node.kind !== 'matrix' && node.kind !== 'subquery') {
    const message = `${word} belongs directly behind a selector or a subquery.`;
    context.report('promql-modifier', span, message, `Put it inside, as in sum(x ${word} …).`);
    return broken(context, node);
  }
  const target = node.kind === 'matrix' ? node.selector : node;
  if ('at' in shift ? target.at !== undefined : target.offset !== undefined) {
    context.report('promql-modifier', span, `${word} is given twice.`, `Keep one ${word}.`);
    return broken(context, node);
  }
  if ('offset' in shift && shift.offset === undefined) return broken(context, node);
  if ('offset' in shift && shift.offset === 0) newer(context, span, 'An offset of 0', '2.54');
  const shifted = { ...target, ...(shift as { offset: number } | { at: number }), to: span.to };
  if (node.kind !== 'matrix') return shifted;
  return { ...node, selector: { ...(shifted as SelectorNode), to: target.to }, to: span.to };
}
