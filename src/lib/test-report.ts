/** The part of vitest's JSON report that is counted here. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly status: string;
    /** Why the file broke before its first test; empty when it did not. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      /** Of every attempt. */
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Begins the error of a file that needs real servers when none can be had. */
export const withoutServers = 'Skipped:';

/** Files that did not run because there are no real servers for this machine. */
export const skippedFiles = ({ testResults }: TestReport): string[] =>
  testResults.filter(({ message }) => message.startsWith(withoutServers)).map(({ name }) => name);

/**
 * How many tests failed. A file that fails without a failed test counts as one: it broke before its first test, or
 * what its tests need (`beforeAll`) could not be had, so that vitest calls them skipped. And a run that fails without
 * any of these counts as one: an error came up in no test.
 * @param code what vitest exited with
 */
export function failures({ numFailedTests, testResults }: TestReport, code: number): number {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return Math.max(numFailedTests + broken.length, code === 0 ? 0 : 1);
}

/** Tests that failed and passed when they were tried again. */
export const secondTries = ({ testResults }: TestReport): string[] =>
  testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages }) => `${fullName} (${failureMessages[0]?.split('\n')[0]})`),
  );
