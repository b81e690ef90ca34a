/** What a run that found nothing wrong says the next time, if nothing has changed by then. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Files of the project that the run wrote or removed; their paths below its root. */
  readonly written: readonly string[];
  /** Files outside the project that it asked for (absolute paths), whether or not they are there. */
  readonly outside: readonly string[];
}

/** Keeps an outcome for `scripts/run.mjs`, which knows what was there before the run; nothing when something else runs us. */
export function rememberOutcome(outcome: Outcome): void {
  const keeper = (globalThis as { [key: symbol]: unknown })[Symbol.for('former run')];
  (keeper as { remember(outcome: Outcome): void } | undefined)?.remember(outcome);
}
