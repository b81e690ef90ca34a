import type { Span } from './ast.ts';

/** Something that is wrong with an expression, and where (offsets into the text that was parsed). */
export interface Problem extends Span {
  /** Stable name of the rule, kebab-case. */
  readonly id: string;
  readonly message: string;
  readonly fix: string;
  /** Shown, and fails no build: what is useless rather than wrong. Without it, an error. */
  readonly severity?: 'warning';
}

/** Something that not every supported Prometheus understands. */
export interface PortabilityProblem extends Problem {
  /** The first version that understands it. */
  readonly since: string;
  /** Only behind a feature flag, in every version or until `stable`. */
  readonly experimental: boolean;
  /** The first version that needs no flag any more. */
  readonly stable?: string;
}

/** Takes problems as they are found; nothing stops at the first one. */
export type Report = (id: string, span: Span, message: string, fix: string) => void;

/** A report that collects into a list. */
export function collector(problems: Problem[]): Report {
  return (id, { from, to }, message, fix) => {
    problems.push({ id, message, from, to, fix });
  };
}

/** Problems in the order of the text; one rule speaks once about one place. */
export function inOrder<T extends Problem>(problems: readonly T[]): T[] {
  const seen = new Set<string>();
  return problems
    .filter((p) => {
      const key = `${p.from} ${p.to} ${p.id}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}
