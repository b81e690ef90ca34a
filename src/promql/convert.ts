import type { SyntaxNode } from '@lezer/common';
import type { Node } from './ast.ts';
import { convertAggregate, convertCall } from './convert-call.ts';
import { broken, type Context, childrenOf, hasError, newer, textOf } from './convert-context.ts';
import { convertAt, convertDuration, convertNumber, convertString } from './convert-literals.ts';
import { convertOperator } from './convert-operator.ts';
import { convertSelector } from './convert-selector.ts';
import { assemble } from './expression.ts';
import type { Item } from './item.ts';

type Flatten = (node: SyntaxNode, context: Context, items: Item[]) => void;

const primaries: Readonly<Record<string, (node: SyntaxNode, context: Context) => Node | undefined>> = {
  AggregateExpr: convertAggregate,
  FunctionCall: convertCall,
  ParenExpr: convertParen,
  StringLiteral: convertString,
  VectorSelector: convertSelector,
};

const operators: Readonly<Record<string, Flatten>> = {
  AnchoredExpr: flattenPostfix,
  BinaryExpr: flattenBinary,
  MatrixSelector: flattenPostfix,
  NumberDurationLiteral: flattenNumber,
  OffsetExpr: flattenPostfix,
  SmoothedExpr: flattenPostfix,
  StepInvariantExpr: flattenPostfix,
  SubqueryExpr: flattenPostfix,
  UnaryExpr: flattenUnary,
};

/** The expression at a node of the grammar's tree; undefined when a part of it could not be read. */
export function convert(node: SyntaxNode, context: Context): Node | undefined {
  const primary = primaries[node.name];
  if (primary) return primary(node, context);
  const items: Item[] = [];
  flatten(node, context, items);
  return assemble(items, context);
}

/**
 * Lists operands and operators in the order of the text. The grammar's own tree cannot be trusted about their
 * binding: it reads `a + b[5m] * c` as `((a + b)[5m]) * c` and `-1 ^ 2` as `(-1) ^ 2`.
 */
function flatten(node: SyntaxNode, context: Context, items: Item[]): void {
  const operator = operators[node.name];
  if (operator) operator(node, context, items);
  else items.push({ type: 'operand', node: primaries[node.name]?.(node, context) });
}

function flattenNumber(node: SyntaxNode, context: Context, items: Item[]): void {
  const text = textOf(context, node);
  const op = text[0];
  if (op !== '+' && op !== '-')
    return void items.push({ type: 'operand', node: convertNumber(node, context) });
  const from = node.to - text.slice(1).trimStart().length;
  items.push({ type: 'prefix', op, from: node.from });
  items.push({ type: 'operand', node: convertNumber({ from, to: node.to }, context) });
}

function flattenUnary(node: SyntaxNode, context: Context, items: Item[]): void {
  const [operator, expr] = childrenOf(node);
  if (!operator || !expr || hasError(node)) {
    flattenBroken(node, context, items);
    return;
  }
  items.push({ type: 'prefix', op: textOf(context, operator) === '-' ? '-' : '+', from: node.from });
  flatten(expr, context, items);
}

function flattenBinary(node: SyntaxNode, context: Context, items: Item[]): void {
  const [left, operator, ...rest] = childrenOf(node);
  const right = rest.pop();
  if (!left || !operator || !right || hasError(node)) {
    flattenBroken(node, context, items);
    return;
  }
  flatten(left, context, items);
  items.push(convertOperator(operator, rest, context));
  flatten(right, context, items);
}

/** Text that the grammar could not read counts as one missing operand; its complete parts are kept. */
function flattenBroken(node: SyntaxNode, context: Context, items: Item[]): void {
  for (const child of childrenOf(node)) {
    if (child.name in primaries || child.name in operators) broken(context, convert(child, context));
  }
  items.push({ type: 'operand', node: undefined });
}

function flattenPostfix(node: SyntaxNode, context: Context, items: Item[]): void {
  const [expr, ...rest] = childrenOf(node);
  const last = rest.at(-1) ?? expr;
  if (!expr || !last || hasError(node)) {
    flattenBroken(node, context, items);
    return;
  }
  flatten(expr, context, items);
  const to = node.to;
  const span = { from: rest[0]?.from ?? to, to };
  const bracket = { from: context.text.lastIndexOf('[', span.from), to };
  const [first, second] = rest.filter((n) => n.name.endsWith('DurationExpr'));
  const duration = first && convertDuration(first, context);
  if (node.name === 'MatrixSelector') items.push({ type: 'range', span: bracket, range: duration });
  else if (node.name === 'SubqueryExpr') {
    const step = second && { step: convertDuration(second, context) };
    items.push({ type: 'subquery', span: bracket, range: duration, ...step });
  } else if (node.name === 'OffsetExpr') items.push({ type: 'shift', span, shift: { offset: duration } });
  else if (node.name === 'StepInvariantExpr')
    items.push({ type: 'shift', span: { from: span.from, to }, shift: { at: convertAt(last, context) } });
  else {
    newer(context, span, textOf(context, span), '3.7', '3.16');
    items.push({ type: 'unreadable', span });
  }
}

function convertParen(node: SyntaxNode, context: Context): Node | undefined {
  const inner = childrenOf(node)[0];
  const expr = inner && convert(inner, context);
  if (!expr || hasError(node)) return broken(context, expr);
  return { kind: 'paren', valueType: expr.valueType, expr, from: node.from, to: node.to };
}
