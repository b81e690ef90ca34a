import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { runMain } from '../src/lib/errors.ts';
import { projectPath, root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { failures, secondTries, skippedFiles, type TestReport } from '../src/lib/test-report.ts';

const help = `Runs every test: formatting, types, the build, and vitest.

Usage: npm test [-- vitest's own options and filters]

  --project unit     what needs nothing but Node; the others are live (real servers), browser and soak
  test/record        the tests of a folder

With options or filters only vitest runs. Real servers that are missing are fetched (see: npm run servers). Where
there are none, the tests that need them are named as skipped; with CI set they count as failed.
A test of the project "live" that fails is tried once more; what passes only then is named at the end.
Exit codes: 0 all passed, 1 something failed.`;

const run = $({ cwd: root, stdio: 'inherit', nothrow: true, verbose: false });

/** The checks around the tests; each counts as one. */
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['formatting and lint', ['npx', 'biome', 'check', '--error-on-warnings', '.']],
  ['types', ['npx', 'tsc', '--noEmit', '-p', '.']],
  ['generated/ is current', ['node', 'scripts/run.mjs', 'build', '--check']],
];

async function runChecks(): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  for (const [name, command] of checks) {
    say(`› ${name}`);
    const { exitCode } = await run`${command}`;
    if (exitCode === 0) passed += 1;
    else say(`✗ ${name}`);
  }
  return { passed, failed: checks.length - passed };
}

async function runVitest(args: readonly string[]): Promise<TestReport & { code: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'vitest-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { exitCode } = await run`npx vitest run ${reporters} ${args}`;
    return { ...(JSON.parse(readFileSync(file, 'utf8')) as TestReport), code: exitCode ?? 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Failed tests; files without servers are named, and count only where servers must be there. */
function failed(report: TestReport, code: number): number {
  const skipped = skippedFiles(report);
  const count = failures(report, code);
  if (skipped.length === 0) return count;
  for (const name of skipped) say(`Skipped, because there are no real servers: ${projectPath(name)}`);
  say(`${skipped.length} files skipped. How to get the servers: npm run servers`);
  return process.env.CI ? count : count - skipped.length;
}

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(help);
    return 0;
  }
  const around = args.length > 0 ? { passed: 0, failed: 0 } : await runChecks();
  const report = await runVitest(args);
  const sum = {
    passed: around.passed + report.numPassedTests,
    failed: around.failed + failed(report, report.code),
  };
  for (const name of secondTries(report)) say(`Passed only when it was tried again: ${name}`);
  if (report.numPendingTests > 0) say(`${report.numPendingTests} skipped; the log above says why.`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
});
