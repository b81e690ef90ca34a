import type { MatrixNode, Node, SelectorNode } from './ast.ts';

/** The parts of an expression that are expressions themselves, in the order of the text. */
export function childNodes(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [node.selector];
    case 'call':
      return node.args;
    case 'aggregate':
      return node.param ? [node.param, node.expr] : [node.expr];
    case 'binary':
      return [node.left, node.right];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [node.expr];
  }
}

/** Calls `fn` for every node, a parent before its children. */
export function visit(
  ast: Node,
  fn: (node: Node, parent: Node | undefined) => void,
  parent?: Node | undefined,
): void {
  fn(ast, parent);
  for (const child of childNodes(ast)) visit(child, fn, ast);
}

/** Every node of one kind. */
export function findAll<Kind extends Node['kind']>(ast: Node, kind: Kind): Extract<Node, { kind: Kind }>[] {
  const found: Extract<Node, { kind: Kind }>[] = [];
  visit(ast, (node) => {
    if (node.kind === kind) found.push(node as Extract<Node, { kind: Kind }>);
  });
  return found;
}

/** Every selector, those with a range included. */
export const selectors = (ast: Node): SelectorNode[] => findAll(ast, 'selector');

/** The metric that a selector names, in front of the braces or inside them; undefined when it names none. */
export function metricOf(selector: SelectorNode): string | undefined {
  return selector.name ?? selector.matchers.find((m) => m.label === '__name__' && m.op === '=')?.value;
}

/** An expression without the parentheses around it. */
export function unwrap(node: Node): Exclude<Node, { kind: 'paren' }> {
  return node.kind === 'paren' ? unwrap(node.expr) : node;
}

/** The selector below a range vector that is no subquery. */
export function selectorOf(node: Node): SelectorNode | undefined {
  const inner = unwrap(node);
  return inner.kind === 'selector'
    ? inner
    : inner.kind === 'matrix'
      ? (inner as MatrixNode).selector
      : undefined;
}
