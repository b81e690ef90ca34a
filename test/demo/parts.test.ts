import { afterEach, describe, expect, test } from 'vitest';
import { Application, startApplication } from '../../src/demo/application.ts';
import { notificationLines, type Receiver, receiveNotifications } from '../../src/demo/notifications.ts';
import {
  callLine,
  goingOn,
  isBadVersionLive,
  newDeployments,
  pastDeployments,
} from '../../src/demo/traffic.ts';
import { applicationMetrics } from '../../src/metrics/application.ts';
import { deployment, failedStage, history, rollback, unfinished } from '../../src/simulator/builders.ts';
import { recorderCalls } from '../../src/simulator/calls.ts';

const now = 1_760_000_000;
let open: Receiver | undefined;
afterEach(() => open?.close());

describe('the application', () => {
  const errors = (text: string): number =>
    [...text.matchAll(/^http_requests_total\{.*status_code="500".*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );

  test('exports only what the catalogue has, and counts up', () => {
    const application = new Application(1);
    application.work(60, false);
    const names = new Set(
      application
        .text()
        .split('\n')
        .filter((line) => line && !line.startsWith('#'))
        .map((line) => line.replace(/[{ ].*/, '').replace(/_(bucket|sum|count)$/, '')),
    );
    expect(names.size).toBe(6);
    for (const name of names) expect(Object.keys(applicationMetrics)).toContain(name);
  });

  test('answers worse while a bad version is live', () => {
    const [good, bad] = [new Application(1), new Application(1)];
    good.work(200, false);
    bad.work(200, true);
    expect(errors(bad.text())).toBeGreaterThan(10 * errors(good.text()));
  });

  test('has histograms that add up', () => {
    const application = new Application(1);
    application.work(30, true);
    const [, labels = ''] = /^http_request_duration_seconds_count\{(.*)\}/m.exec(application.text()) ?? [];
    const of = (suffix: string, le = ''): number => {
      const line = application
        .text()
        .split('\n')
        .find((l) => l.startsWith(`http_request_duration_seconds_${suffix}{${labels}${le}}`));
      return Number(line?.split(' ').at(-1));
    };
    expect(of('count')).toBeGreaterThan(0);
    expect(of('bucket', ',le="+Inf"')).toBe(of('count'));
    expect(of('bucket', ',le="0.5"')).toBeLessThanOrEqual(of('bucket', ',le="1"'));
  });

  test('is served', async () => {
    open = await startApplication(1, () => false);
    const response = await fetch(open.url);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toContain('http_requests_total{');
  });
});

describe('notifications', () => {
  const body = {
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'DeploymentFailed', environment: 'staging' },
        annotations: { summary: 'It failed.' },
      },
      { status: 'resolved', labels: { alertname: 'Slow' }, annotations: {} },
    ],
  };
  test('become a line for each alert', () => {
    expect(notificationLines(body)).toEqual([
      'Alert firing: DeploymentFailed (staging): It failed.',
      'Alert resolved: Slow: no summary',
    ]);
  });

  test('are received; what is none is ignored', async () => {
    const lines: string[] = [];
    open = await receiveNotifications((line) => lines.push(line));
    await fetch(open.url, { method: 'POST', body: 'not JSON' });
    await fetch(open.url, { method: 'POST', body: JSON.stringify(body) });
    expect(lines).toHaveLength(2);
  });
});

describe('traffic', () => {
  const options = { seed: 1, days: 30, perDay: 10, every: 30, speed: 10, json: false };

  test('has a past that is mostly good', () => {
    const { deployments } = pastDeployments({ ...options, perDay: 50 }, now);
    const bad = deployments.filter(
      ({ reported, rollbacks }) => reported !== 'success' || rollbacks.length > 0,
    );
    expect(bad.length / deployments.length).toBeGreaterThan(0.02);
    expect(bad.length / deployments.length).toBeLessThan(0.1);
  });

  test('is as frequent and as fast as asked for', () => {
    const { deployments } = newDeployments(options, now);
    expect(deployments.length / 2880).toBeGreaterThan(0.85);
    expect(deployments.length / 2880).toBeLessThan(1.15);
    const successes = deployments
      .filter(({ scenario }) => scenario === 'success')
      .map((d) => d.finished! - d.triggered);
    expect(Math.max(...successes)).toBeLessThan(120);
    expect(deployments.every(({ triggered }) => triggered >= now)).toBe(true);
  });

  test('goes on with what still runs or ended within two hours', () => {
    const past = history(now, [
      deployment({ id: 'old', started: now - 9000 }),
      deployment({ id: 'recent', started: now - 5000 }),
      unfinished({ id: 'silent', started: now - 20_000 }),
      deployment({ id: 'running', started: now - 100 }),
    ]);
    expect(goingOn(past, now).deployments.map(({ id }) => id)).toEqual(['recent', 'running']);
  });

  test('is bad from the first failing health check to the end of the rollback', () => {
    const bad = history(now, [
      deployment({
        started: now,
        stages: [failedStage('api', 'health_check', now + 100, now + 150)],
        rollbacks: [rollback(now + 160, now + 200, { reason: 'health_check_failed' })],
      }),
    ]);
    expect([99, 100, 200, 201].map((s) => isBadVersionLive(bad, now + s))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isBadVersionLive(history(now, [deployment({ started: now })]), now + 100)).toBe(false);
  });

  test('is told in a few words', () => {
    const d = deployment({
      id: '7',
      started: now,
      reported: 'failure',
      stages: [failedStage('api', 'build', now + 1, now + 2)],
      rollbacks: [rollback(now + 3, now + 9)],
    });
    expect(recorderCalls(d).flatMap((call) => callLine(call, d) ?? [])).toEqual([
      'production 7: ada deploys main, version 2.0.0',
      'production 7: build of api failed',
      'production 7: api is rolled back (manual)',
      'production 7: the rollback ended with success',
      'production 7: finished, failure, 300 s after the push',
    ]);
  });
});
