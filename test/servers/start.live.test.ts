import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { generations } from '../../src/servers/programs.ts';
import {
  prometheusConfig,
  type RunningServer,
  startAlertmanager,
  startPrometheus,
  startPushgateway,
  stopAll,
} from '../../src/servers/start.ts';
import { temporaryFolder, write } from './machine.ts';

const servers = ['prometheus', 'pushgateway', 'alertmanager'] as const;
beforeAll(async () => {
  for (const generation of generations) await obtainPrograms(servers, generation);
});
afterAll(stopAll);

const rules = (record: string, expr: string): { name: string; text: string } => ({
  name: 'test.yml',
  text: JSON.stringify({ groups: [{ name: 'g', rules: [{ record, expr }] }] }),
});
const value = async (server: RunningServer, expr: string): Promise<number | undefined> =>
  (await new Prometheus(server.url).query(expr))[0]?.value;
const push = async (gateway: RunningServer, group: string, body: string): Promise<number> =>
  (await fetch(`${gateway.url}/metrics/job/${group}`, { method: 'PUT', body })).status;
const metrics = async (gateway: RunningServer): Promise<string> =>
  await (await fetch(`${gateway.url}/metrics`)).text();
const versionOf = async (server: RunningServer): Promise<string> =>
  (await new Prometheus(server.url).get<{ version: string }>('api/v1/status/buildinfo')).version;
const soon = { timeout: 10_000, interval: 50 };

describe.each(generations)('Prometheus, generation %s', (generation: Generation) => {
  test('runs the version of its generation and leaves nothing when it is stopped', async () => {
    const server = await startPrometheus({ generation });
    expect(await versionOf(server)).toMatch(generation === 'current' ? /^[3-9]\./ : /^2\./);
    expect(existsSync(join(server.configDir, 'prometheus.yml'))).toBe(true);
    await server.stop();
    expect(existsSync(dirname(server.dataDir))).toBe(false);
    expect(server.running).toBe(false);
    expect(server.log()).toContain('Server is ready to receive web requests');
  });

  test('keeps its samples over a restart and over a crash', async () => {
    const server = await startPrometheus({ generation, rules: [rules('answer', 'vector(42)')] });
    await expect.poll(() => value(server, 'answer'), soon).toBe(42);
    await server.reload({ rules: [] });
    const kept = await value(server, 'count_over_time(answer[1h])');
    for (const again of [() => server.restart(), () => server.kill().then(() => server.restart())]) {
      await again();
      expect(await value(server, 'count_over_time(answer[1h])')).toBeGreaterThanOrEqual(kept!);
    }
    await server.stop();
  });

  test('evaluates the rules that a reload brings, and keeps the old ones when it refuses them', async () => {
    const server = await startPrometheus({ generation, rules: [rules('before', 'vector(1)')] });
    await server.reload({ rules: [rules('after', 'vector(2)')] });
    await expect.poll(() => value(server, 'after'), soon).toBe(2);
    await expect(server.reload({ rules: [rules('broken', 'vector(')] })).rejects.toThrow(
      /^Prometheus refused the new configuration: .*test\.yml.*unclosed left parenthesis/s,
    );
    const { groups } = await new Prometheus(server.url).get<{ groups: { rules: { name: string }[] }[] }>(
      'api/v1/rules',
    );
    expect(groups.flatMap((group) => group.rules.map((rule) => rule.name))).toEqual(['after']);
    await server.stop();
  });

  test('does not start with a broken configuration, and says why', async () => {
    const start = startPrometheus({ generation, config: 'globule: {}' });
    await expect(start).rejects.toThrow(/^Prometheus ended at once with exit code [12]\..*globule/s);
  });
});

describe('Prometheus', () => {
  test('takes rule files, more arguments, a path prefix and a data folder of the caller', async () => {
    const dataDir = join(temporaryFolder(), 'mine');
    const file = write(join(dataDir, '..', 'rules.yml'), rules('one', 'vector(1)').text);
    const server = await startPrometheus({
      dataDir,
      rules: [file],
      retention: '7d',
      pathPrefix: '/metrics-store',
      extraArgs: ['--web.enable-remote-write-receiver'],
    });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics-store`);
    const flags = await new Prometheus(server.url).get<Record<string, string>>('api/v1/status/flags');
    expect(flags).toMatchObject({
      'web.enable-remote-write-receiver': 'true',
      'storage.tsdb.path': dataDir,
      'storage.tsdb.retention.time': '1w',
    });
    await expect.poll(() => value(server, 'one'), soon).toBe(1);
    write(file, rules('two', 'vector(2)').text);
    await server.reload();
    await expect.poll(() => value(server, 'two'), soon).toBe(2);
    await server.stop();
    expect(readdirSync(dataDir)).toContain('wal');
  });

  test('that asks for credentials is ready and reloads with the headers given', async () => {
    const hash = '$2b$04$6NQ5wI9RTbM1jBn73lM1HO9U2KQYNyERjCmxeUAaypIS/wLW6KHmy';
    const web = write(
      join(temporaryFolder(), 'web.yml'),
      JSON.stringify({ basic_auth_users: { ann: hash } }),
    );
    const authorization = `Basic ${Buffer.from('ann:opensesame').toString('base64')}`;
    const extraArgs = [`--web.config.file=${web}`];
    const server = await startPrometheus({ extraArgs, headers: { authorization } });
    expect((await fetch(`${server.url}/-/ready`)).status).toBe(401);
    await server.reload({ rules: [rules('answer', 'vector(42)')] });
    await server.stop();
    // Without them it answers 401 for ever, which is not ready.
    const start = startPrometheus({ extraArgs, timeoutMs: 1_000 });
    await expect(start).rejects.toThrow('Prometheus was not ready after 1 s.');
  });

  test('several started at once do not meet', async () => {
    const all = await Promise.all(
      [1, 2, 3, 4].map((n) => startPrometheus({ rules: [rules('n', `vector(${n})`)] })),
    );
    expect(new Set(all.map(({ port }) => port)).size).toBe(4);
    for (const [i, server] of all.entries()) await expect.poll(() => value(server, 'n'), soon).toBe(i + 1);
    await stopAll();
    expect(all.map(({ running }) => running)).toEqual([false, false, false, false]);
  });

  test('scrapes what was pushed, with the labels of the push, and its alerts arrive', async () => {
    const [gateway, alertmanager] = await Promise.all([startPushgateway(), startAlertmanager()]);
    const alert = { alert: 'Pushed', expr: 'pushed_value == 3', labels: { severity: 'page' } };
    const server = await startPrometheus({
      config: prometheusConfig({ pushgatewayUrl: gateway.url, alertmanagerUrl: alertmanager.url }),
      rules: [{ name: 'alert.yml', text: JSON.stringify({ groups: [{ name: 'a', rules: [alert] }] }) }],
    });
    expect(await push(gateway, 'deployment-pipeline/service/api', 'pushed_value 3\n')).toBe(200);
    await expect
      .poll(() => value(server, 'pushed_value{job="deployment-pipeline", service="api"}'), soon)
      .toBe(3);
    const alerts = async (): Promise<string[]> => {
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
      const list = (await response.json()) as { labels: Record<string, string> }[];
      return list.map(({ labels }) => `${labels.alertname} ${labels.severity} ${labels.service}`);
    };
    await expect.poll(alerts, soon).toEqual(['Pushed page api']);
    await Promise.all([server.stop(), gateway.stop(), alertmanager.stop()]);
  });
});

describe.each(generations)('Pushgateway, generation %s', (generation: Generation) => {
  test('is alone with its metrics, keeps them over a restart, and forgets them when stopped', async () => {
    const [gateway, other] = await Promise.all([
      startPushgateway({ generation }),
      startPushgateway({ generation, pathPrefix: '/push' }),
    ]);
    expect(await push(gateway, 'a', 'mine 1\n')).toBe(200);
    expect(await push(other, 'a', 'theirs 1\n')).toBe(200);
    await gateway.restart();
    expect(await metrics(gateway)).toContain('mine{instance="",job="a"} 1');
    expect(await metrics(gateway)).not.toContain('theirs');
    await gateway.stop();
    expect(await metrics(other)).toContain('theirs{instance="",job="a"} 1');
    await other.stop();
    expect(existsSync(dirname(gateway.dataDir))).toBe(false);
  });
});

describe.each(generations)('Alertmanager, generation %s', (generation: Generation) => {
  const config = (receiver: string) => ({ route: { receiver }, receivers: [{ name: receiver }] });
  const receivers = async (server: RunningServer): Promise<string[]> => {
    const response = await fetch(`${server.url}/api/v2/receivers`);
    return ((await response.json()) as { name: string }[]).map(({ name }) => name);
  };

  test('swallows alerts by default, and reloads a configuration', async () => {
    const server = await startAlertmanager({ generation });
    expect(await receivers(server)).toEqual(['none']);
    await server.reload(config('team'));
    expect(await receivers(server)).toEqual(['team']);
    await expect(server.reload('route: {receiver: missing}')).rejects.toThrow(/^Alertmanager refused/);
    expect(await receivers(server)).toEqual(['team']);
    // The refused file is still on disk.
    await expect(server.restart()).rejects.toThrow(/^Alertmanager ended at once/);
    await server.stop();
  });

  test('does not start with a broken configuration, and says why', async () => {
    const start = startAlertmanager({ generation, config: { route: { receiver: 'missing' } } });
    await expect(start).rejects.toThrow(/^Alertmanager ended at once.*missing/s);
  });
});
