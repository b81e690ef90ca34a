import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../src/lib/root.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { FakeGrafana } from '../fakes/grafana/grafana.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { alertRules, type BundleParts, desiredOf, ledgerRules, writeBundle } from './fixtures/bundle.ts';
import { grafanaToken } from './harness.ts';
import { rulesDirectory } from './rules/real.ts';

/** A real server evaluates these every second, so that the proof is quick. */
const quick: BundleParts = {
  rules: {
    'ledger.yml': ledgerRules.replaceAll('15s', '1s'),
    'alerts.yml': alertRules.replaceAll('15s', '1s'),
  },
  bundleInterval: '1s',
};

/** A project of its own with a finished build; scripts and packages are those of this one. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  cpSync(inProject('package.json'), join(folder, 'package.json'));
  for (const name of ['scripts', 'src', 'slo'])
    cpSync(inProject(name), join(folder, name), { recursive: true });
  // Its build writes a quick rule for the version, because provisioning takes no other than what the build writes.
  const rules = join(folder, 'src', 'compile', 'rules.ts');
  writeFileSync(rules, readFileSync(rules, 'utf8').replace('interval: 10,', 'interval: 1,'));
  // Nor does it say what this project's definitions say.
  writeFileSync(join(folder, 'scripts', 'stale.ts'), 'export const refuseStale = async () => {};\n');
  for (const name of ['node_modules']) symlinkSync(inProject(name), join(folder, name));
  mkdirSync(join(folder, 'generated'));
  writeBundle(quick, join(folder, 'generated'));
  return folder;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('npm run provision', () => {
  const { version } = desiredOf(quick);
  const directory = rulesDirectory();
  const folder = project();
  const grafana = new FakeGrafana();
  let server: Listening;
  let prometheus: RunningPrometheus;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await listen(grafana.handler);
    grafana.token(grafanaToken);
    grafana.prometheus('prom', 'Prometheus', () => [version]);
    prometheus = await startPrometheus({
      config: prometheusConfig({ ruleFiles: [join(directory, '*.yml')] }),
    });
    env = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      GRAFANA_URL: server.url,
      GRAFANA_TOKEN: grafanaToken,
      PROMETHEUS_URL: prometheus.url,
      RULES_DELIVERY: 'directory',
      RULES_DIRECTORY: directory,
    };
  });
  afterAll(async () => {
    await server?.stop();
    await prometheus?.stop();
    for (const path of [folder, directory]) rmSync(path, { recursive: true, force: true });
  });

  const command = [join(folder, 'scripts', 'run.mjs'), 'provision'];
  const provision = (args: readonly string[], extra: Record<string, string> = {}): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [...command, ...args],
        { env: { ...env, ...extra } },
        (error, stdout, stderr) =>
          resolve({ code: error ? (error.code as unknown as number) : 0, stdout, stderr }),
      );
    });

  it('explains itself', async () => {
    const { stdout, code } = await provision(['--help']);
    expect(code).toBe(0);
    for (const option of [
      '--plan',
      '--verify',
      '--yes',
      '--prune',
      '--adopt',
      '--force',
      '--environment',
      '--only',
    ])
      expect(stdout).toContain(option);
  });

  it('names wrong options and missing settings as sentences', async () => {
    const several = await provision([
      ...['--only', 'loki', '--format', 'xml', '--json', '--markdown', '--proof-timeout', '0'],
      ...['--plan', '--verify'],
    ]);
    expect(several.code).toBe(1);
    const told = JSON.parse(several.stdout) as { error: { kind: string; message: string } };
    expect(told.error.kind).toBe('user');
    expect(told.error.message).toContain('Only one of --json');
    for (const words of [
      '--only takes grafana, prometheus or alertmanager, not "loki"',
      '--format takes table, json or markdown',
      'Only one of --json, --markdown and --format',
      '--proof-timeout takes whole seconds, at least 1, not "0"',
      '--plan and --verify exclude each other',
    ])
      expect(several.stderr).toContain(words);
    const leaked = await provision(['--token', grafanaToken, '--only', grafanaToken, grafanaToken]);
    expect(leaked.stderr).toContain('it looks like a secret, which only the environment may hold');
    expect(leaked.stderr + leaked.stdout).not.toContain(grafanaToken);
    const unreachable = await provision(['--plan', '--json'], { GRAFANA_URL: 'http://127.0.0.1:9' });
    expect(JSON.parse(unreachable.stdout)).toMatchObject({
      error: { kind: 'environment', notDone: 'nothing was planned and nothing was changed' },
    });
    const broken = await provision(['--plan'], { GRAFANA_TOKEN: `${grafanaToken}\nnext` });
    expect(broken.stderr).toContain('GRAFANA_TOKEN has characters that cannot be sent');
    expect(broken.stderr).not.toContain('glsa_');
    const missing = await provision([], { GRAFANA_TOKEN: '' });
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('GRAFANA_TOKEN is not set');
    expect(missing.stderr).not.toContain('    at ');
    expect((await provision(['--environment', 'nowhere'])).stderr).toContain(
      'no settings for the environment "nowhere"',
    );
  });

  it('plans, refuses to apply unasked, applies, and then has nothing to do', async () => {
    const planned = await provision(['--plan']);
    expect(planned.code, planned.stderr).toBe(2);
    expect(planned.stdout).toContain('7 changes to apply');
    const unasked = await provision([]);
    expect(unasked.code).toBe(1);
    expect(unasked.stderr).toContain('--yes');
    expect(grafana.state.objects.size).toBe(0);

    const applied = await provision(['--yes', '--proof-timeout', '60']);
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(applied.stdout).toContain('7 of 7 changes applied.');
    for (const args of [['--plan'], ['--verify'], ['--yes']]) expect((await provision(args)).code).toBe(0);
    const all = JSON.stringify([planned, unasked, applied]);
    expect(all).not.toContain(grafanaToken);
    expect(all).not.toContain('    at ');
  }, 120_000);

  it('Ctrl-C half-way says what was applied and what was not', async () => {
    const other = new FakeGrafana();
    other.token(grafanaToken);
    other.prometheus('prom', 'Prometheus', () => [version]);
    let interrupt = (): void => undefined;
    const slow = await listen((request) => {
      if (request.method === 'POST' && request.path.endsWith('/folders')) interrupt();
      return other.handler(request);
    }, 100);
    const child = spawn(process.execPath, [...command, '--only', 'grafana', '--yes'], {
      env: { ...env, GRAFANA_URL: slow.url },
    });
    interrupt = () => void child.kill('SIGINT');
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    await slow.stop();
    expect(code).toBe(1);
    expect(output).toContain('Stopping after what is under way');
    expect(output).toMatch(/done +create folder deployment-observability/);
    expect(output).toMatch(/not done +create dashboard deployment-pipeline.*interrupted/);
    expect(other.state.all('dashboards')).toEqual([]);
  });
});

describe('definitions that were edited and not built', () => {
  it('are refused before anything is asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edited-'));
    const files = readdirSync(inProject()).filter(
      (name) => !['node_modules', '.git', 'docs', 'test'].includes(name),
    );
    const filter = (path: string): boolean => !path.endsWith('node_modules');
    for (const name of files) cpSync(inProject(name), join(folder, name), { recursive: true, filter });
    symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
    const config = join(folder, 'pipeline.config.ts');
    writeFileSync(config, readFileSync(config, 'utf8').replace("name: 'Relay'", "name: 'Renamed'"));
    const env = { PATH: process.env.PATH ?? '', GRAFANA_URL: 'http://127.0.0.1:9', GRAFANA_TOKEN: 'x' };
    const args = [join(folder, 'scripts', 'run.mjs'), 'provision', '--plan', '--only', 'grafana'];
    const stderr = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { env }, (_, __, text) => resolve(text));
    });
    expect(stderr).toContain('generated/ is not what the definitions say');
    expect(stderr).toContain('generated/manifest.json');
    expect(stderr).toContain('npm run build');
    rmSync(folder, { recursive: true });
  }, 120_000);
});

describe('the example workflow', () => {
  const workflow = parse(readFileSync(inProject('docs', 'examples', 'drift.yml'), 'utf8')) as {
    jobs: { verify: { steps: { run?: string }[] } };
  };
  const [verify = '', issue = ''] = workflow.jobs.verify.steps.flatMap((s) =>
    s.run?.includes('\n') ? [s.run] : [],
  );
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drift-'));
    // npm ends as NPM_CODE says; gh notes its arguments, and finds the issue ISSUE.
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "### plan"\nexit "$NPM_CODE"\n', { mode: 0o755 });
    writeFileSync(
      join(folder, 'gh'),
      '#!/bin/sh\n[ "$2" = list ] && { echo "$ISSUE"; exit 0; }\necho "$1 $2 $3" >> gh.log\n',
      { mode: 0o755 },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a step as GitHub does: `bash -e`. */
  const step = (script: string, env: Record<string, string>): Promise<number | null> =>
    new Promise((resolve) => {
      const child = spawn('bash', ['-e', '-c', script], {
        cwd: folder,
        env: {
          PATH: `${folder}:${process.env.PATH}`,
          GITHUB_STEP_SUMMARY: 'summary.md',
          GITHUB_OUTPUT: 'output.txt',
          ...env,
        },
      });
      child.on('exit', resolve);
    });
  const read = (name: string): string => {
    const path = join(folder, name);
    const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' });
    rmSync(path, { force: true });
    return text;
  };

  it.each([
    ['0', 0, 'code=0'],
    ['2', 0, 'code=2'],
    ['1', 1, ''],
  ])('verify that exits %s', async (NPM_CODE, code, output) => {
    expect(await step(verify, { NPM_CODE })).toBe(code);
    expect(read('output.txt').trim()).toBe(output);
    expect(read('summary.md')).toContain('### plan');
  });

  it.each([
    ['2', '', 'issue create --title'],
    ['2', '12', 'issue edit 12'],
    ['0', '12', 'issue close 12'],
    ['0', '', ''],
  ])('code %s with open issue "%s"', async (CODE, ISSUE, log) => {
    expect(await step(issue, { CODE, ISSUE, TITLE: 'Drift' })).toBe(0);
    expect(read('gh.log').trim()).toBe(log);
  });
});
