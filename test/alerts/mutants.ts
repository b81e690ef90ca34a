import { setOperators } from '../../src/promql/ast.ts';
import { childNodes } from '../../src/promql/nodes.ts';
import { type Node, parsePromql } from '../../src/promql/parse.ts';

/** An expression in which one thing is wrong. */
export interface Mutant {
  /** The mutation: `900 → 1125`, or `only the left of "or"`. */
  readonly change: string;
  readonly expr: string;
}

const decimals = (value: number): string => String(Number(value.toPrecision(6)));

/** A little more and a little less: one or two for small counts, a tenth of what is missing to 1 for shares, else a quarter. */
function nudged(value: number): number[] {
  if (value === 0) return [2];
  if (value < 0.001) return [0.2, -0.2];
  if (value < 1) return [value - Math.min(value, 1 - value) * 0.25, value + Math.min(value, 1 - value) * 0.2];
  if (Number.isInteger(value) && value <= 10) return [value - 1, value + 1];
  return [value * 0.8, value * 1.25];
}

/** Numbers that are no limit: the sign of a time, and how many `topk` gives. */
const isLimit = (node: Node, parent: Node | undefined): boolean =>
  node.kind === 'number' &&
  parent?.kind !== 'aggregate' &&
  parent?.kind !== 'unary' &&
  !(node.value === -1 || (node.value === 1 && parent?.kind === 'binary' && parent.op === '*'));

function numbers(text: string, node: Node): Mutant[] {
  if (node.kind !== 'number') return [];
  return nudged(node.value).map((value) => ({
    change: `${decimals(node.value)} → ${decimals(value)} at ${node.from}`,
    expr: `${text.slice(0, node.from)}${decimals(value)}${text.slice(node.to)}`,
  }));
}

function branches(text: string, node: Node): Mutant[] {
  if (node.kind !== 'binary' || !setOperators.has(node.op)) return [];
  const only = (side: Node): string =>
    `${text.slice(0, node.from)}(${text.slice(side.from, side.to)})${text.slice(node.to)}`;
  const left = { change: `only the left of "${node.op}" at ${node.opSpan.from}`, expr: only(node.left) };
  if (node.op !== 'or') return [left];
  return [left, { change: `only the right of "or" at ${node.opSpan.from}`, expr: only(node.right) }];
}

/** Every expression that differs from this one by one limit that is nudged, or one branch or condition that is missing. */
export function mutantsOf(text: string): Mutant[] {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(`no PromQL: ${text}`);
  const found: Mutant[] = [];
  const walk = (node: Node, parent?: Node): void => {
    if (isLimit(node, parent)) found.push(...numbers(text, node));
    found.push(...branches(text, node));
    for (const child of childNodes(node)) walk(child, node);
  };
  walk(parsed.ast);
  const seen = new Set([text]);
  return found.filter(({ expr }) => !seen.has(expr) && seen.add(expr));
}
