import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedRules } from '../../src/demo/index.ts';
import { silenceCommand } from '../../src/import/index.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import {
  obtainPrograms,
  prometheusConfig,
  type RunningServer,
  startAlertmanager,
  startPrometheus,
  startPushgateway,
} from '../../src/servers/index.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { isNight } from '../nightly.ts';
import { job, run, step } from './runs.ts';

const fake = new FakeGitHub();
let server: Listening;
const folder = mkdtempSync(join(tmpdir(), 'import-command-'));
const now = Math.floor(Date.now() / 1000);

/** A deployment of the workflow `railway-vercel.yml`; every seventh fails at its migration. */
function deployed(id: number, at: number) {
  const fails = id % 7 === 0;
  const api = job(id * 10, 'deploy-api', at + 20, [
    step('Apply migrations', at + 25, at + 35, fails ? 'failure' : 'success'),
    ...(fails ? [] : [step('Deploy', at + 35, at + 155), step('Is it healthy?', at + 155, at + 165)]),
  ]);
  return run(
    id,
    at,
    [api],
    {},
    fails
      ? {
          annotations: {
            [id * 10]: [{ annotation_level: 'failure', message: 'relation "users" does not exist' }],
          },
        }
      : {},
  );
}

beforeAll(async () => {
  server = await listen(fake.handler);
  fake.files.set(
    '.github/workflows/deploy.yml',
    readFileSync(inProject('test', 'init', 'workflows', 'railway-vercel.yml'), 'utf8'),
  );
  // Twenty days at three a day, begun an hour before a full day ago, and one half an hour ago.
  for (let i = 0; i < 60; i++) fake.runs.push(deployed(i + 1, now - 20 * 86_400 - 3_600 + i * 28_800));
  fake.runs.push(deployed(100, now - 1_800));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const runCommand = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const not = [
      'GITHUB_TOKEN',
      'PUSHGATEWAY_URL',
      'PROMETHEUS_URL',
      'RAILWAY_TOKEN',
      'RAILWAY_API_TOKEN',
      'VERCEL_TOKEN',
    ];
    const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !not.includes(name)));
    const all = { ...plain, GITHUB_API_URL: server.url, ...env };
    execFile(
      process.execPath,
      [inProject('scripts', 'run.mjs'), 'import', ...args],
      { env: all, maxBuffer: 64e6 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
const theirs = ['--repo', 'acme/shop', '--since', '30d', '--cache', join(folder, 'runs')];

describe('npm run import', () => {
  it('says what is wrong with the question', async () => {
    expect((await runCommand([])).stderr).toContain('Which repository?');
    expect((await runCommand(['--repo', 'acme/shop', '--since', 'ever'])).stderr).toContain(
      '--since ever is no span of time.',
    );
    const other = await runCommand([...theirs, '--workflow', 'release.yml']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('There is no workflow release.yml.\n  There are deploy.yml.');
  });

  it('says what it would take, then reads it, then takes it from what was kept', async () => {
    const dry = await runCommand([...theirs, '--dry-run']);
    expect(dry.stdout).toBe(
      '61 runs; about 69 requests are still to be made.\nGitHub allows 60 an hour: it waits for the next one when they are used up.\n',
    );
    const { code, stdout, stderr } = await runCommand(theirs);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('61 runs, 61 deployments');
    expect(stdout).toMatch(/production +success +53/);
    expect(stdout).toMatch(/production +failure +8/);
    expect(stderr).toContain('how many migrations a step applied');
    expect((await runCommand([...theirs, '--dry-run'])).stdout).toContain('about 0 requests');
  });

  it('records what is young through the recorder, and says what is too old for that', async () => {
    const gateway = await startPushgateway();
    try {
      const { code, stderr } = await runCommand([...theirs, '--record'], { PUSHGATEWAY_URL: gateway.url });
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('1 of 1 young deployments are recorded.');
      expect(stderr).toContain('60 finished more than two hours ago: only --into can write those.');
      const pushed = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(pushed).toContain('deployment_id="100"');
      expect(pushed).toContain('run_url="https://github.com/acme/shop/actions/runs/100/attempts/1"');
      expect(pushed).not.toMatch(/[{,]deployment_id="60"/);
    } finally {
      await gateway.stop();
    }
  });

  // By day the truths of imported data are asked of blocks that were written in the same way.
  it.runIf(isNight)(
    'writes blocks that a Prometheus takes, twice as once',
    { timeout: 400_000 },
    async () => {
      const data = join(folder, 'data');
      for (let i = 0; i < 2; i++) {
        const { code, stderr } = await runCommand([...theirs, '--into', data]);
        expect(code, stderr).toBe(0);
        expect(stderr).toContain('It must keep 22 days');
      }
      expect(readdirSync(data).length).toBeGreaterThan(0);
      const prometheus: RunningServer = await startPrometheus({ config: prometheusConfig(), dataDir: data });
      try {
        const client = new Prometheus(prometheus.url);
        const [outcomes] = [
          await client.query(
            'count(count by (deployment_id) (last_over_time(deployment:outcome:code[30d])))',
            now,
          ),
        ];
        expect(outcomes.map(({ value }) => value)).toEqual([61]);
        const succeeded = await client.query('sum(last_over_time(deployment:success:bool[30d]))', now);
        expect(succeeded.map(({ value }) => value)).toEqual([53]);
        const slowest = await client.query('max(last_over_time(deployment:duration_seconds:last[30d]))', now);
        expect(slowest.map(({ value }) => value)).toEqual([165]);
        const errors = await client.query(
          'count(last_over_time(deployment_stage:failed_timestamp_seconds:max{message=~".*users.*"}[30d]))',
          now,
        );
        expect(errors.map(({ value }) => value)).toEqual([8]);

        // One of the time before those that it knows.
        fake.runs.push(deployed(101, now - 22 * 86_400 - 7_200));
        const named = { PROMETHEUS_URL: prometheus.url };
        const dry = await runCommand([...theirs, '--into', data, '--dry-run'], named);
        expect(dry.stdout).toContain('61 of them are recorded already and would be left out.');
        const again = await runCommand([...theirs, '--into', join(folder, 'missing')], named);
        expect(again.code, again.stderr).toBe(0);
        expect(again.stderr).toContain('61 of 62 deployments are recorded already and left out.');
        expect(again.stderr).toContain('Writing the facts of 1 deployments.');
        // Its own rules recorded those of the time since.
        expect(again.stderr).toMatch(/Writing the trends of [34] days/);
      } finally {
        await prometheus.stop();
        fake.runs.splice(
          fake.runs.findIndex(({ run: { id } }) => id === 101),
          1,
        );
      }
    },
  );

  it('writes nothing beside a Prometheus that would remove it again', async () => {
    const data = join(folder, 'short');
    const short = await startPrometheus({ config: prometheusConfig(), retention: '15d' });
    try {
      const refused = await runCommand([...theirs, '--into', data], { PROMETHEUS_URL: short.url });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        'Prometheus keeps 15d, and what is imported goes back 22 days: it would remove the older blocks again.\n  Start it with --storage.tsdb.retention.time=22d, or import less: --since 14d.',
      );
      expect(existsSync(data)).toBe(false);
    } finally {
      await short.stop();
    }
  });

  it('says the command that silences what judges the past, as Alertmanager takes it', async () => {
    const { amtool } = await obtainPrograms(['amtool']);
    const alertmanager = await startAlertmanager();
    try {
      const command = silenceCommand(generatedRules(inProject('generated')));
      await promisify(execFile)('bash', ['-euc', command], {
        env: { PATH: `${dirname(amtool)}:${process.env.PATH}`, ALERTMANAGER_URL: alertmanager.url },
      });
      const silences = (await (await fetch(`${alertmanager.url}/api/v2/silences`)).json()) as {
        matchers: { name: string; value: string; isRegex: boolean }[];
      }[];
      expect(silences.map(({ matchers }) => matchers)).toEqual([
        [expect.objectContaining({ name: 'alertname', isRegex: true })],
      ]);
      expect(silences[0]!.matchers[0]!.value.split('|')).toContain('ErrorBudgetExhausted');
    } finally {
      await alertmanager.stop();
    }
  });
});
