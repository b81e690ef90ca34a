import { expect, it } from 'vitest';
import { failures, secondTries, skippedFiles, withoutServers } from '../../src/lib/test-report.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: '',
  assertionResults: tests.map((own) => ({ status: own, fullName: own, failureMessages: [] })),
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
  ['a run that fails outside of any test', 0, [file('passed', 'passed')], 1],
])('counts %s', (what, numFailedTests, testResults, count) => {
  const report = { numPassedTests: 0, numFailedTests, numPendingTests: 0, testResults };
  expect(failures(report, what === 'nothing' ? 0 : 1)).toBe(count);
});

it('names what passed only when it was tried again', () => {
  const one = (status: string, fullName: string, ...failureMessages: string[]) => ({
    status,
    fullName,
    failureMessages,
  });
  const assertionResults = [
    one('passed', 'at once'),
    one('passed', 'at last', 'Error: too late\n    at somewhere'),
    one('failed', 'never', 'Error: no'),
  ];
  const report = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 0 };
  expect(secondTries({ ...report, testResults: [{ ...file('failed'), assertionResults }] })).toEqual([
    'at last (Error: too late)',
  ]);
});

it('names the files that had no servers, and no others', () => {
  const results = [
    {
      ...file('failed'),
      name: 'b.live.test.ts',
      message: `${withoutServers} There are no packages for darwin.`,
    },
    { ...file('failed'), message: 'Cannot find module' },
    file('passed', 'passed'),
  ];
  const report = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, testResults: results };
  expect(skippedFiles(report)).toEqual(['b.live.test.ts']);
});
