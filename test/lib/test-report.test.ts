import { expect, it } from 'vitest';
import { failures } from '../../scripts/lib/test-report.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((own) => ({ status: own })),
});

it.each([
  ['a test that fails', 1, [file('failed', 'failed', 'passed'), file('passed', 'passed')], 1],
  ['a file that breaks before its first test', 0, [file('failed')], 1],
  [
    'a file whose tests are skipped because what they need could not be had',
    0,
    [file('failed', 'skipped')],
    1,
  ],
  ['nothing', 0, [file('passed', 'passed', 'skipped')], 0],
])('counts %s', (_, numFailedTests, testResults, count) => {
  expect(failures({ numPassedTests: 0, numFailedTests, numPendingTests: 0, testResults })).toBe(count);
});
