import type { Node } from './ast.ts';
import type { Problem } from './problem.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One sort of mistake that Prometheus accepts and that never gives what was meant. */
export interface LintCheck {
  readonly id: string;
  /** One line, for the reference. */
  readonly summary: string;
  readonly check: (ast: Node, vocabulary: Vocabulary) => readonly Problem[];
}
