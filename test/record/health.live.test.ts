import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Check, errorRate, verdictOf } from '../../src/record/health-check.ts';
import { freePort, type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { jobEnv, record, runRecorder, seriesOf, startRecorder } from './helpers.ts';

const checks = (text: string): Check[] =>
  [...text].map((c, i) => ({
    attempt: i + 1,
    atMs: 1_700_000_000_000 + i * 5_000,
    status: c === '+' ? 'healthy' : c === '~' ? 'degraded' : 'unhealthy',
    latencySeconds: 0.1,
    said: '',
  }));

describe('the verdict', () => {
  const plan = { attempts: 30, threshold: 0.95 };
  test.each([
    ['', undefined],
    ['+'.repeat(28), undefined],
    ['+'.repeat(29), 'healthy'],
    [`-${'+'.repeat(28)}`, undefined],
    [`-${'+'.repeat(29)}`, 'healthy'],
    [`~${'+'.repeat(28)}`, 'healthy'],
    ['-', undefined],
    ['--', 'unhealthy'],
    [`${'+'.repeat(28)}--`, 'unhealthy'],
  ] as const)('after %s', (text, verdict) => expect(verdictOf(checks(text), plan)).toBe(verdict));
  test('at the edges of its options', () => {
    expect(verdictOf([], { attempts: 1, threshold: 1 })).toBeUndefined();
    expect(verdictOf(checks('+'), { attempts: 1, threshold: 1 })).toBe('healthy');
    expect(verdictOf(checks('-'), { attempts: 20, threshold: 1 })).toBe('unhealthy');
    // 0.95 × 20 is 19 and not a little more.
    expect(verdictOf(checks(`-${'+'.repeat(19)}`), { attempts: 20, threshold: 0.95 })).toBe('healthy');
  });
  test('is never given while it can still change, and always after the last attempt', () => {
    for (let attempts = 1; attempts <= 7; attempts++)
      for (const threshold of [0.5, 0.8, 0.95, 1])
        for (let bits = 0; bits < 2 ** attempts; bits++) {
          const all = checks([...Array(attempts)].map((_, i) => ((bits >> i) & 1 ? '+' : '-')).join(''));
          const final =
            all.filter((c) => c.status === 'healthy').length / attempts >= threshold
              ? 'healthy'
              : 'unhealthy';
          expect(verdictOf(all, { attempts, threshold })).toBe(final);
          for (let n = 0; n < attempts; n++) {
            const early = verdictOf(all.slice(0, n), { attempts, threshold });
            if (early) expect(early).toBe(final);
          }
        }
  });
});

test('the error rate counts the first five minutes', () => {
  const late = checks('+-+').map((check, i) => ({ ...check, atMs: i * 200_000 }));
  expect(errorRate(late)).toBe(0.5);
  expect(errorRate(checks('--++'))).toBe(0.5);
  expect(errorRate([])).toBe(0);
});

describe('asking a service', () => {
  let gateway: RunningServer;
  const services: Server[] = [];
  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway.stop());
  afterEach(() => {
    for (const service of services.splice(0)) {
      service.closeAllConnections();
      service.close();
    }
  });
  /** A service that answers with these statuses in turn, and then with the last one for ever; 0 is no answer. */
  async function service(...statuses: number[]): Promise<{ url: string; asked: () => number }> {
    let asked = 0;
    const server = createServer((_request, response) => {
      const status = statuses[Math.min(asked++, statuses.length - 1)]!;
      if (status === 0) return;
      if (status === 200.5) return void setTimeout(() => response.writeHead(200).end('slow'), 200);
      response.writeHead(status, { location: '/' }).end('body');
    });
    services.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`, asked: () => asked };
  }
  let counter = 0;
  const nextJob = (extra: Record<string, string> = {}): NodeJS.ProcessEnv =>
    jobEnv({ PUSHGATEWAY_URL: gateway.url, DEPLOYMENT_ID: `health-${++counter}`, ...extra });
  const health = (url: string, ...more: string[]): string[] => [
    'health',
    '--service',
    'api',
    '--url',
    url,
    '--interval',
    '20ms',
    ...more,
  ];
  const ofJob = async (job: NodeJS.ProcessEnv, name: string) =>
    (await seriesOf(gateway.url)).filter(
      (s) => s.labels.deployment_id === job.DEPLOYMENT_ID && s.name === name,
    );

  test('a healthy one: asked until the verdict is certain, every attempt recorded', async () => {
    const api = await service(200);
    const job = nextJob();
    const done = await record(health(api.url), job);
    expect(done).toMatchObject({ code: 0, stdout: 'healthy: 29 of 29 health checks passed\n', warnings: [] });
    expect(api.asked()).toBe(29);
    const times = await ofJob(job, 'deployment_health_check_timestamp_seconds');
    expect(times.map((s) => Number(s.labels.attempt)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 29 }, (_, i) => i + 1),
    );
    expect((await ofJob(job, 'deployment_health_check_success')).every((s) => s.value === 1)).toBe(true);
    expect((await ofJob(job, 'post_deployment_error_rate')).map((s) => s.value)).toEqual([0]);
    expect((await ofJob(job, 'api_health_check_latency_ms')).map((s) => s.labels.status)).toEqual([
      'healthy',
    ]);
  });

  test('an unhealthy one ends with 1, or 0 when it is only a report', async () => {
    const api = await service(503, 200, 503);
    const job = nextJob();
    const done = await record(health(api.url), job);
    expect(done).toMatchObject({ code: 1, stdout: 'unhealthy: 1 of 3 health checks passed\n' });
    expect((await ofJob(job, 'post_deployment_error_rate'))[0]?.value).toBeCloseTo(2 / 3);
    expect((await record(health(api.url, '--report-only'), nextJob())).code).toBe(0);
  });

  test('no answer in time, a redirect, a slow answer, no server', async () => {
    const api = await service(0, 302, 200.5, 200);
    const job = nextJob();
    const options = [
      '--timeout',
      '400ms',
      '--degraded-above',
      '100ms',
      '--attempts',
      '4',
      '--threshold',
      '0.5',
    ];
    const done = await record(health(api.url, ...options), job);
    expect(done.code).toBe(0);
    const passed = (await ofJob(job, 'deployment_health_check_success')).sort(
      (a, b) => Number(a.labels.attempt) - Number(b.labels.attempt),
    );
    expect(passed.map((s) => s.value)).toEqual([0, 0, 1, 1]);
    expect((await ofJob(job, 'api_health_check_latency_ms')).map((s) => s.labels.status).sort()).toEqual([
      'degraded',
      'healthy',
      'unhealthy',
    ]);
    const refused = await record(health(`http://127.0.0.1:${await freePort()}/`), nextJob());
    expect(refused).toMatchObject({ code: 1, stdout: 'unhealthy: 0 of 2 health checks passed\n' });
    expect(refused.stderr).toContain('ECONNREFUSED');
  });

  test('is seen while it goes on, and all of it is recorded when the gateway comes late', async () => {
    const api = await service(200);
    const job = nextJob();
    const { done } = await startRecorder(health(api.url, '--attempts', '8', '--interval', '400ms'), job);
    await expect
      .poll(async () => (await ofJob(job, 'deployment_health_check_success')).length, {
        timeout: 10_000,
        interval: 50,
      })
      .toBeGreaterThan(0);
    expect((await ofJob(job, 'deployment_health_check_success')).length).toBeLessThan(8);
    expect((await done).code).toBe(0);
    expect(await ofJob(job, 'deployment_health_check_success')).toHaveLength(8);
  });

  test('the verdict does not depend on the gateway', async () => {
    const api = await service(200);
    const job = nextJob({ PUSHGATEWAY_URL: `http://127.0.0.1:${await freePort()}` });
    const done = await record(health(api.url, '--attempts', '3'), job);
    expect(done).toMatchObject({ code: 0, stdout: 'healthy: 3 of 3 health checks passed\n' });
    expect(done.warnings).toEqual([expect.stringMatching(/^Not recorded yet: 3 health checks of api/)]);
  });

  test('a wrong label does not make an unhealthy service healthy', async () => {
    const api = await service(500);
    const argv = health(api.url).map((word) => (word === 'api' ? 'apo' : word));
    const done = await record(argv, nextJob());
    expect(done).toMatchObject({ code: 1, stdout: 'unhealthy: 0 of 2 health checks passed\n' });
    expect(done.warnings).toEqual([expect.stringContaining('"apo"')]);
    expect(api.asked()).toBe(2);
  });

  test.each(['', 'api.example/health', 'file:///etc/passwd'])(
    'without a usable URL ("%s") nothing is healthy',
    async (url) => {
      const done = await record(['health', '--service', 'api', `--url=${url}`], nextJob());
      expect(done.code).toBe(1);
      expect(done.warnings).toEqual([expect.stringMatching(/--url is (missing|not an http or https URL)/)]);
    },
  );

  test('a rate that was measured better is not overwritten', async () => {
    const api = await service(200);
    const job = nextJob();
    await record(['error-rate', '--service', 'api', '--value', '0.25'], job);
    await record(health(api.url, '--attempts', '2', '--no-error-rate'), job);
    expect((await ofJob(job, 'post_deployment_error_rate')).map((s) => s.value)).toEqual([0.25]);
  });

  test('as a process of its own', async () => {
    const api = await service(200, 500, 500);
    expect((await runRecorder(health(api.url, '--attempts', '5'), nextJob())).code).toBe(1);
  });
});
