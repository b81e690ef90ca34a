import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboards } from '../../dashboards/index.ts';
import { uids } from '../../dashboards/links.ts';
import { group, metric } from '../../metrics/expression.ts';
import { clientOf, lastTime } from '../../scripts/doctor/ask.ts';
import { examineGateway } from '../../scripts/doctor/gateway.ts';
import { examineGroups } from '../../scripts/doctor/groups.ts';
import type { Finding, Report } from '../../scripts/doctor/model.ts';
import { examine } from '../../scripts/doctor/run.ts';
import { examineScrape } from '../../scripts/doctor/scrape.ts';
import { inProject } from '../../scripts/lib/root.ts';
import {
  freePort,
  prometheusConfig,
  type Rules,
  type RunningServer,
  startPushgateway,
} from '../../scripts/servers/start.ts';
import { FakeGrafana } from '../fakes/grafana/grafana.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { jobEnv, record } from '../record/helpers.ts';
import { buildBundle, completeDeployment, fastRules, provisionGrafana } from './bench.ts';

const token = 'glsa_0123456789abcdef0123456789abcdef_01234567';

let live: LiveSystem;
let folder: string;
let rules: Rules[];
let grafana: FakeGrafana;
let grafanaServer: Listening;
let messy: RunningServer;
/** What the data source of the fake Grafana runs. */
let behind: string[];
let fakes: Server[] = [];

beforeAll(async () => {
  folder = await buildBundle();
  const texts = readdirSync(join(folder, 'prometheus/rules')).map((name) => ({
    name,
    text: readFileSync(join(folder, 'prometheus/rules', name), 'utf8'),
  }));
  rules = fastRules(texts);
  live = await startLiveSystem();
  await live.server.reload({ rules });
  messy = await startPushgateway();
  const { version } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { version: string };
  behind = [version];
  grafana = new FakeGrafana();
  grafana.token(token, { role: 'Admin' });
  grafana.prometheus('prom', 'Prometheus', () => behind);
  grafanaServer = await listen(grafana.handler);
  await completeDeployment(jobEnv({ ...env(), DEPLOYMENT_ID: 'healthy' }));
  expect(await provisionGrafana(folder, env())).toBe(0);
  await live.settle();
});
afterAll(async () => {
  for (const fake of fakes.splice(0)) fake.close();
  await Promise.all([live?.stop(), messy?.stop(), grafanaServer?.stop()]);
});

const env = (over: Record<string, string> = {}): Record<string, string> => ({
  PUSHGATEWAY_URL: live.gateway.url,
  PROMETHEUS_URL: live.server.url,
  GRAFANA_URL: grafanaServer.url,
  GRAFANA_TOKEN: token,
  ...over,
});

const findingsIn = ({ steps }: Report): readonly Finding[] => steps.flatMap(({ findings }) => findings);
const named = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, id }) => `${severity} ${id}`);
/** What is found beside the Alertmanager that a test does not start. */
async function found(over: Record<string, string> = {}): Promise<string[]> {
  const report = await examine(env(over), folder);
  const names = named(findingsIn(report)).filter((name) => name !== 'warning no-alertmanager');
  expect(report.healthy).toBe(!names.some((name) => name.startsWith('error')));
  return names;
}

/** A server that answers every request like this. */
async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const fake = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  fakes = [...fakes, fake];
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
}
const success = (data: unknown): string => JSON.stringify({ status: 'success', data });

describe('a healthy system', () => {
  it('is found healthy, with what was looked at', async () => {
    const report = await examine(env(), folder);
    expect(named(findingsIn(report))).toEqual(['warning no-alertmanager']);
    expect(report.healthy).toBe(true);
    const seen = Object.fromEntries(report.steps.map(({ title, seen }) => [title, seen]));
    expect(seen.Pushgateway).toMatch(/: 5 groups of 1 deployment$/);
    expect(seen.Metrics).toMatch(/^(\d+) of \1 required metrics seen, 1 deployment in thirty days$/);
    expect(seen.Grafana).toContain(`${dashboards().length} dashboards`);
  });

  it('as a command: exit code and JSON', async () => {
    const answer = await new Promise<{ code: number; report: Report }>((resolve) => {
      const child = execFile(
        process.execPath,
        [inProject('scripts', 'run.mjs'), 'doctor', '--json'],
        { env: { PATH: process.env.PATH, ...env({ PROMETHEUS_URL: '' }) }, maxBuffer: 1e7 },
        (_, stdout) => resolve({ code: child.exitCode ?? -1, report: JSON.parse(stdout) as Report }),
      );
    });
    expect(answer.code).toBe(1);
    expect(answer.report.healthy).toBe(false);
    expect(named(findingsIn(answer.report))).toContain('error prometheus-unset');
  });
});

describe('the way to the gateway', () => {
  const gateway = async (url: string, over: Record<string, string> = {}): Promise<Finding[]> => [
    ...(await examineGateway({ PUSHGATEWAY_URL: url, ...over })).step.findings,
  ];
  it('nobody says where it is, or that it is not wanted', async () => {
    expect(named(await gateway(''))).toEqual(['error gateway-unset']);
    expect(named(await gateway('disabled'))).toEqual(['error recording-disabled']);
    expect(named(await gateway('pushgateway:9091'))).toEqual(['error gateway-unreachable']);
  });
  it('it is down, asks for credentials, or is something else', async () => {
    expect(named(await gateway(`http://127.0.0.1:${await freePort()}`))).toEqual([
      'error gateway-unreachable',
    ]);
    expect(named(await gateway(await answering(401, '{}')))).toEqual(['error gateway-credentials']);
    expect(named(await gateway(await answering(404, '{}')))).toEqual(['error gateway-unreachable']);
    expect(named(await gateway(live.server.url))).toEqual(['error gateway-unreachable']);
  });
  it('its clock is wrong', async () => {
    const late = { date: new Date(Date.now() + 300_000).toUTCString() };
    expect(named(await gateway(await answering(200, success([]), late)))).toEqual([
      'warning gateway-empty',
      'error clock-skew',
    ]);
  });
  it('never shows a secret', async () => {
    const url = await answering(500, '{"status":"error","error":"swordfish-123 is wrong"}');
    const report = await examine(env({ PUSHGATEWAY_URL: url, PUSHGATEWAY_TOKEN: 'swordfish-123' }), folder);
    expect(JSON.stringify(report)).not.toContain('swordfish');
  });
});

describe('what is on the gateway', () => {
  const push = async (path: string, body: string): Promise<number> =>
    (await fetch(`${messy.url}/metrics/job/deployment-pipeline${path}`, { method: 'PUT', body: `${body}\n` }))
      .status;
  const look = async (): Promise<readonly Finding[]> =>
    (await examineGateway({ PUSHGATEWAY_URL: messy.url })).step.findings;
  const at = '/environment/production/deployment_id/4711';

  it('nothing', async () => {
    expect(named(await look())).toEqual(['warning gateway-empty']);
  });

  it('a push that was refused, in which group, and how to remove it', async () => {
    expect(
      await push(
        `${at}/service/api/stage/build`,
        '# TYPE deployment_total counter\ndeployment_total{status="success"} 1',
      ),
    ).toBe(200);
    expect(
      await push(
        `${at}/service/web/stage/build`,
        '# TYPE deployment_total gauge\ndeployment_total{status="success"} 1',
      ),
    ).toBe(400);
    const refused = (await look()).filter(({ id }) => id === 'push-refused');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.place[1]).toContain('service="web"');
    const command = /"\$PUSHGATEWAY_URL\/(\S+)"/.exec(refused[0]!.mend)?.[1];
    expect((await fetch(`${messy.url}/${command}`, { method: 'DELETE' })).status).toBe(202);
    expect(named(await look())).toEqual([]);
  });

  it('phantom groups: a branch with slashes, and an environment that nobody knows', async () => {
    await push('/ref/refs/heads/main', 'deployment_in_progress 1');
    await push(
      '/environment/prod/deployment_id/1',
      '# TYPE deployment_outcome_code gauge\ndeployment_outcome_code 1',
    );
    const findings = (await look()).filter(({ id }) => id === 'phantom-group');
    expect(findings.map(({ problem }) => problem).sort()).toEqual([
      'No rule reads a group with these labels: they name no event of a deployment.',
      'The environment "prod" is not one of those that the catalogue knows.',
    ]);
    for (const { mend } of findings)
      await fetch(`${messy.url}/${/URL\/(\S+)"/.exec(mend)?.[1]}`, { method: 'DELETE' });
    expect(named(await look())).toEqual([]);
  });

  it('metrics, labels, values and types that the catalogue does not have', async () => {
    await push(
      `${at}/service/api/stage/deploy`,
      [
        '# TYPE deployment_stage_statuscode gauge',
        'deployment_stage_statuscode 1',
        '# TYPE deployment_stage_duration_seconds histogram',
        'deployment_stage_duration_seconds_bucket{status="success",le="+Inf"} 1',
        'deployment_stage_duration_seconds_sum{status="success"} 1',
        'deployment_stage_duration_seconds_count{status="success"} 1',
        '# TYPE deployment_errors_total counter',
        'deployment_errors_total{error_type="gremlins",pod="a"} 1',
      ].join('\n'),
    );
    const findings = await look();
    expect(named(findings).sort()).toEqual([
      'error unknown-value',
      'error wrong-type',
      'warning unknown-label',
      'warning unknown-metric',
    ]);
    const by = (id: string): Finding => findings.find((f) => f.id === id)!;
    expect(by('unknown-metric').mend).toBe(
      'Is deployment_stage_status_code meant? Else declare it in metrics/pipeline.ts.',
    );
    expect(by('wrong-type').problem).toBe('It is pushed as histogram, and the catalogue says gauge.');
    expect(by('unknown-value').problem).toContain('The error_type "gremlins" is not one of those known');
    expect(by('unknown-label').problem).toContain('the label pod');
    await fetch(`${messy.url}/metrics/job/deployment-pipeline${at}/service/api/stage/deploy`, {
      method: 'DELETE',
    });
  });

  it('too many series of one deployment', async () => {
    const many = Array.from({ length: 1_100 }, (_, i) => `deployment_health_check_success{attempt="${i}"} 1`);
    await push(`${at}/service/api`, ['# TYPE deployment_health_check_success gauge', ...many].join('\n'));
    expect(named(await look())).toEqual(['error too-many-series']);
    await fetch(`${messy.url}/metrics/job/deployment-pipeline${at}/service/api`, { method: 'DELETE' });
  });

  it('a deployment that finished in the future: the clock of a runner', async () => {
    const later = Date.now() / 1000 + 600;
    await push(
      at,
      `# TYPE deployment_finished_timestamp_seconds gauge\ndeployment_finished_timestamp_seconds ${later}`,
    );
    expect(named(await look())).toEqual(['error runner-clock']);
    await push(
      at,
      `# TYPE deployment_finished_timestamp_seconds gauge\ndeployment_finished_timestamp_seconds ${later - 600}`,
    );
  });

  it('groups older than a day, except for the last deployment, which stays until the next one', async () => {
    const { groups } = await examineGateway({ PUSHGATEWAY_URL: messy.url });
    const tomorrow = Date.now() / 1000 + 90_000;
    expect(examineGroups(groups!, tomorrow)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await push(
      '/environment/production/deployment_id/4712',
      '# TYPE deployment_outcome_code gauge\ndeployment_outcome_code 1',
    );
    const later = await examineGateway({ PUSHGATEWAY_URL: messy.url });
    expect(named(later.step.findings)).toEqual([]);
    const old = examineGroups(later.groups!, tomorrow);
    expect(named(old)).toEqual(['warning old-groups']);
    expect(old[0]!.problem).toContain('production/4711');
  });
});

describe('the way to Prometheus', () => {
  it('nobody says where it is, it is down, asks for credentials, or is something else', async () => {
    expect(await found({ PROMETHEUS_URL: '' })).toEqual(['error prometheus-unset']);
    expect(await found({ PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}` })).toEqual([
      'error prometheus-unreachable',
    ]);
    expect(await found({ PROMETHEUS_URL: await answering(401, '{}') })).toEqual([
      'error prometheus-credentials',
    ]);
    expect(await found({ PROMETHEUS_URL: `${live.server.url}/prefix` })).toEqual([
      'error prometheus-unreachable',
    ]);
  });
});

describe('a server that does not scrape by itself, such as Mimir', () => {
  it('is judged by its series', async () => {
    const hidden = /^\/api\/v1\/(targets|status\/config|alertmanagers)/;
    const proxy = createServer(async (request, response) => {
      if (hidden.test(request.url ?? '')) return void response.writeHead(404).end('404 page not found');
      const answer = await fetch(`${live.server.url}${request.url}`);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    fakes = [...fakes, proxy];
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const report = await examine(env({ PROMETHEUS_URL: url }), folder);
    expect(named(findingsIn(report))).toEqual([]);
    expect(report.steps.map(({ title }) => title)).toContain('Metrics');
  });
});

describe('the scrape', () => {
  const configured = async (change: (config: string) => string): Promise<readonly Finding[]> => {
    const config = prometheusConfig({ pushgatewayUrl: live.gateway.url });
    await live.server.reload({ config: change(config) });
    const client = clientOf('Prometheus', 'PROMETHEUS', env());
    return (await examineScrape(client, undefined)).findings;
  };
  const settledTo = (change: (config: string) => string, expected: string[]): Promise<void> =>
    expect
      .poll(async () => named(await configured(change)), { timeout: 25_000, interval: 2_000 })
      .toEqual(expected);
  afterAll(async () => {
    await live.server.reload({
      config: prometheusConfig({ pushgatewayUrl: live.gateway.url, evaluationInterval: '2s' }),
    });
    await live.settle();
  });

  it('without honor_labels', async () => {
    await settledTo(
      (config) => config.replace('honor_labels: true', 'honor_labels: false'),
      ['error honor-labels'],
    );
  });
  it('of an address where nobody listens', async () => {
    const port = await freePort();
    await settledTo(
      (config) => config.replace(String(live.gateway.port), String(port)),
      ['error scrape-fails'],
    );
  });
  it('under another name', async () => {
    await settledTo(
      (config) => config.replace('job_name: pushgateway', 'job_name: gateway'),
      ['error scrape-job'],
    );
  });
  it('none at all', async () => {
    await settledTo(() => 'global:\n  evaluation_interval: 2s\n', ['error not-scraped']);
  });
  it('of another gateway than the one that is pushed to', async () => {
    await live.server.reload({
      config: prometheusConfig({ pushgatewayUrl: live.gateway.url, evaluationInterval: '2s' }),
    });
    await live.settle();
    const client = clientOf('Prometheus', 'PROMETHEUS', env());
    const { groups } = await examineGateway({ PUSHGATEWAY_URL: messy.url });
    const later = Date.now() / 1000 + 300;
    expect(named((await examineScrape(client, groups, later)).findings)).toEqual(['error other-gateway']);
    const same = (await examineGateway({ PUSHGATEWAY_URL: live.gateway.url })).groups;
    expect(named((await examineScrape(client, same, later)).findings)).toEqual([]);
  });
});

describe('rules', () => {
  const withRules = async (changed: Rules[], expected: string[]): Promise<void> => {
    await live.server.reload({ rules: changed });
    await expect.poll(() => found(), { timeout: 25_000, interval: 1_000 }).toEqual(expected);
  };
  const texts = () => rules as { name: string; text: string }[];
  afterAll(async () => {
    await live.server.reload({ rules });
  });

  it('none', async () => {
    await withRules([], ['error no-rules']);
  });
  it('a file is missing', async () => {
    await withRules(
      texts().filter(({ name }) => name !== 'history.yml'),
      ['error rules-missing'],
    );
  });
  it('of another version', async () => {
    const [version] = behind;
    behind = ['000000000000'];
    await withRules(
      texts().map(({ name, text }) => ({
        name,
        text: text.replace(/version: "?[0-9a-f]{12}"?/, 'version: "000000000000"'),
      })),
      ['error rules-version'],
    );
    behind = [version!];
  });
  it('that cannot be evaluated', async () => {
    const twice = 'label_replace(up, "side", "a", "", "") or label_replace(up, "side", "b", "", "")';
    const broken = `groups:\n  - name: deployment-bundle\n    interval: 1s\n    rules:\n      - record: deployment_observability:bundle:info\n        expr: up * on (job) (${twice})\n`;
    await live.server.reload({
      rules: [...texts(), { name: 'broken.yml', text: broken }],
    });
    await expect.poll(() => found(), { timeout: 25_000, interval: 1_000 }).toContain('error rule-fails');
  });
});

describe('metrics', () => {
  it('that were never recorded', { timeout: 90_000 }, async () => {
    const other = await startLiveSystem();
    try {
      await other.server.reload({ rules });
      const there = { PROMETHEUS_URL: other.server.url, PUSHGATEWAY_URL: other.gateway.url };
      const wrong = async (): Promise<string[]> =>
        (await found(there)).filter((name) => !/waiting|version|datasource|gateway-empty/.test(name));
      await expect.poll(wrong, { timeout: 20_000, interval: 500 }).toEqual(['error nothing-recorded']);
      for (const id of ['1', '2', '3'])
        for (const argv of [
          ['start', '--no-sweep'],
          ['finish', '--outcome', 'success'],
        ])
          await record(argv, jobEnv({ PUSHGATEWAY_URL: other.gateway.url, DEPLOYMENT_ID: id }));
      await other.settle();
      const report = await examine(env(there), folder);
      const never = findingsIn(report).filter(({ id }) => id === 'never-existed');
      expect(never.map(({ severity }) => severity)).toEqual(never.map(() => 'error'));
      expect(never.map(({ place }) => place.at(-1))).toContain('smoke_test_success');
      expect(never.map(({ place }) => place.at(-1))).not.toContain('deployment_started_timestamp_seconds');
    } finally {
      await other.stop();
    }
  });

  it('are looked for in the past', async () => {
    const client = clientOf('Prometheus', 'PROMETHEUS', env());
    const end = Math.floor(Date.now() / 1000);
    const when = await lastTime(client, group(metric('deployment_outcome_code')), {
      start: end - 60,
      end,
      step: 1,
    });
    expect(when).toBeGreaterThan(end - 60);
    const before = { start: end - 7_200, end: end - 3_600, step: 60 };
    expect(await lastTime(client, group(metric('deployment_outcome_code')), before)).toBeUndefined();
  });
});

describe('Grafana', () => {
  const settled = (): Promise<void> =>
    expect.poll(() => found(), { timeout: 25_000, interval: 1_000 }).toEqual([]);

  it('is not asked, is down, or refuses the token', async () => {
    await settled();
    expect(await found({ GRAFANA_URL: '' })).toEqual(['warning grafana-unset']);
    expect(await found({ GRAFANA_URL: `http://127.0.0.1:${await freePort()}` })).toEqual([
      'error grafana-unreachable',
    ]);
    expect(await found({ GRAFANA_TOKEN: 'glsa_wrong' })).toEqual(['error grafana-unreachable']);
  });
  it('a dashboard was edited by hand', async () => {
    const before = structuredClone(grafana.state.get('dashboards', uids.overview)!.spec);
    grafana.edit(uids.overview, (spec) => ({ ...spec, title: 'My own' }));
    expect(await found()).toEqual(['warning dashboard-edited']);
    grafana.edit(uids.overview, () => before);
  });
  it('dashboards are missing, and the data source is another one or down', async () => {
    const empty = new FakeGrafana();
    empty.token(token, { role: 'Admin' });
    empty.prometheus('prom', 'Prometheus', undefined);
    const server = await listen(empty.handler);
    try {
      const names = await found({ GRAFANA_URL: server.url });
      expect([...new Set(names)].sort()).toEqual([
        'error dashboard-missing',
        'error datasource-unhealthy',
        'error folder-missing',
      ]);
      expect(await found({ GRAFANA_URL: server.url, GRAFANA_DATASOURCE: 'nowhere' })).toContain(
        'error datasource-missing',
      );
    } finally {
      await server.stop();
    }
  });
});
