import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { explain, runMain } from '../src/lib/errors.ts';
import { root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { failures, secondTries, type TestReport } from '../src/lib/test-report.ts';
import { obtainPrograms } from '../src/servers/index.ts';

const help = `Runs every test: formatting, types, the build, and vitest with real servers.

Usage: npm test [-- vitest's own options and filters]

With filters only vitest runs. Real servers that are missing are fetched first (see: npm run servers).
A test that fails is tried once more; what passes only then is named at the end.
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

async function fetchServers(): Promise<void> {
  try {
    await obtainPrograms(['prometheus', 'promtool', 'pushgateway', 'alertmanager', 'amtool']);
    await obtainPrograms(['prometheus', 'promtool', 'pushgateway', 'alertmanager', 'amtool'], '2.42');
  } catch (error) {
    // The tests that need them will say so one by one; the others are worth running all the same.
    say(explain(error));
  }
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

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(help);
    return 0;
  }
  await fetchServers();
  const around = args.length > 0 ? { passed: 0, failed: 0 } : await runChecks();
  const report = await runVitest(args);
  const passed = around.passed + report.numPassedTests;
  const failed = around.failed + failures(report, report.code);
  for (const name of secondTries(report)) say(`Passed only when it was tried again: ${name}`);
  if (report.numPendingTests > 0) say(`${report.numPendingTests} skipped; the log above says why.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
