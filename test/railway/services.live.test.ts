import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applicationScrape } from '../../src/compile/image.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { carry } from '../../src/record/pipeline.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { recordQuietly } from '../live/record.ts';
import { pipeline } from '../relay.ts';
import { runScript, type Service, startService } from './start.ts';

const password = 'correct horse';
/** bcrypt of the password above, cost 10. */
const hash = '$2b$10$7Amn8uyBiW1KpzhHU2C2Le.EV5CZoZo.hwsZD.hw1Wn40gLDQH0LC';
const basic = { authorization: `Basic ${Buffer.from(`relay:${password}`).toString('base64')}` };

/** Names that mean something to sed, to YAML or to the shell. */
const awkward = ['a&b', 'a|b', "o'brien", 'a"b', 'a\\1b', '$HOME `id` #x', '@PORT@'];

const isWebConfig = async (file: string): Promise<void> => {
  const { promtool } = await obtainPrograms(['promtool']);
  const { stdout, stderr } = await promisify(execFile)(promtool, ['check', 'web-config', file]);
  expect(stdout + stderr).toContain('SUCCESS');
};

const rules = inProject('generated', 'prometheus', 'rules', '*.yml');
const running: Service[] = [];
const started = async (service: Promise<Service>): Promise<Service> => {
  running.push(await service);
  return await service;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
});

const prometheusEnv = async (): Promise<(folder: string) => Record<string, string>> => {
  const { prometheus, promtool } = await obtainPrograms(['prometheus', 'promtool']);
  return (folder) => ({
    PROMETHEUS: prometheus,
    PROMTOOL: promtool,
    PROMETHEUS_RUN: join(folder, 'run'),
    PROMETHEUS_DATA: join(folder, 'data'),
    PROMETHEUS_RULES: rules,
    PROMETHEUS_APPLICATION: inProject('generated', 'prometheus', 'application.sh'),
  });
};

describe('Prometheus on Railway', () => {
  it('starts with the generated rules, and neither reloads nor serves its admin API', async () => {
    const env = await prometheusEnv();
    const service = await started(startService({ script: 'prometheus/start.sh', env }));
    const prometheus = new Prometheus(service.url);
    const { groups } = await prometheus.get<{ groups: { name: string }[] }>('api/v1/rules');
    expect(groups.map((g) => g.name)).toContain('deployment-ledger');
    const { yaml } = await prometheus.get<{ yaml: string }>('api/v1/status/config');
    expect(yaml).toContain('honor_labels: true');
    expect(yaml).toContain(`job_name: ${pipeline.application?.job}`);
    expect(yaml).toContain(`- ${pipeline.application?.target}`);
    expect((await fetch(`${service.url}/-/reload`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(`${service.url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' })).ok).toBe(false);
  });

  it('asks everybody for the password when one is set, itself included', async () => {
    const env = await prometheusEnv();
    const secret = {
      WEB_USERNAME: 'relay',
      WEB_PASSWORD_HASH: hash,
      WEB_PASSWORD: password,
      WEB_LIFECYCLE: 'on',
    };
    const service = await started(
      startService({
        script: 'prometheus/start.sh',
        env: (folder) => ({ ...env(folder), ...secret }),
        headers: basic,
      }),
    );
    expect((await fetch(`${service.url}/api/v1/query?query=up`)).status).toBe(401);
    expect((await fetch(`${service.url}/-/reload`, { method: 'POST', headers: basic })).status).toBe(200);
    const file = join(service.folder, 'run', 'own-password');
    expect(readFileSync(file, 'utf8')).toBe(password);
    expect(statSync(file).mode & 0o077).toBe(0);
    const { yaml } = await new Prometheus(service.url, basic).get<{ yaml: string }>('api/v1/status/config');
    expect(yaml).not.toContain(password);
  });

  it('is refused while it is built when a rule is broken', async () => {
    const env = (await prometheusEnv())('/nonexistent');
    const code = {
      ...env,
      PROMETHEUS_RUN: join(inProject('node_modules', '.cache'), `railway-${process.pid}`),
    };
    const good = await runScript('prometheus/start.sh', { ...code, PROMETHEUS_CHECK_ONLY: '1' });
    expect(good.code, good.text).toBe(0);
    const broken = inProject('test', 'railway', 'broken-rules.yml');
    const bad = await runScript('prometheus/start.sh', {
      ...code,
      PROMETHEUS_CHECK_ONLY: '1',
      PROMETHEUS_RULES: broken,
    });
    expect(bad.code).not.toBe(0);
    expect(bad.text).toContain('broken-rules.yml');
  });

  it('scrapes no application where the pipeline file has none, and says so of a target', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'application-'));
    const none = join(folder, 'application.sh');
    writeFileSync(none, Object.values(applicationScrape({ application: undefined })).join(''));
    const { code, text, config } = await checked({ PROMETHEUS_APPLICATION: none });
    expect(code, text).toBe(0);
    const jobs = (parse(config) as { scrape_configs: { job_name: string }[] }).scrape_configs;
    expect(jobs.map(({ job_name }) => job_name)).toEqual(['pushgateway', 'prometheus']);
    const named = await checked({ PROMETHEUS_APPLICATION: none, APPLICATION_TARGET: 'app.example' });
    expect(named.code).not.toBe(0);
    expect(named.text).toContain('the pipeline file has no application');
    rmSync(folder, { recursive: true });
  });

  const checked = async (
    variables: Record<string, string>,
  ): Promise<{ code: number; text: string; config: string; web: string }> => {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const env = { ...(await prometheusEnv())(folder), ...variables, PROMETHEUS_CHECK_ONLY: '1' };
    const ran = await runScript('prometheus/start.sh', env);
    const read = (name: string): string =>
      existsSync(join(folder, 'run', name)) ? readFileSync(join(folder, 'run', name), 'utf8') : '';
    const files = { config: read('prometheus.yml'), web: read('web.yml') };
    rmSync(folder, { recursive: true });
    return { ...ran, ...files };
  };

  it('takes events by remote write of those who know the password, and scrapes no gateway', async () => {
    const open = await checked({ REMOTE_WRITE: 'on' });
    expect(open.code).toBe(1);
    expect(open.text).toContain('REMOTE_WRITE is on without WEB_USERNAME');
    const env = await prometheusEnv();
    const service = await started(
      startService({
        script: 'prometheus/start.sh',
        env: (folder) => ({
          ...env(folder),
          REMOTE_WRITE: 'on',
          WEB_USERNAME: 'relay',
          WEB_PASSWORD_HASH: hash,
          WEB_PASSWORD: password,
        }),
        headers: basic,
      }),
    );
    const prometheus = new Prometheus(service.url, basic);
    const { yaml } = await prometheus.get<{ yaml: string }>('api/v1/status/config');
    expect(yaml).not.toContain('pushgateway');
    expect(yaml).toContain('out_of_order_time_window: 30m');
    carry({ ...pipeline, transport: 'remote-write' });
    const record = (variables: Record<string, string>) =>
      recordQuietly(['start', '--deployment-id', '1', '--strict'], {
        REMOTE_WRITE_URL: `${service.url}/api/v1/write`,
        RUNNER_TEMP: service.folder,
        ...variables,
      });
    try {
      expect(await record({})).toBe(1);
      expect(await record({ REMOTE_WRITE_USERNAME: 'relay', REMOTE_WRITE_PASSWORD: password })).toBe(0);
    } finally {
      carry(pipeline);
    }
    const heard = await prometheus.query('count(push_time_seconds{deployment_id="1"})');
    expect(heard.map(({ value }) => value)).toEqual([1]);
  });

  it.each(awkward)('takes %j as a user, in every file that it writes', async (user) => {
    const ran = await checked({
      WEB_USERNAME: user,
      WEB_PASSWORD_HASH: hash,
      WEB_PASSWORD: password,
      PUSHGATEWAY_USERNAME: user,
      PUSHGATEWAY_PASSWORD: 'p',
      ALERTMANAGER_USERNAME: user,
      ALERTMANAGER_PASSWORD: 'p',
    });
    expect(ran.code, ran.text).toBe(0);
    // promtool has judged both.
    expect(ran.text).toContain('SUCCESS');
    expect(ran.text).toContain('web.yml SUCCESS');
    expect(parse(ran.web)).toEqual({ basic_auth_users: { [user]: hash } });
    const config = parse(ran.config) as {
      alerting: { alertmanagers: { basic_auth?: { username: string } }[] };
      scrape_configs: { job_name: string; basic_auth?: { username: string } }[];
    };
    const users = [...config.alerting.alertmanagers, ...config.scrape_configs].map(
      (c) => c.basic_auth?.username,
    );
    expect(users).toEqual([user, user, undefined, user]);
  });

  it('keeps targets literal', async () => {
    const ran = await checked({ PUSHGATEWAY_TARGET: "a&b|c'd\\e:1" });
    expect(ran.config).toContain("- targets: ['a&b|c''d\\e:1']");
  });

  it('names every half of credentials, and does not start', async () => {
    const ran = await checked({
      WEB_PASSWORD_HASH: hash,
      PUSHGATEWAY_USERNAME: 'relay',
      ALERTMANAGER_PASSWORD: 'p',
      ALERTMANAGER_TARGET: 'a:1\nb:2',
    });
    expect(ran.code).toBe(1);
    for (const words of [
      'WEB_PASSWORD_HASH is set without WEB_USERNAME and WEB_PASSWORD',
      'PUSHGATEWAY_USERNAME is set without PUSHGATEWAY_PASSWORD',
      'ALERTMANAGER_PASSWORD is set without ALERTMANAGER_USERNAME',
      'ALERTMANAGER_TARGET holds a line break',
    ])
      expect(ran.text).toContain(words);
    expect(ran.config).toBe('');
    expect(
      (await checked({ WEB_USERNAME: 'relay', WEB_PASSWORD_HASH: `relay:${hash}`, WEB_PASSWORD: 'p' })).text,
    ).toContain('WEB_PASSWORD_HASH is no bcrypt hash');
  });
});

describe('the Pushgateway on Railway', () => {
  it('keeps what was pushed over a restart, and asks for the password', async () => {
    const { pushgateway } = await obtainPrograms(['pushgateway']);
    const secret = { WEB_USERNAME: 'relay', WEB_PASSWORD_HASH: hash };
    const folder = join(inProject('node_modules', '.cache'), `railway-pushgateway-${process.pid}`);
    const env = () => ({
      PUSHGATEWAY: pushgateway,
      PUSHGATEWAY_RUN: folder,
      PUSHGATEWAY_DATA: folder,
      ...secret,
    });
    const first = await startService({ script: 'pushgateway/start.sh', env, headers: basic });
    const push = `${first.url}/metrics/job/deployment-pipeline/environment/production/deployment_id/1`;
    expect((await fetch(push, { method: 'PUT', body: 'a 1\n' })).status).toBe(401);
    // It does not check the push against the others, and says that it will be written.
    expect((await fetch(push, { method: 'PUT', body: 'a 1\n', headers: basic })).status).toBe(202);
    await first.stop();
    const second = await started(startService({ script: 'pushgateway/start.sh', env, headers: basic }));
    const metrics = await (await fetch(`${second.url}/metrics`, { headers: basic })).text();
    expect(metrics).toContain('a{deployment_id="1"');
    await isWebConfig(join(folder, 'web.yml'));
  });

  it('does not start with half of the credentials', async () => {
    const ran = await runScript('pushgateway/start.sh', { WEB_USERNAME: 'relay' });
    expect(ran.code).toBe(1);
    expect(ran.text).toContain('WEB_USERNAME is set without WEB_PASSWORD_HASH');
  });
});

describe('Alertmanager on Railway', () => {
  const alertmanagerService = async (variables: Record<string, string>, headers = {}): Promise<Service> => {
    const { alertmanager } = await obtainPrograms(['alertmanager']);
    return await started(
      startService({
        script: 'alertmanager/start.sh',
        env: (folder) => ({
          ALERTMANAGER: alertmanager,
          ALERTMANAGER_CONFIG: inProject('generated', 'alertmanager', 'alertmanager.yml'),
          ALERTMANAGER_SECRETS: join(folder, 'secrets'),
          ALERTMANAGER_RUN: join(folder, 'run'),
          ALERTMANAGER_DATA: join(folder, 'data'),
          ...variables,
        }),
        headers,
        workingFolder: dirname(alertmanager),
      }),
    );
  };

  it('starts with the generated routing, keeps its secrets in files, and names the ones that are missing', async () => {
    const service = await alertmanagerService({
      PAGERDUTY_ROUTING_KEY: 'the-key',
      EXTERNAL_URL: 'https://alerts.example',
    });
    const file = join(service.folder, 'secrets', 'pagerduty-routing-key');
    expect(readFileSync(file, 'utf8')).toBe('the-key');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(service.log()).toContain('SLACK_OPS_WEBHOOK_URL is not set');
    expect(service.log()).toContain('whoever reaches that address can silence every alert');
    expect(service.log()).not.toContain('the-key');
  });

  it('asks for the password when one is set', async () => {
    const secret = { WEB_USERNAME: 'relay', WEB_PASSWORD_HASH: hash, EXTERNAL_URL: 'https://alerts.example' };
    const service = await alertmanagerService(secret, basic);
    expect((await fetch(`${service.url}/api/v2/silences`)).status).toBe(401);
    expect((await fetch(`${service.url}/api/v2/silences`, { headers: basic })).status).toBe(200);
    expect(service.log()).not.toContain('silence every alert');
    await isWebConfig(join(service.folder, 'run', 'web.yml'));
  });

  it('writes every secret that the generated routing reads', () => {
    const script = readFileSync(inProject('railway', 'alertmanager', 'start.sh'), 'utf8');
    const config = readFileSync(inProject('generated', 'alertmanager', 'alertmanager.yml'), 'utf8');
    const files = [...config.matchAll(/_file: \/etc\/alertmanager\/secrets\/(\S+)/g)].map((m) => m[1] ?? '');
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(script).toContain(`secret ${name} `);
  });
});
