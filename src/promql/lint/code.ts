import type { BinaryNode } from '../ast.ts';
import { carriedMetrics } from '../carried.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, unwrap } from '../nodes.ts';
import type { Problem } from '../problem.ts';
import { knownMetric, type Vocabulary } from '../vocabulary.ts';

function problemsOf({ op, left, right }: BinaryNode, vocabulary: Vocabulary): Problem[] {
  if (op !== '==' && op !== '!=') return [];
  const [series, number] = left.valueType === 'scalar' ? [right, unwrap(left)] : [left, unwrap(right)];
  const names = number.kind === 'number' ? carriedMetrics(series) : undefined;
  const codes = names?.map((name) => knownMetric(vocabulary, name)?.codes);
  if (number.kind !== 'number' || !names || !codes) return [];
  if (codes.some((known) => !known || Object.values(known).includes(number.value))) return [];
  const listed = Object.entries(codes[0] ?? {}).map(([name, code]) => `${code} ${name}`);
  const message = `${names[0]} is never ${number.value}: no such code exists.`;
  return [
    {
      id: 'code-unknown',
      message,
      fix: `Its codes are ${listed.join(', ')}.`,
      from: number.from,
      to: number.to,
    },
  ];
}

/** An enumeration compared with a number that stands for nothing. */
export const codeUnknown: LintCheck = {
  id: 'code-unknown',
  summary: 'A code is compared with a number that is none of its values.',
  check: (ast, vocabulary) => findAll(ast, 'binary').flatMap((node) => problemsOf(node, vocabulary)),
};
