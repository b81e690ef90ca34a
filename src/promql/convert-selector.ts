import type { SyntaxNode } from '@lezer/common';
import type { Matcher, MatchOp, SelectorNode } from './ast.ts';
import { broken, type Context, childrenOf, hasError, newer, textOf } from './convert-context.ts';
import { convertString } from './convert-literals.ts';

/** `name{label="value"}`, its name and its braces each optional. */
export function convertSelector(node: SyntaxNode, context: Context): SelectorNode | undefined {
  const [first, second] = childrenOf(node);
  const identifier = first?.name === 'Identifier' ? first : undefined;
  const braces = identifier ? second : first;
  const matchers = braces ? childrenOf(braces).map((matcher) => convertMatcher(matcher, context)) : [];
  const whole = matchers.filter((m) => m !== undefined);
  if (identifier && textOf(context, identifier).toLowerCase() === 'atan2')
    context.report(
      'promql-syntax',
      identifier,
      'atan2 is an operator, not a metric.',
      'Put a value on each side.',
    );
  if (hasError(node) || (braces && hasError(braces)) || whole.length < matchers.length)
    return broken(context);
  return {
    kind: 'selector',
    valueType: 'vector',
    ...(identifier && { name: textOf(context, identifier) }),
    matchers: whole,
    from: node.from,
    to: node.to,
  };
}

function convertMatcher(node: SyntaxNode, context: Context): Matcher | undefined {
  if (node.name === 'QuotedLabelName') {
    newer(context, node, 'A metric name in quotes', '3.0');
    const { value, from, to } = convertString(node, context);
    return { label: '__name__', op: '=', value, valueSpan: { from, to }, from, to };
  }
  const [name, op, value] = childrenOf(node);
  if (!name || !op || !value || hasError(node)) return undefined;
  const quoted = name.name === 'QuotedLabelName';
  if (quoted) newer(context, name, 'A label name in quotes', '3.0');
  return {
    label: quoted ? convertString(name, context).value : textOf(context, name),
    op: textOf(context, op) as MatchOp,
    value: convertString(value, context).value,
    valueSpan: { from: value.from, to: value.to },
    from: node.from,
    to: node.to,
  };
}
