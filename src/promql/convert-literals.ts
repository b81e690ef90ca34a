import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '../lib/duration.ts';
import type { At, NumberNode, Span, StringNode } from './ast.ts';
import { type Context, childrenOf, newer, textOf } from './convert-context.ts';
import { isDuration, parseNumber } from './literals.ts';
import { unquote } from './strings.ts';

/** A string literal; reports what is wrong with it and carries on with an empty one. */
export function convertString(node: Span, context: Context): StringNode {
  const { from, to } = node;
  const read = unquote(textOf(context, node));
  if (!read.ok) {
    const span = { from: from + read.from, to: from + read.to };
    context.report('promql-string', span, read.message, 'Close the quotes; write a backslash as \\\\.');
  }
  return { kind: 'string', valueType: 'string', value: read.ok ? read.value : '', from, to };
}

/** A number without sign. */
export function convertNumber(span: Span, context: Context): NumberNode {
  const text = textOf(context, span);
  const { from, to } = span;
  checkEnd(span, context);
  if (!isDuration(text)) {
    if (text.includes('_')) newer(context, span, 'An underscore in a number', '2.54');
    const value = parseNumber(text);
    if (!Number.isFinite(value) && /^\d/.test(text))
      context.report('promql-syntax', span, 'This number is out of range.', 'Write Inf.');
    return { kind: 'number', valueType: 'scalar', value, from, to };
  }
  newer(context, span, 'A duration in the place of a number', '2.54');
  const value = checkedDuration(text, span, context) / 1000;
  return { kind: 'number', valueType: 'scalar', value, duration: true, from, to };
}

/** `5or x`: the grammar takes the number by itself, Prometheus refuses the word. */
function checkEnd({ from, to }: Span, { text, report }: Context): void {
  const rest = /^\w+/.exec(text.slice(to, to + 20));
  if (!rest || !/\d/.test(text[from] ?? '')) return;
  const word = text.slice(from, to) + rest[0];
  report(
    'promql-duration',
    { from, to: to + rest[0].length },
    `${word} is no number.`,
    'Put a space in between.',
  );
}

function checkedDuration(text: string, span: Span, context: Context): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  const message = `${text} is longer than a duration can be.`;
  context.report('promql-duration', span, message, 'The longest duration is about 292 years.');
  return 1000;
}

/** The length of a range, a step or an offset in milliseconds; undefined for arithmetic on durations. */
export function convertDuration(node: SyntaxNode, context: Context): number | undefined {
  const [first, second] = childrenOf(node);
  if (first?.name === 'UnaryOp' && second) {
    const value = convertDuration(second, context);
    const sign = textOf(context, first);
    if (childrenOf(second)[0]?.name === 'UnaryOp')
      context.report('promql-duration', node, 'A duration has one sign at most.', 'Remove a sign.');
    if (sign === '+') newer(context, node, 'A plus sign in front of a duration', '3.0');
    return value === undefined ? undefined : sign === '-' ? -value : value;
  }
  if (!first || second || first.name !== 'NumberDurationLiteralInDurationContext') {
    newer(context, node, 'Arithmetic on durations', '3.4', '3.14');
    return undefined;
  }
  const text = textOf(context, first);
  checkEnd(first, context);
  if (isDuration(text)) return checkedDuration(text, first, context);
  newer(context, first, 'A plain number as a duration', '2.54');
  const value = parseNumber(text) * 1000;
  if (Math.abs(value) <= 9_223_372_036_854) return value;
  context.report('promql-duration', first, `${text} is no duration.`, 'Write one such as 5m.');
  return 1000;
}

/** The operand of `@`: seconds since 1970 or a bound of the queried range. */
export function convertAt(node: SyntaxNode, context: Context): At {
  const text = textOf(context, node);
  if (node.name === 'AtModifierPreprocessors') return text.toLowerCase() === 'start' ? 'start' : 'end';
  const digits = text.replace(/^[+-]\s*/, '');
  checkEnd({ from: node.to - digits.length, to: node.to }, context);
  const value = isDuration(digits) ? checkedDuration(digits, node, context) / 1000 : parseNumber(digits);
  if (isDuration(digits)) newer(context, node, 'A duration behind @', '2.54');
  if (!(Math.abs(value) < 2 ** 63))
    context.report('promql-modifier', node, `${text} is no point in time.`, 'Write seconds since 1970.');
  return Math.round(value * 1000) * (text.startsWith('-') ? -1 : 1);
}
