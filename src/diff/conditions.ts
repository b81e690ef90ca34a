import { type BinaryNode, formatPromql, type Node, unwrap } from '../promql/index.ts';

/** One `and …` or `unless …` behind an expression. */
export interface Term {
  readonly op: string;
  /** `unless on (environment) …`, for people. */
  readonly text: string;
  /** Operator and matching. */
  readonly kind: string;
  readonly expr: Node;
}

const oneLine = (node: BinaryNode): string => {
  const whole = formatPromql(node);
  return whole.slice(formatPromql(node.left).length + 1);
};

/** An expression taken apart into what it asks and the conditions that it is asked under. */
export function conditions(node: Node): { readonly base: Node; readonly terms: readonly Term[] } {
  const inner = unwrap(node);
  if (inner.kind !== 'binary' || (inner.op !== 'and' && inner.op !== 'unless'))
    return { base: inner, terms: [] };
  const { base, terms } = conditions(inner.left);
  const text = oneLine(inner);
  const kind = text.slice(0, text.length - formatPromql(inner.right).length);
  return { base, terms: [...terms, { op: inner.op, text, kind, expr: inner.right }] };
}

/** Which condition became which: the same ones drop out, the rest is paired in order by operator and matching. */
export function pairTerms(before: readonly Term[], after: readonly Term[]) {
  const left = before.filter((a) => !after.some((b) => a.text === b.text));
  let right = after.filter((b) => !before.some((a) => a.text === b.text));
  const pairs: [Term, Term][] = [];
  for (const a of left) {
    const b = right.find((candidate) => candidate.kind === a.kind);
    if (!b) continue;
    pairs.push([a, b]);
    right = right.filter((x) => x !== b);
  }
  return { pairs, removed: left.filter((a) => !pairs.some(([x]) => x === a)), added: right };
}
