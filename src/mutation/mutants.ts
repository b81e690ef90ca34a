import { parseSync } from '@swc/core';

/** One change of a source text. */
export interface Mutant {
  /** Line of the change, from 1. */
  readonly line: number;
  /** `=== → !==`. */
  readonly change: string;
  /** The whole text after the change. */
  readonly text: string;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface AstNode {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [key: string]: unknown;
}

/** Operators of TypeScript, and of PromQL where definitions hand them over as strings. */
const swapped: Readonly<Record<string, string>> = {
  ...{ '===': '!==', '!==': '===', '==': '!=', '!=': '==', '<': '<=', '<=': '<', '>': '>=', '>=': '>' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '&&': '||', '||': '&&' },
};
const swappedNames: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  max: 'min',
  min: 'max',
};

const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'span' in value;

/** Nodes below a node; of types, which change nothing at run time, only the expression that they are about. */
function children(node: AstNode): AstNode[] {
  const values = node.type.startsWith('Ts') ? [node.expression] : Object.values(node);
  // Arguments and elements stand in objects of their own.
  const unwrapped = values
    .flat()
    .map((value) => (isNode(value) ? value : (value as { expression?: unknown } | null)?.expression));
  return unwrapped.filter(isNode);
}

/** The changes of one node. @param at the text of a span @param source offset of a span in the source */
function editsOf(node: AstNode, at: (node: AstNode) => string, offset: (position: number) => number): Edit[] {
  const replace = (target: AstNode, text: string): Edit => ({
    from: offset(target.span.start),
    to: offset(target.span.end),
    text,
  });
  switch (node.type) {
    case 'BinaryExpression': {
      const [left, right] = [node.left as AstNode, node.right as AstNode];
      const operator = String(node.operator);
      const other = swapped[operator];
      const text = `${at(left)} ${other} ${at(right)}`;
      return other === undefined ? [] : [replace(node, text)];
    }
    case 'BooleanLiteral':
      return [replace(node, String(!node.value))];
    case 'NumericLiteral':
      return [replace(node, String(Number(node.value) + 1))];
    case 'StringLiteral': {
      const other = swapped[String(node.value)];
      return other === undefined ? [] : [replace(node, `'${other}'`)];
    }
    case 'IfStatement':
    case 'ConditionalExpression':
      return [replace(node.test as AstNode, `!(${at(node.test as AstNode)})`)];
    case 'MemberExpression': {
      const property = node.property as AstNode;
      const other = property.type === 'Identifier' ? swappedNames[String(property.value)] : undefined;
      return other === undefined ? [] : [replace(property, other)];
    }
    case 'CallExpression': {
      // Where the first that applies decides, the order is the definition.
      if ((node.callee as AstNode).value !== 'firstOf') return [];
      const list = (node.arguments as { readonly expression: AstNode }[]).map(({ expression }) => expression);
      return list.slice(1).map((next, i) => ({
        from: offset(list[i]!.span.start),
        to: offset(next.span.end),
        text: `${at(next)}, ${at(list[i]!)}`,
      }));
    }
    default:
      return [];
  }
}

/** Every way to change one thing of a TypeScript source, in the order of the text. */
export function mutantsOf(source: string): Mutant[] {
  // Positions count bytes, from a start that differs from call to call: the first statement says where.
  const mark = '0;';
  const bytes = Buffer.from(source);
  const { body } = parseSync(mark + source, { syntax: 'typescript' }) as unknown as { body: AstNode[] };
  const base = body[0]!.span.start + mark.length;
  const offset = (position: number): number => position - base;
  const slice = (from: number, to?: number): string => bytes.subarray(from, to).toString();
  const at = ({ span }: AstNode): string => slice(offset(span.start), offset(span.end));
  const found: Edit[] = [];
  const walk = (node: AstNode): void => {
    found.push(...editsOf(node, at, offset));
    for (const child of children(node)) walk(child);
  };
  for (const statement of body.slice(1)) if (statement.type !== 'ImportDeclaration') walk(statement);
  return found
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, text }) => ({
      line: slice(0, from).split('\n').length,
      change: `${slice(from, to)} → ${text}`,
      text: slice(0, from) + text + slice(to),
    }));
}
