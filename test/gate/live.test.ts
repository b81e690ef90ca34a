import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateVerdicts } from '../../src/metrics/codes.ts';
import { freePort, prometheusConfig } from '../../src/servers/start.ts';
import { generatedRules, type LiveSystem, startLiveSystem } from '../live/system.ts';
import { jobEnv, record, runRecorder, seriesOf, temporaryFolder } from '../record/helpers.ts';
import { pipeline } from '../relay.ts';

/** Fires while a smoke test named `alarm` has failed: a critical alert that the test can switch. */
const alarm = {
  name: 'alarm.yml',
  text: `groups:
  - name: alarm
    interval: 1s
    rules:
      - alert: Alarm
        expr: min by (environment) (smoke_test_success{test_name="alarm"}) == 0
        labels:
          severity: critical
`,
};

let live: LiveSystem;
let proxies: Server[] = [];
beforeAll(async () => {
  live = await startLiveSystem();
  await live.server.reload({ rules: [...generatedRules(), alarm] });
});
afterAll(async () => {
  for (const proxy of proxies.splice(0)) proxy.close();
  await live.stop();
});

const job = (id: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv =>
  jobEnv({
    DEPLOYMENT_ID: id,
    PUSHGATEWAY_URL: live.gateway.url,
    PROMETHEUS_URL: live.server.url,
    ...extra,
  });
const seconds = (): number => Date.now() / 1000;
const check = (at: number, status = 'healthy'): string[] => ['--check', `${at.toFixed(3)},${status},0.1`];
/** Thirty checks of which some failed, that ended a minute ago. */
const checksEnded = (failed: number): string[] =>
  Array.from({ length: 30 }, (_, i) =>
    check(seconds() - 210 + i * 5, i < failed ? 'unhealthy' : 'healthy'),
  ).flat();

/** Recordings of a deployment with these checks and tests. */
async function deployed(
  id: string,
  failed: { checks?: number; test?: boolean } = {},
  extra = {},
): Promise<void> {
  const env = job(id, extra);
  for (const argv of [
    ['start', '--at', String(seconds() - 400), '--no-sweep'],
    ['health', '--service', 'api', ...checksEnded(failed.checks ?? 0)],
    ['smoke-test', '--test-name', 'web page', '--', failed.test ? 'false' : 'true'],
  ])
    await record([...argv], env);
}

interface Answer {
  readonly code: number;
  readonly verdict: string;
  readonly checks: Record<string, string>;
  readonly found: Record<string, string>;
}
async function gate(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  const { code, stdout } = await record(['gate', '--json', ...argv], env);
  const { verdict, checks, exit_code } = JSON.parse(stdout) as {
    verdict: string;
    exit_code: number;
    checks: { name: string; verdict: string; found: string }[];
  };
  expect(exit_code).toBe(code);
  return {
    code,
    verdict,
    checks: Object.fromEntries(checks.map((c) => [c.name, c.verdict])),
    found: Object.fromEntries(checks.map((c) => [c.name, c.found])),
  };
}

describe('may this deployment stay?', () => {
  it('passes one that is good, at once from what the gateway holds', async () => {
    await deployed('good');
    expect(await gate([], job('good'))).toMatchObject({
      code: 0,
      checks: {
        health: 'pass',
        'error-rate': 'pass',
        'smoke-tests': 'pass',
        migrations: 'skipped',
        'live-traffic': 'skipped',
      },
    });
  });

  it('fails one of whose checks too many failed, or a smoke test', async () => {
    await deployed('sick', { checks: 2 });
    expect(await gate([], job('sick'))).toMatchObject({
      code: 1,
      checks: { health: 'fail', 'error-rate': 'fail', 'smoke-tests': 'pass' },
    });
    await deployed('broken', { test: true });
    expect(await gate([], job('broken'))).toMatchObject({ code: 1, checks: { 'smoke-tests': 'fail' } });
  });

  it('says of one that was never recorded that it was not, by a misspelt id or environment too', async () => {
    const unknown = { code: 3, checks: { deployment: 'error' } };
    expect(await gate(['--wait', '60s'], job('godo'))).toMatchObject(unknown);
    expect(await gate(['--environment', 'staging'], job('good'))).toMatchObject(unknown);
  });

  it('is inconclusive about one that has just begun', async () => {
    await record(['start', '--no-sweep'], job('begun'));
    expect(await gate([], job('begun'))).toMatchObject({ code: 2, checks: { health: 'inconclusive' } });
  });

  it('does not pass one whose checks are older than its start', async () => {
    const env = job('reused');
    await record(['health', '--service', 'api', ...checksEnded(0)], env);
    await record(
      [
        'smoke-test',
        '--test-name',
        'old',
        '--status',
        'success',
        '--finished-at',
        String(seconds() - 90_000),
      ],
      env,
    );
    await record(['start', '--no-sweep'], env);
    expect(await gate([], env)).toMatchObject({
      code: 2,
      found: { health: 'no health check was recorded yet', 'smoke-tests': 'no smoke test was recorded yet' },
    });
  });

  it('fails one whose deploy stage failed, or that finished as a failure, and waits for nothing', async () => {
    await deployed('stage-failed');
    await record(['stage', '--service', 'api', '--stage', 'deploy', '--', 'false'], job('stage-failed'));
    expect(await gate(['--wait', '60s'], job('stage-failed'))).toMatchObject({
      code: 1,
      found: { stages: 'failed: deploy of api' },
    });
    await deployed('over');
    await record(['finish', '--outcome', 'failure'], job('over'));
    expect(await gate(['--wait', '60s'], job('over'))).toMatchObject({
      code: 1,
      checks: { deployment: 'fail' },
    });
  });

  it('does not roll back what was rolled back', async () => {
    await deployed('back', { checks: 5 });
    await record(['rollback', '--reason', 'health_check_failed'], job('back'));
    expect(await gate(['--wait', '60s'], job('back'))).toMatchObject({
      code: 3,
      found: { deployment: 'it was rolled back already, so there is nothing to decide' },
    });
  });

  it('records its answer, and refuses nothing in shadow mode', async () => {
    await deployed('shadowed', { checks: 5 });
    const { code, stdout, stderr } = await record(['gate', '--shadow', '--json'], job('shadowed'));
    expect([code, JSON.parse(stdout).verdict]).toEqual([0, 'fail']);
    expect(stderr).toContain('nothing is refused');
    const held = await seriesOf(live.gateway.url);
    const answer = held.filter(
      ({ name, labels }) => name.startsWith('deployment_gate_') && labels.deployment_id === 'shadowed',
    );
    expect(answer.find(({ name }) => name === 'deployment_gate_verdict_code')?.value).toBe(
      gateVerdicts.would_fail,
    );
    expect(answer.find(({ name }) => name === 'deployment_gate_info')?.labels).toMatchObject({
      gate: 'stay',
      checks: 'health, error-rate',
    });
    await record(['finish', '--outcome', 'success'], job('shadowed'));
    const now = await live.settle();
    const fact = await live.prometheus.query('deployment_gate:verdict:code{deployment_id="shadowed"}', now);
    expect(fact.map(({ value }) => value)).toEqual([gateVerdicts.would_fail]);
  });

  it('leaves out what a deployment does not do, and then still passes nothing by nothing', async () => {
    const env = job('no-tests');
    await record(['health', '--service', 'api', ...checksEnded(0)], env);
    expect(await gate([], env)).toMatchObject({
      code: 2,
      found: { 'smoke-tests': 'no smoke test was recorded yet' },
    });
    expect(await gate(['--without', 'smoke-tests'], env)).toMatchObject({ code: 0 });
    const nothing = ['health', 'error-rate', 'smoke-tests'].flatMap((name) => ['--without', name]);
    expect(await gate(nothing, env)).toMatchObject({ code: 2 });
  });

  it('waits until it is decided', async () => {
    const env = job('slow');
    await record(['health', '--service', 'api', ...checksEnded(0)], env);
    const answer = gate(['--wait', '60s', '--interval', '200ms'], env);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await record(['smoke-test', '--test-name', 'late', '--', 'true'], env);
    expect(await answer).toMatchObject({ code: 0 });
    const begun = Date.now();
    expect(await gate(['--wait', '1s', '--interval', '200ms'], job('begun'))).toMatchObject({ code: 2 });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
  });

  it('knows from Prometheus what is no longer on the gateway, and forgets what was replaced there', async () => {
    await deployed('swept');
    await deployed('again', { test: true });
    await live.settle();
    await fetch(
      `${live.gateway.url}/metrics/job/deployment-pipeline/environment/production/deployment_id/swept`,
      {
        method: 'DELETE',
      },
    );
    expect(await gate([], job('swept', { PUSHGATEWAY_URL: 'disabled' }))).toMatchObject({ code: 0 });
    await record(['smoke-test', '--test-name', 'web page', '--', 'true'], job('again'));
    expect(await gate([], job('again'))).toMatchObject({ code: 0 });
  });
});

describe('the four answers of the recorder as a file, and the summary page', () => {
  it('pass, fail, inconclusive and error', async () => {
    const summary = join(temporaryFolder(), 'summary.md');
    const answers = await Promise.all(
      ['good', 'sick', 'begun'].map((id) => runRecorder(['gate'], job(id, { GITHUB_STEP_SUMMARY: summary }))),
    );
    const unreachable = await runRecorder(
      ['gate'],
      job('good', { PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}` }),
    );
    expect([...answers, unreachable].map(({ code }) => code)).toEqual([0, 1, 2, 3]);
    expect(answers[0]!.stdout).toMatch(/^PASS: Deployment good in production may stay\.\n\ncheck +verdict/);
    expect(unreachable.stdout).toContain('cannot be reached (ECONNREFUSED)');
    expect(readFileSync(summary, 'utf8').match(/^### Deployment gate$/gm)).toHaveLength(3);
  });
});

describe('the summary that finish writes', () => {
  it('waits until Prometheus has its own last event, and knows what is usual and what is left', async () => {
    const deploy = async (id: string, end: NodeJS.ProcessEnv) => {
      await record(['start', '--at', String(seconds() - 100), '--no-sweep'], job(id));
      const build = ['--service', 'api', '--stage', 'build', '--status', 'success', '--duration', '40'];
      await record(['stage-finish', ...build], job(id));
      await record(['smoke-test', '--test-name', 'page', '--', id === 'told' ? 'false' : 'true'], job(id));
      return await record(['finish', '--outcome', 'success'], end);
    };
    await deploy('usual', job('usual'));
    await live.settle();
    // A gateway that may not be listed, as a large one is not.
    const proxy = createServer((request, response) => {
      if (request.method === 'GET') return void response.writeHead(503).end();
      void fetch(`${live.gateway.url}${request.url}`, {
        method: request.method!,
        headers: { 'content-type': request.headers['content-type'] ?? '' },
        body: request as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit).then(({ status }) => response.writeHead(status).end());
    });
    proxies = [...proxies, proxy];
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const summary = join(temporaryFolder(), 'summary.md');
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { warnings, ms } = await deploy(
      'told',
      job('told', { PUSHGATEWAY_URL: url, GITHUB_STEP_SUMMARY: summary }),
    );
    expect(warnings).toEqual([]);
    const text = readFileSync(summary, 'utf8');
    expect(text).toMatch(/^✅ \*\*Deployment `told` to `production` succeeded\*\* in 1 min 4\d s/m);
    expect(text).toMatch(/^api build .* 40 s, p95 40 s$/m);
    expect(text).toContain('| smoke test | `page` | **failed** |');
    expect(text).toMatch(/Error budget: this deployment spent 1 of the \d/);
    expect(text).not.toContain('Not known');
    // It is there with the next scrape, which is due every second.
    expect(ms).toBeLessThan(15_000);
  });
});

describe('what cannot be asked', () => {
  const answering = async (status: number, body: string): Promise<string> => {
    const proxy = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    });
    proxies = [...proxies, proxy];
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  };

  it.each([
    ['credentials that are refused', 401, 'check PROMETHEUS_TOKEN'],
    ['a page of a proxy', 200, 'answered with a web page'],
    ['a redirect', 302, 'redirects'],
    ['a server that is down', 503, 'failed (503)'],
  ])('is an error: %s', async (_, status, words) => {
    const answer = await gate([], job('good', { PROMETHEUS_URL: await answering(status, '<html>') }));
    expect(answer).toMatchObject({ code: 3 });
    expect(answer.found.sources).toContain(words);
  });

  it('is an error when the gateway is gone, though Prometheus would pass it', async () => {
    await live.settle();
    const env = job('good', { PUSHGATEWAY_URL: await answering(502, '<html>') });
    expect(await gate([], env)).toMatchObject({ code: 3, checks: { health: 'pass', sources: 'error' } });
  });

  it('does not hide a failure', async () => {
    const env = job('sick', { PROMETHEUS_URL: await answering(500, '') });
    expect(await gate([], env)).toMatchObject({ code: 1, checks: { health: 'fail', sources: 'error' } });
  });

  it('is an error without PROMETHEUS_URL, and for a call that is wrong', async () => {
    expect(await gate([], job('good', { PROMETHEUS_URL: '' }))).toMatchObject({ code: 3 });
    expect((await record(['gate', '--mya', 'stay'], job('good'))).code).toBe(3);
    expect((await record(['gate', '--dry-run', '--strict', '--may', 'go'], job('good'))).code).toBe(3);
    expect((await record(['gate'], job(''))).code).toBe(3);
  });

  it('prints no credentials', async () => {
    const env = job('good', {
      PROMETHEUS_TOKEN: 'swordfish-12345',
      PROMETHEUS_URL: await answering(401, 'swordfish-12345'),
    });
    const { stdout, stderr } = await record(['gate'], env);
    expect(stdout + stderr).not.toContain('swordfish');
  });
});

describe('the traffic of the application', () => {
  it('fails a version that breaks it, whatever its health checks say', async () => {
    let scrapes = 0;
    const application = createServer((_, response) => {
      scrapes++;
      response
        .setHeader('content-type', 'text/plain; version=0.0.4')
        .end(
          `http_requests_total{status_code="200"} ${scrapes * 90}\nhttp_requests_total{status_code="503"} ${scrapes * 10}\n`,
        );
    });
    proxies = [...proxies, application];
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const { port } = application.address() as AddressInfo;
    const config = prometheusConfig({
      pushgatewayUrl: live.gateway.url,
      extraScrapes: [
        { job_name: pipeline.application?.job ?? '', static_configs: [{ targets: [`127.0.0.1:${port}`] }] },
      ],
    });
    await live.server.reload({ config });
    await deployed('bad-traffic');
    await expect
      .poll(async () => (await gate([], job('bad-traffic'))).checks['live-traffic'], {
        timeout: 30_000,
        interval: 500,
      })
      .toBe('fail');
    expect(await gate([], job('bad-traffic'))).toMatchObject({ code: 1, checks: { health: 'pass' } });
    expect(await gate(['--without', 'live-traffic'], job('bad-traffic'))).toMatchObject({ code: 0 });
    await live.server.reload({ config: prometheusConfig({ pushgatewayUrl: live.gateway.url }) });
  });
});

describe('may we deploy?', () => {
  const may = (env: NodeJS.ProcessEnv, ...argv: string[]): Promise<Answer> =>
    gate(['--may', 'deploy', ...argv], env);
  const staging = (id: string): NodeJS.ProcessEnv => job(id, { DEPLOYMENT_ENVIRONMENT: 'staging' });

  beforeAll(async () => {
    await live.settle();
  });

  it('yes, where nothing was ever deployed', async () => {
    expect(await may(staging(''))).toMatchObject({
      code: 0,
      checks: { 'error-budget': 'pass', 'no-other-deployment': 'pass', 'no-critical-alert': 'pass' },
    });
  });

  it('not while another deployment runs, except for the one that was first', async () => {
    await record(['start', '--no-sweep'], staging('first'));
    await record(['start', '--no-sweep'], staging('second'));
    expect(await may(staging(''))).toMatchObject({
      code: 1,
      found: { 'no-other-deployment': 'running: first, second' },
    });
    expect(await may(staging('second'))).toMatchObject({
      code: 1,
      found: { 'no-other-deployment': 'running: first' },
    });
    expect(await may(staging('first'))).toMatchObject({ code: 0 });
    await live.settle();
    const elsewhere = { ...staging(''), PUSHGATEWAY_URL: 'disabled' };
    expect(await may(elsewhere)).toMatchObject({ code: 1, checks: { 'no-other-deployment': 'fail' } });
    for (const id of ['first', 'second']) await record(['finish', '--outcome', 'success'], staging(id));
    expect(await may(staging(''))).toMatchObject({ code: 0 });
  });

  it('not while a critical alert fires, except for a hotfix', async () => {
    await record(['smoke-test', '--test-name', 'alarm', '--', 'false'], staging('alarming'));
    await live.settle();
    expect(await may(staging(''))).toMatchObject({ code: 1, checks: { 'no-critical-alert': 'fail' } });
    expect(await may(staging(''), '--hotfix')).toMatchObject({
      code: 0,
      checks: { 'no-critical-alert': 'skipped' },
    });
    await record(['smoke-test', '--test-name', 'alarm', '--', 'true'], staging('alarming'));
  });

  it('not without error budget, except for a hotfix', async () => {
    await deployed('spent', {}, { DEPLOYMENT_ENVIRONMENT: 'staging' });
    await record(['finish', '--outcome', 'failure'], staging('spent'));
    await live.settle();
    const answer = await may(staging(''));
    expect(answer).toMatchObject({ code: 1, checks: { 'error-budget': 'fail' } });
    expect(answer.found['error-budget']).toMatch(
      /^0 % is left, computed \d+ s ago: only hotfixes may be deployed until the next month$/,
    );
    expect(await may(staging(''), '--hotfix')).toMatchObject({ checks: { 'error-budget': 'skipped' } });
  });

  it('inconclusive where the rules are not loaded', async () => {
    await live.server.reload({ rules: [] });
    await expect
      .poll(async () => (await may(job(''))).checks, { timeout: 20_000, interval: 500 })
      .toMatchObject({
        'no-critical-alert': 'inconclusive',
      });
  });
});
