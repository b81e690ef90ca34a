import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routingSentences } from '../../../src/diff/index.ts';
import { asWritten } from '../../../src/provision/alertmanager/compare.ts';
import { missingSecrets } from '../../../src/provision/alertmanager/secrets.ts';
import { desiredOf, routing } from '../fixtures/bundle.ts';
import type { RunParts } from '../harness.ts';
import { changesOf, commit, plan, provision, type Stage, stage } from '../harness.ts';

const desired = (alertmanager = routing) => desiredOf({ alertmanager });
const quicker = routing.replace('30s', '10s');
const only = { only: 'alertmanager' } as const;

describe('Alertmanager’s configuration in a directory', () => {
  let folder: string;
  let on: Stage;
  const env = () => ({
    ALERTMANAGER_URL: 'https://alertmanager.example',
    ALERTMANAGER_DIRECTORY: folder,
  });
  const file = (): string => join(folder, 'alertmanager.yml');
  const go = (text?: string, parts: RunParts = {}) =>
    provision(on, desired(text), { ...parts, env: env(), options: { ...only, ...parts.options } });
  const look = (text?: string) => plan(on, desired(text), { env: env(), options: only });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    on = stage();
    on.alertmanager.onDisk = () => {
      try {
        return readFileSync(file(), 'utf8');
      } catch {
        return undefined;
      }
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is planned, written, loaded and proven, and then unchanged', async () => {
    expect(changesOf(await look())).toEqual(['create routing alertmanager.yml']);
    const ran = await go();
    expect(ran.output).toContain('1 of 1 change applied.');
    expect(ran.result?.code).toBe(0);
    expect(on.alertmanager.loaded).toBe(routing);
    const again = await look();
    expect(again.result?.code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['.deployment-observability.json', 'alertmanager.yml']);
  });

  it('says what changes, also what the server does not show', async () => {
    await go();
    expect((await look(quicker)).result?.plan.changes[0]?.details).toEqual([
      'default route › severity="critical", environment="production": group_wait 30s → 10s',
    ]);
    const less = routing.replace('        send_resolved: true\n', '');
    const { changes } = (await look(less)).result?.plan ?? { changes: [] };
    expect(changes[0]).toMatchObject({
      action: 'update',
      details: ['settings that it leaves to their defaults, or its text'],
    });
    expect((await go(less)).result?.code).toBe(0);
    expect(on.alertmanager.loaded).toBe(less);
  });

  it('leaves what others wrote alone, and keeps it where it is overwritten', async () => {
    writeFileSync(file(), 'route: { receiver: theirs }\nreceivers: [{ name: theirs }]\n');
    expect((await go()).result?.code).toBe(1);
    expect(readFileSync(file(), 'utf8')).toContain('theirs');
    const taken = await go(undefined, { flags: { adopt: true } });
    expect(taken.result?.code).toBe(0);
    expect(readFileSync(`${file()}.overwritten`, 'utf8')).toContain('theirs');

    writeFileSync(file(), `${routing}# by hand\n`);
    const edited = await go();
    expect(edited.output).toContain('alertmanager.yml was edited by hand');
    expect(edited.result?.code).toBe(1);
  });

  it('brings the old one back when Alertmanager refuses it', async () => {
    await go();
    const wrong = routing.replace('receiver: pager', 'receiver: nobody');
    const ran = await go(wrong);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toMatch(/undefined receiver "nobody" used in route/);
    expect(readFileSync(file(), 'utf8')).toBe(routing);
    expect(on.alertmanager.loaded).toBe(routing);
    expect((await look()).result?.code).toBe(0);
  });

  it('is no success while the server goes on with another one', async () => {
    await go();
    on.alertmanager.onDisk = () => routing;
    const ran = await go(quicker);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('Alertmanager runs another configuration than the one that was delivered.');
    expect(ran.output).toContain('The configuration files from before were put back and loaded.');
    expect(readFileSync(file(), 'utf8')).toBe(routing);
  });

  it('does not stop rules and dashboards when it fails, nor they it', async () => {
    on.alertmanager.onDisk = () => undefined;
    on.railway.onServe = () => on.rules.load(desired().rules.flatMap((f) => f.groups));
    const ran = await provision(on, desired(), { env: env(), options: { proofMs: 20_000 } });
    const states = Object.fromEntries(ran.result?.outcomes.map((o) => [o.change.kind, o.state]) ?? []);
    expect(states).toMatchObject({ routing: 'failed', 'rule group': 'done', dashboard: 'done' });
  });
});

describe('Alertmanager’s configuration in an image', () => {
  const env = {
    ALERTMANAGER_URL: 'https://alertmanager.example',
    RAILWAY_ALERTMANAGER_SERVICE_ID: 'prometheus-1',
  };

  it('is deployed by its commit, proven, and receivers without a secret are named', async () => {
    const on = stage();
    on.railway.onServe = () => void on.alertmanager.load(routing);
    on.railway.startLog = [
      'SLACK_OPS_WEBHOOK_URL is not set: alerts for it cannot be delivered.',
      'level=info msg="Completed loading of configuration file"',
    ];
    const ran = await provision(on, desired(), { env, options: only });
    expect(ran.result?.code).toBe(0);
    expect(on.railway.deployments.map((d) => d.commitHash)).toEqual([commit]);
    expect(ran.output).toContain('SLACK_OPS_WEBHOOK_URL is not set: alerts for it cannot be delivered.');
    const again = await plan(on, desired(), { env, options: only });
    expect(again.result?.code).toBe(0);
    expect(again.result?.plan.notes).toEqual([
      'SLACK_OPS_WEBHOOK_URL is not set: alerts for it cannot be delivered.',
    ]);
  });

  it('is rolled back when the new container runs another one', async () => {
    const on = stage();
    on.railway.serving('before');
    const ran = await provision(on, desired(), { env, options: only });
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('Rolled back to the deployment before (before)');
  });
});

it('is only looked at where nothing says how it is delivered', async () => {
  const on = stage();
  const env = { ALERTMANAGER_URL: 'https://alertmanager.example' };
  const ran = await plan(on, desired(), { env, options: only });
  expect(ran.result?.code).toBe(2);
  expect(ran.output).toContain(
    'it is delivered with ALERTMANAGER_DIRECTORY or RAILWAY_ALERTMANAGER_SERVICE_ID',
  );
  on.alertmanager.load(routing);
  expect((await plan(on, desired(), { env, options: only })).result?.code).toBe(0);
});

it('needs an address and the right credentials', async () => {
  const on = stage();
  const lost = await plan(on, desired(), { env: { ALERTMANAGER_DIRECTORY: '/x' }, options: only });
  expect(lost.output).toContain('ALERTMANAGER_URL is not set');
  on.alertmanager.authorization = 'Bearer right';
  const env = { ALERTMANAGER_URL: 'https://alertmanager.example', ALERTMANAGER_TOKEN: 'wrong-token' };
  const refused = await plan(on, desired(), { env, options: only });
  expect(refused.output).toContain(
    'Alertmanager at alertmanager.example does not accept the credentials (ALERTMANAGER_USERNAME',
  );
  const other = await plan(on, desired(), {
    env: { ...env, ALERTMANAGER_URL: 'https://prometheus.example' },
    options: only,
  });
  expect(other.error).toBeDefined();
});

it('names receivers whose secret is missing, and what it cannot see', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  try {
    mkdirSync(join(folder, 'seen'));
    writeFileSync(join(folder, 'seen/full'), 'x');
    writeFileSync(join(folder, 'seen/empty'), '');
    const receiver = (name: string, path: string) => ({
      name,
      slack_configs: [{ api_url_file: join(folder, path) }],
    });
    expect(
      missingSecrets({
        receivers: [
          receiver('a', 'seen/full'),
          receiver('b', 'seen/empty'),
          receiver('c', 'seen/none'),
          receiver('d', 'hidden/x'),
        ],
      }),
    ).toEqual([
      `receiver b has no secret: ${folder}/seen/empty is missing or empty, and what is sent to it is lost`,
      `receiver c has no secret: ${folder}/seen/none is missing or empty, and what is sent to it is lost`,
      `whether the receivers d have their secrets cannot be seen from here (${folder}/hidden)`,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('compares with what a server shows: defaults and the order of matchers are no difference', () => {
  const served = {
    global: { resolve_timeout: '5m' },
    route: { receiver: 'a', continue: false, routes: [{ matchers: ['x="1"', 'y="2"'], continue: false }] },
    receivers: [{ name: 'a', webhook_configs: [{ url: '<secret>', max_alerts: 0 }] }, { name: 'old' }],
  };
  const ours = {
    route: { receiver: 'a', routes: [{ matchers: ['y="2"', 'x="1"'] }] },
    receivers: [{ name: 'a', webhook_configs: [{ url: 'https://hook.example' }] }, { name: 'new' }],
  };
  expect(routingSentences(asWritten(served, ours), ours)).toEqual([
    'receivers › old: receiver removed',
    'receivers › new: receiver added',
  ]);
});
