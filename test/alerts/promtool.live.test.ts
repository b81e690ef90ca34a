import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { byNight } from '../nightly.ts';
import { alerts } from '../relay.ts';
import { judge, judgeTexts, narrowed } from './narrowed.ts';

const run = promisify(execFile);
const generated = inProject('generated', 'prometheus');
const rules = readdirSync(join(generated, 'rules'));
const testFiles = readdirSync(join(generated, 'tests'));
const recordingTest = 'recording-rules.yml';

it('there is a test file for each alert, and one for the recording rules', () => {
  const about = new Set(testFiles.map((name) => name.replace(/(?:-\d+)?\.yml$/, '')));
  expect([...about].sort()).toEqual([...alerts.map(({ name }) => name), 'recording-rules'].sort());
});

describe.each<[Generation]>([['current'], ['2.42']])('promtool %s', (generation) => {
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'], generation)).promtool;
  });

  it('accepts every rule file', async () => {
    const { stdout } = await run(promtool, [
      'check',
      'rules',
      ...rules.map((name) => join(generated, 'rules', name)),
    ]);
    expect(stdout.match(/SUCCESS/g)).toHaveLength(rules.length);
  });

  // By day, examples.live.test.ts runs the examples with only the rules that they read.
  it.each(byNight([recordingTest, 'RollbackExecuted.yml'], testFiles).at(-1)!)(
    '%s passes as it was generated',
    async (name) => {
      expect(await judge(promtool, [join(generated, 'tests', name)])).toBe('');
    },
  );
});

describe('a test that is generated from an example', () => {
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'])).promtool;
  });

  /** Runs an alert's tests against rules that were changed. */
  const against = async (name: string, file: string, from: string, to: string): Promise<string> => {
    const texts = await narrowed(alerts.find((alert) => alert.name === name)!);
    const changed = texts.rules[file]!.replace(from, to);
    expect(changed).not.toBe(texts.rules[file]);
    return await judgeTexts(promtool, { ...texts, rules: { ...texts.rules, [file]: changed } });
  };

  // Limits and conditions are nudged in examples.live.test.ts.
  it.each<[string, string, string, string, string]>([
    [
      'another sentence',
      'DeploymentFailed',
      'alerts.yml',
      'deployment_id }} to {{ $labels.environment }} failed',
      'deployment_id }} has failed',
    ],
    [
      'a fact that the ledger does not write',
      'RollbacksIncreasing',
      'ledger.yml',
      'deployment:rollback_reason:code',
      'deployment:reason:code',
    ],
  ])('fails for %s', async (_, alert, file, from, to) => {
    expect(await against(alert, file, from, to)).toContain('FAILED');
  });

  it('names the recording rule that writes nothing', async () => {
    const read = (part: string, name: string): string => readFileSync(join(generated, part, name), 'utf8');
    const expr = 'sum by (environment, deployment_id) (deployment_resource:cost_usd:sum)';
    const texts = Object.fromEntries(rules.map((name) => [name, read('rules', name)]));
    expect(texts['ledger.yml']).toContain(expr);
    const output = await judgeTexts(promtool, {
      rules: { ...texts, 'ledger.yml': texts['ledger.yml']!.replace(expr, `${expr} > 1000`) },
      tests: { [recordingTest]: read('tests', recordingTest) },
    });
    expect(output).toContain('deployment:cost_usd:sum');
  });
});
