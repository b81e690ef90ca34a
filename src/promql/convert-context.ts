import type { SyntaxNode } from '@lezer/common';
import type { Node, Span } from './ast.ts';
import { collector, type PortabilityProblem, type Problem, type Report } from './problem.ts';

/** State of the conversion of one text. */
export interface Context {
  readonly text: string;
  readonly problems: Problem[];
  readonly report: Report;
  readonly notPortable: PortabilityProblem[];
  /** Whole subexpressions of something broken: they are still checked. */
  readonly orphans: Node[];
  /** Converts a subexpression; undefined when a part of it could not be read. */
  readonly convert: (node: SyntaxNode) => Node | undefined;
}

export function createContext(
  text: string,
  convert: (node: SyntaxNode, context: Context) => Node | undefined,
): Context {
  const problems: Problem[] = [];
  const report = collector(problems);
  const context: Context = {
    ...{ text, problems, report, notPortable: [], orphans: [] },
    convert: (node) => convert(node, context),
  };
  return context;
}

/** The source of a node of the grammar's tree. */
export const textOf = (context: Context, { from, to }: Span): string => context.text.slice(from, to);

/** The children that mean something: comments and the grammar's error marks left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment' && !child.type.isError) children.push(child);
  }
  return children;
}

/** Whether the grammar missed something in this node itself. */
export function hasError(node: SyntaxNode): boolean {
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.type.isError) return true;
  return false;
}

/** Keeps the whole parts of something that is broken, and says that it is. */
export function broken(context: Context, ...parts: readonly (Node | undefined)[]): undefined {
  for (const part of parts) if (part) context.orphans.push(part);
  return undefined;
}

/**
 * Notes something that not every supported Prometheus understands.
 * @param experimental behind a feature flag: in every version, or until this one
 */
export function newer(
  { notPortable }: Pick<Context, 'notPortable'>,
  { from, to }: Span,
  what: string,
  since: string,
  experimental: boolean | string = false,
): void {
  const stable = typeof experimental === 'string' ? experimental : undefined;
  const flag = stable
    ? `, without a feature flag since ${stable}`
    : experimental
      ? ', behind a feature flag'
      : '';
  notPortable.push({
    id: 'promql-not-portable',
    message: `${what} exists only since Prometheus ${since}${flag}.`,
    fix: 'Write it in a way that the oldest Prometheus of the pipeline file understands as well.',
    from,
    to,
    since,
    experimental: experimental !== false,
    ...(stable && { stable }),
  });
}
