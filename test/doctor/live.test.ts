import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { clientOf, lastTime } from '../../src/doctor/ask.ts';
import { examineGateway } from '../../src/doctor/gateway.ts';
import type { Finding, Report } from '../../src/doctor/model.ts';
import { examine } from '../../src/doctor/run.ts';
import { examineScrape } from '../../src/doctor/scrape.ts';
import { inProject } from '../../src/lib/root.ts';
import { group, metric } from '../../src/metrics/index.ts';
import {
  freePort,
  prometheusConfig,
  type Rules,
  type RunningServer,
  startPushgateway,
} from '../../src/servers/start.ts';
import { FakeGrafana } from '../fakes/grafana/grafana.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { jobEnv } from '../record/helpers.ts';
import { dashboards, pipeline } from '../relay.ts';
import { buildBundle, completeDeployment, fastRules, provisionGrafana } from './bench.ts';
import { Dummies, named } from './servers.ts';

const token = 'glsa_0123456789abcdef0123456789abcdef_01234567';

let live: LiveSystem;
let folder: string;
let rules: Rules[];
let grafana: FakeGrafana;
let grafanaServer: Listening;
/** A gateway that is pushed to, and not scraped. */
let unscraped: RunningServer;
/** Rules that the data source of the fake Grafana runs. */
let behind: string[];
const dummies = new Dummies();
const answering = dummies.answering.bind(dummies);

beforeAll(async () => {
  folder = await buildBundle();
  const texts = readdirSync(join(folder, 'prometheus/rules')).map((name) => ({
    name,
    text: readFileSync(join(folder, 'prometheus/rules', name), 'utf8'),
  }));
  rules = fastRules(texts);
  live = await startLiveSystem();
  await live.server.reload({ rules });
  unscraped = await startPushgateway();
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
  dummies.close();
  await Promise.all([live?.stop(), unscraped?.stop(), grafanaServer?.stop()]);
});

const env = (over: Record<string, string> = {}): Record<string, string> => ({
  PUSHGATEWAY_URL: live.gateway.url,
  PROMETHEUS_URL: live.server.url,
  GRAFANA_URL: grafanaServer.url,
  GRAFANA_TOKEN: token,
  ...over,
});

const findingsIn = ({ steps }: Report): readonly Finding[] => steps.flatMap(({ findings }) => findings);
/** Findings beside the Alertmanager that a test does not start. */
async function found(over: Record<string, string> = {}): Promise<string[]> {
  const report = await examine(env(over), folder, pipeline);
  const names = named(findingsIn(report)).filter((name) => name !== 'warning no-alertmanager');
  expect(report.healthy).toBe(!names.some((name) => name.startsWith('error')));
  return names;
}

describe('a healthy system', () => {
  it('is found healthy, with what was looked at', async () => {
    const report = await examine(env(), folder, pipeline);
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

describe('the way to Prometheus', () => {
  it('never shows a secret', async () => {
    const url = await answering(500, '{"status":"error","error":"swordfish-123 is wrong"}');
    const report = await examine(
      env({ PUSHGATEWAY_URL: url, PUSHGATEWAY_TOKEN: 'swordfish-123' }),
      folder,
      pipeline,
    );
    expect(JSON.stringify(report)).not.toContain('swordfish');
  });

  it('its address is not set, it is down, asks for credentials, or is something else', async () => {
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
  const hidden = /^\/api\/v1\/(targets|status\/config|alertmanagers)/;
  const proxied = (): Promise<string> =>
    dummies.serve(
      createServer(async (request, response) => {
        if (hidden.test(request.url ?? '')) return void response.writeHead(404).end('404 page not found');
        const { method = 'GET', headers } = request;
        const type = headers['content-type'];
        const body = method === 'POST' ? await text(request) : null;
        const answer = await fetch(`${live.server.url}${request.url}`, {
          method,
          body,
          headers: type ? { 'content-type': type } : {},
        });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      }),
    );

  it('is judged by its series', async () => {
    const report = await examine(env({ PROMETHEUS_URL: await proxied() }), folder, pipeline);
    expect(named(findingsIn(report))).toEqual([]);
    expect(report.steps.map(({ title }) => title)).toContain('Metrics');
  });
  it('is found to be scraped for without honor_labels', async () => {
    const config = prometheusConfig({ pushgatewayUrl: live.gateway.url, evaluationInterval: '2s' });
    await live.server.reload({ config: config.replace('honor_labels: true', 'honor_labels: false') });
    const client = clientOf('Prometheus', 'PROMETHEUS', env({ PROMETHEUS_URL: await proxied() }));
    const look = async (): Promise<string[]> =>
      named((await examineScrape(client, undefined, Date.now() / 1000)).findings);
    await expect.poll(look, { timeout: 25_000, interval: 1_000 }).toEqual(['error honor-labels']);
    await live.server.reload({ config });
    await expect.poll(look, { timeout: 25_000, interval: 1_000 }).toEqual([]);
  });
});

describe('the scrape', () => {
  const configured = async (change: (config: string) => string): Promise<readonly Finding[]> => {
    const config = prometheusConfig({ pushgatewayUrl: live.gateway.url });
    await live.server.reload({ config: change(config) });
    const client = clientOf('Prometheus', 'PROMETHEUS', env());
    return (await examineScrape(client, undefined, Date.now() / 1000)).findings;
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
  it('of an address without a server', async () => {
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
    await completeDeployment(jobEnv({ PUSHGATEWAY_URL: unscraped.url, DEPLOYMENT_ID: 'elsewhere' }));
    const { groups } = await examineGateway({ PUSHGATEWAY_URL: unscraped.url });
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
  it('its data source asks another Prometheus than the one that is meant', async () => {
    const [version] = behind;
    behind = ['0123456789ab'];
    expect(await found()).toEqual(['error datasource-unhealthy']);
    behind = [version!];
    expect(await found()).toEqual([]);
  });
  it('a dashboard is not the one of this version', async () => {
    const older = new FakeGrafana();
    older.token(token, { role: 'Admin' });
    older.prometheus('prom', 'Prometheus', () => behind);
    const server = await listen(older.handler);
    try {
      const there = { GRAFANA_URL: server.url };
      const code = await provisionGrafana(folder, env(there), (desired) => ({
        ...desired,
        dashboards: desired.dashboards.map((dashboard) =>
          dashboard.uid === uids.slo
            ? { ...dashboard, spec: { ...dashboard.spec, description: 'As it was.' } }
            : dashboard,
        ),
      }));
      expect(code).toBe(0);
      expect(await found(there)).toEqual(['error dashboard-version']);
    } finally {
      await server.stop();
    }
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
