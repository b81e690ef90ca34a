import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { alerts } from '../relay.ts';

const run = promisify(execFile);
const generated = inProject('generated', 'prometheus');
const testFiles = readdirSync(join(generated, 'tests'));

/** What promtool says of a test file; empty when it passes. */
async function verdict(promtool: string, file: string): Promise<string> {
  try {
    await run(promtool, ['test', 'rules', file]);
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`.trim() || String(error);
  }
}

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
    const files = readdirSync(join(generated, 'rules')).map((name) => join(generated, 'rules', name));
    const { stdout } = await run(promtool, ['check', 'rules', ...files]);
    expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length);
  });

  it.each(testFiles)(
    '%s passes',
    async (name) => {
      expect(await verdict(promtool, join(generated, 'tests', name))).toBe('');
    },
    120_000,
  );
});

describe('a test that is generated from an example', () => {
  let folder = '';
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'])).promtool;
    folder = mkdtempSync(join(tmpdir(), 'alerts-'));
    for (const part of ['rules', 'tests']) mkdirSync(join(folder, part));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs an alert's test against rules that were changed. */
  const against = async (alert: string, file: string, from: string | RegExp, to: string): Promise<string> => {
    for (const name of readdirSync(join(generated, 'rules'))) {
      const text = readFileSync(join(generated, 'rules', name), 'utf8');
      const changed = name === file ? text.replace(from, to) : text;
      if (name === file) expect(changed).not.toBe(text);
      writeFileSync(join(folder, 'rules', name), changed);
    }
    const test = join(folder, 'tests', `${alert}.yml`);
    writeFileSync(test, readFileSync(join(generated, 'tests', `${alert}.yml`), 'utf8'));
    return await verdict(promtool, test);
  };

  it.each<[string, string, string, string | RegExp, string]>([
    ['a threshold that is higher', 'DeploymentTakingTooLong', 'alerts.yml', '> 900', '> 1800'],
    ['a threshold that is lower', 'DeploymentTakingTooLong', 'alerts.yml', '> 900', '> 300'],
    [
      'an exception that is missing',
      'DeploymentFailed',
      'alerts.yml',
      /(failed_timestamp_seconds:max > time\(\) - 86400) unless on \(environment, deployment_id\) deployment:rolled_back_timestamp_seconds:max/,
      '$1',
    ],
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
    const said = await against(
      'recording-rules',
      'ledger.yml',
      'expr: sum by (environment, deployment_id) (deployment_resource:cost_usd:sum)',
      'expr: sum by (environment, deployment_id) (deployment_resource:cost_usd:sum) > 1000',
    );
    expect(said).toContain('deployment:cost_usd:sum');
  }, 120_000);
});
