import type { Changes } from './good.ts';

/** One thing that is wrong, and the one finding that says so. */
export interface Broken {
  readonly name: string;
  readonly changes: Changes;
  readonly id: string;
  readonly place: readonly string[];
  /** The text under the caret; none where a finding is not about a text. */
  readonly caret?: string;
}
