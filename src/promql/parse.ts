import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Node } from './ast.ts';
import { convert } from './convert.ts';
import { createContext } from './convert-context.ts';
import { inOrder, type PortabilityProblem, type Problem } from './problem.ts';
import { scan } from './scan.ts';
import { semanticProblems } from './semantics.ts';
import { syntaxProblems } from './syntax.ts';

export type * from './ast.ts';
export type { PortabilityProblem, Problem } from './problem.ts';

/** An expression, or everything that Prometheus would refuse about it. */
export type Parsed =
  | {
      readonly ok: true;
      readonly ast: Node;
      /** Syntax that Prometheus 2.42, or 3.5 without feature flags, does not understand. */
      readonly notPortable: readonly PortabilityProblem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const strict = parser.configure({ strict: true });

/** White space that Prometheus does not know, and the grammar does. */
const oddSpace = /[^\S \t\n\r]/;

interface Read {
  /** The text that the tree belongs to: of the same length, with the same meaning. */
  readonly text: string;
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/** `5.` is a number for Prometheus and not for the grammar. */
function withoutBareDots(text: string): string {
  const ends = new Set(
    scan(text).flatMap((t) => (t.type === 'number' && t.text.endsWith('.') ? [t.to - 1] : [])),
  );
  return ends.size === 0
    ? text
    : text
        .split('')
        .map((c, i) => (ends.has(i) ? ' ' : c))
        .join('');
}

/** The grammar's tree, and what is wrong when the text is no expression. */
function read(text: string): Read {
  try {
    const tree = strict.parse(text);
    if (!oddSpace.test(text)) return { text, tree, problems: [] };
    const space = syntaxProblems(text, tree).filter(({ from, to }) => oddSpace.test(text.slice(from, to)));
    return { text, tree, problems: space };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const plain = withoutBareDots(text);
    if (plain !== text) return read(plain);
    const tree = parser.parse(text);
    return { text, tree, problems: syntaxProblems(text, tree) };
  }
}

/** The expression of the whole text: what is neither a comment nor an error. */
function expressionOf({ topNode }: Tree): SyntaxNode | undefined {
  for (let child = topNode.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment' && !child.type.isError) return child;
  return undefined;
}

/** Finding about an expression that is nested more deeply than the machine's stack. */
function tooDeep(text: string): Problem {
  const message = 'This expression is nested more deeply than can be read here.';
  return { id: 'promql-too-long', message, fix: 'Split it into recording rules.', from: 0, to: text.length };
}

/**
 * Reads an expression and judges it as Prometheus does: syntax, types, signatures, regular expressions. Offsets
 * are those of the text. What some versions understand and others do not is accepted, and listed.
 */
export function parsePromql(text: string): Parsed {
  try {
    return judge(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, problems: [tooDeep(text)] };
  }
}

function judge(text: string): Parsed {
  const { text: plain, tree, problems: syntax } = read(text);
  const context = createContext(plain, convert);
  const top = expressionOf(tree);
  const ast = top && context.convert(top);
  const roots = ast ? [...context.orphans, ast] : context.orphans;
  const problems = [...syntax, ...context.problems, ...roots.flatMap(semanticProblems)];
  if (problems.length === 0 && ast && roots.length === 1)
    return { ok: true, ast, notPortable: inOrder(context.notPortable) };
  const found = problems.length > 0 ? problems : context.notPortable;
  return { ok: false, problems: found.length > 0 ? inOrder(found) : [tooDeep(text)] };
}
