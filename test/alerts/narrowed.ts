import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Alert, Family } from '../../src/alerts/alert.ts';
import { rulesBehind } from '../../src/compile/alerts/dependencies.ts';
import { alertFile, alertGroups } from '../../src/compile/alerts/rules.ts';
import { alertTests, textsOf } from '../../src/compile/alerts/tests.ts';
import { ruleFileText } from '../../src/compile/rules.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import { families, pipeline, ruleFiles } from '../relay.ts';

/** Rule files and tests by name, as promtool takes them. */
export interface Narrowed {
  readonly rules: Readonly<Record<string, string>>;
  readonly tests: Readonly<Record<string, string>>;
}

export const familyOf = (alert: Alert): Family => families.find(({ alerts }) => alerts.includes(alert))!;

/** The generated tests of one alert, with that alert and the rules that it reads instead of whole rule files. */
export async function narrowed(alert: Alert): Promise<Narrowed> {
  const only = [{ ...familyOf(alert), alerts: [alert] }];
  const behind = rulesBehind(textsOf(alert), ruleFiles);
  const files = { ...behind, [alertFile]: alertGroups(only) };
  const tests = Object.entries(await alertTests(only, behind));
  const texts = {
    rules: Object.fromEntries(
      Object.entries(files).map(([name, groups]) => [`${name}.yml`, ruleFileText(groups)]),
    ),
    tests: Object.fromEntries(tests.map(([path, text]) => [basename(path), text])),
  };
  // As in the build: an expected sentence and its rule both get the pipeline's addresses and numbers.
  return forPipeline(texts, pipeline);
}

/** Output of `promtool test rules`; empty when every test passes. */
export async function judge(promtool: string, files: readonly string[]): Promise<string> {
  return await new Promise((resolve) => {
    // Collecting garbage less often saves a third of its time, for half a gigabyte at most.
    const options = { maxBuffer: 1e9, env: { ...process.env, GOGC: '1600' } };
    execFile(promtool, ['test', 'rules', ...files], options, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr}`.trim() || String(error) : ''),
    );
  });
}

/** {@link judge} of files that are written for it into a temporary folder. */
export async function judgeTexts(promtool: string, { rules, tests }: Narrowed): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    for (const [part, files] of Object.entries({ rules, tests })) {
      mkdirSync(join(folder, part));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, part, name), text);
    }
    return await judge(
      promtool,
      Object.keys(tests).map((name) => join(folder, 'tests', name)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
