import type { BinaryNode, Node, UnaryNode } from './ast.ts';
import { setOperators } from './ast.ts';
import { broken, type Context } from './convert-context.ts';
import type { BinaryItem, Item, PostfixItem } from './item.ts';
import { applyRange, applyShift, applySubquery } from './postfix.ts';

const power = 6;
const precedence: Readonly<Record<string, number>> = {
  ...{ or: 1, and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '</': 3, '>/': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': power },
};

interface Row {
  readonly items: readonly Item[];
  position: number;
  readonly context: Context;
}

/** Builds the tree that Prometheus builds: postfix binds tightest, then `^`, signs, `* / %`, `+ -`, … */
export function assemble(items: readonly Item[], context: Context): Node | undefined {
  return binary({ items, position: 0, context }, 0);
}

function binary(row: Row, lowest: number): Node | undefined {
  let left = prefixed(row);
  for (;;) {
    const item = row.items[row.position];
    if (item?.type !== 'binary') return left;
    const level = precedence[item.op] ?? 0;
    if (level < lowest) return left;
    row.position++;
    const right = binary(row, level === power ? level : level + 1);
    left = left && right && item.readable ? join(left, item, right) : broken(row.context, left, right);
  }
}

function join(left: Node, item: BinaryItem, right: Node): BinaryNode {
  const { op, opSpan, bool, matching } = item;
  const scalars = left.valueType === 'scalar' && right.valueType === 'scalar' && !setOperators.has(op);
  return {
    kind: 'binary',
    valueType: scalars ? 'scalar' : 'vector',
    op,
    opSpan,
    bool,
    ...(matching && { matching }),
    left,
    right,
    from: left.from,
    to: right.to,
  };
}

function prefixed(row: Row): Node | undefined {
  const item = row.items[row.position];
  if (item?.type !== 'prefix') return postfixed(row);
  row.position++;
  const expr = binary(row, power);
  return expr && sign(item.op, item.from, expr);
}

/** A sign in front of a number is a part of the number, as in Prometheus. */
function sign(op: '+' | '-', from: number, expr: Node): Node {
  if (expr.kind === 'number') return { ...expr, from, value: op === '-' ? -expr.value : expr.value };
  const unary: UnaryNode = { kind: 'unary', valueType: expr.valueType, op, expr, from, to: expr.to };
  return unary;
}

function postfixed(row: Row): Node | undefined {
  const operand = row.items[row.position++];
  let node = operand?.type === 'operand' ? operand.node : undefined;
  for (;;) {
    const item = row.items[row.position];
    if (!item || item.type === 'operand' || item.type === 'prefix' || item.type === 'binary') return node;
    row.position++;
    if (!node) continue;
    node = applyPostfix(node, item, row.context);
  }
}

function applyPostfix(node: Node, item: PostfixItem, context: Context): Node | undefined {
  switch (item.type) {
    case 'range':
      return applyRange(node, item, context);
    case 'subquery':
      return applySubquery(node, item, context);
    case 'shift':
      return applyShift(node, item, context);
    case 'unreadable':
      return broken(context, node);
  }
}
