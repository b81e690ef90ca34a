import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Node } from './ast.ts';
import { convert } from './convert.ts';
import { createContext } from './convert-context.ts';
import { inOrder, type PortabilityProblem, type Problem } from './problem.ts';
import { semanticProblems } from './semantics.ts';
import { syntaxProblems } from './syntax.ts';

export type * from './ast.ts';
export type { PortabilityProblem, Problem } from './problem.ts';

/** An expression, or everything that Prometheus would refuse about it. */
export type Parsed =
  | {
      readonly ok: true;
      readonly ast: Node;
      /** What Prometheus 2.42, or 3.5 without feature flags, does not understand. */
      readonly notPortable: readonly PortabilityProblem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const strict = parser.configure({ strict: true });

/** White space that Prometheus does not know, and the grammar does. */
const oddSpace = /[^\S \t\n\r]/;

/** The grammar's tree, and whether the whole text is an expression. */
function read(text: string): { tree: Tree; problems: readonly Problem[] } {
  try {
    const tree = strict.parse(text);
    if (!oddSpace.test(text)) return { tree, problems: [] };
    const space = syntaxProblems(text, tree).filter(({ from, to }) => oddSpace.test(text.slice(from, to)));
    return { tree, problems: space };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const tree = parser.parse(text);
    return { tree, problems: syntaxProblems(text, tree) };
  }
}

/** The expression of the whole text: what is neither a comment nor an error. */
function expressionOf({ topNode }: Tree): SyntaxNode | undefined {
  for (let child = topNode.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment' && !child.type.isError) return child;
  return undefined;
}

/**
 * Reads an expression and judges it as Prometheus does: syntax, types, signatures, regular expressions. Offsets
 * are those of the text. What some versions understand and others do not is accepted, and listed.
 */
export function parsePromql(text: string): Parsed {
  const { tree, problems: syntax } = read(text);
  const context = createContext(text, convert);
  const top = expressionOf(tree);
  const ast = top && context.convert(top);
  const roots = ast ? [...context.orphans, ast] : context.orphans;
  const problems = [...syntax, ...context.problems, ...roots.flatMap(semanticProblems)];
  if (problems.length === 0 && ast && roots.length === 1)
    return { ok: true, ast, notPortable: inOrder(context.notPortable) };
  return { ok: false, problems: inOrder(problems.length > 0 ? problems : context.notPortable) };
}
