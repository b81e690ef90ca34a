import { stripControls } from './sanitize.ts';

/** The user's mistake: a sentence that names it, and the fix. Exit code 1, no stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly fix: string | undefined;
  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

/** The environment's failure: what could not be reached or done, and what was therefore not done. */
export class EnvironmentFailure extends Error {
  override readonly name = 'EnvironmentFailure';
  readonly notDone: string | undefined;
  constructor(message: string, notDone?: string) {
    super(message);
    this.notDone = notDone;
  }
}

/** Whether it is one of the two that a sentence explains, and no bug of ours. */
export const isExpected = (error: unknown): error is UserError | EnvironmentFailure =>
  error instanceof UserError || error instanceof EnvironmentFailure;

/** Text for a person: user and environment errors as sentences; anything else is our bug and shows its stack. */
export const explain = (error: unknown): string => stripControls(wordsOf(error));

function wordsOf(error: unknown): string {
  if (error instanceof UserError) return error.fix ? `${error.message}\n  ${error.fix}` : error.message;
  if (error instanceof EnvironmentFailure)
    return error.notDone ? `${error.message}\n  Not done: ${error.notDone}` : error.message;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in this project, please report it.\n${stack}`;
}

/**
 * Runs a command and ends the process with its exit code; errors become sentences on stderr.
 * @param failureCode exit code of a command that throws (default 1)
 */
export async function runMain(main: () => Promise<number>, failureCode = 1): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = failureCode;
  }
}
