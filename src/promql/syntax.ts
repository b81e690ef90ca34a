import type { Tree } from '@lezer/common';
import type { Span } from './ast.ts';
import { collector, type Problem } from './problem.ts';
import { scan } from './scan.ts';
import { syntaxChecks } from './syntax-checks.ts';

/** Of so many operators of one sort in a row the grammar loses track. */
const longestChain = 600;
const tooLong = 'There is a mistake in this expression, or it is longer than can be read here.';

/** Findings about a text that the grammar refuses: explained where the mistake is a known one. */
export function syntaxProblems(text: string, tree: Tree): Problem[] {
  const problems: Problem[] = [];
  const report = collector(problems);
  const tokens = scan(text);
  if (tokens.length === 0) {
    report('promql-empty', { from: 0, to: text.length }, 'There is no expression.', 'Write one.');
    return problems;
  }
  for (const check of syntaxChecks) check(tokens, report);
  if (problems.length > 0) return problems;
  if (tokens.length > longestChain) {
    report('promql-too-long', { from: 0, to: text.length }, tooLong, 'Split it into recording rules.');
    return problems;
  }
  for (const span of errorsOf(text, tree)) {
    const token = tokens.find((t) => t.from >= span.from);
    const last = tokens.at(-1)!;
    if (token)
      report(
        'promql-syntax',
        token,
        `${token.text} cannot stand here.`,
        'Remove it, or put an operator in between.',
      );
    else report('promql-syntax', last, `Something is missing behind ${last.text}.`, 'Finish the expression.');
  }
  return problems;
}

/** The grammar's errors without their echoes: those in the same place of the tree, or right behind another one. */
function errorsOf(text: string, tree: Tree): Span[] {
  const errors: Span[] = [];
  const regions = new Set<number>();
  let end = -1;
  tree.iterate({
    enter: (node) => {
      if (!node.type.isError) return;
      const region = node.node.parent?.from ?? 0;
      const echo = regions.has(region) || (end >= 0 && text.slice(end, node.from).trim() === '');
      regions.add(region);
      end = node.to;
      if (!echo) errors.push({ from: node.from, to: node.to });
    },
  });
  return errors;
}
