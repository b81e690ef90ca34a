import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../scripts/servers/find.ts';
import {
  deployment,
  failedStage,
  health,
  history,
  migration,
  smokeTest,
  stage,
} from '../../scripts/simulator/builders.ts';
import { replayLive } from '../../scripts/simulator/replay.ts';
import type { Deployment } from '../../scripts/simulator/types.ts';
import { recordQuietly } from '../live/record.ts';
import { type NotifyingSystem, startNotifyingSystem } from './system.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const now = (): number => Math.floor(Date.now() / 1000);

async function until(condition: () => boolean | Promise<boolean>, what: string, limit = 90): Promise<void> {
  const end = now() + limit;
  while (!(await condition())) {
    if (now() > end) throw new Error(`waited ${limit} s in vain for ${what}`);
    await pause(200);
  }
}

/** A deployment in which nearly everything goes wrong. */
const disaster = (end: number): Deployment =>
  deployment({
    id: '5001',
    started: end - 400,
    finished: end - 20,
    reported: 'failure',
    migrations: [migration(end - 390, end - 230)],
    stages: [
      stage('api', 'deploy_railway', end - 225, end - 120),
      failedStage('api', 'health_check', end - 110, end - 60, {
        errorType: 'health_check_failed',
        message: 'status 503',
      }),
    ],
    health: health(end - 100, 'xxx'),
    smokeTests: [smokeTest('web_app', end - 50, false)],
    errorRates: [{ service: 'api', time: end - 40, value: 0.5 }],
  });

const record = async (system: NotifyingSystem, ...deployments: Deployment[]): Promise<void> => {
  const { failed } = await replayLive(history(now(), deployments), {
    pushgatewayUrl: system.gateway.url,
    record: recordQuietly,
  });
  expect(failed).toEqual([]);
};

describe.each<[Generation]>([['current'], ['2.42']])('a deployment that fails, on %s', (generation) => {
  let system: NotifyingSystem;
  beforeAll(async () => {
    system = await startNotifyingSystem(generation);
  });
  afterAll(() => system.stop());

  const firing = async (): Promise<string[]> => {
    const samples = await system.prometheus.query('ALERTS{alertstate="firing",deployment_id="5001"}');
    return [...new Set(samples.map(({ labels }) => labels.alertname ?? ''))].sort();
  };
  const aboutIt = () =>
    system.inbox.arrivals.filter(({ body }) => JSON.stringify(body).includes('"deployment_id":"5001"'));

  it('raises many alerts and makes one notification, with everything in it', async () => {
    await record(system, disaster(now()));
    await until(async () => (await firing()).length >= 5, 'the alerts');
    await until(() => system.arrived('pager').length > 0, 'the page');
    // Long enough for every other group to have been flushed twice.
    await pause(12_000);
    expect(await firing()).toEqual([
      'DatabaseMigrationSlow',
      'DeploymentFailed',
      'HealthCheckFailuresPostDeploy',
      'HighErrorRatePostDeploy',
      'PostDeploymentHealthChecksFailing',
      'SmokeTestsFailingPostDeploy',
    ]);
    expect(aboutIt()).toHaveLength(1);
    const [page] = system.arrived('pager');
    expect(page).toMatchObject({
      status: 'firing',
      groupLabels: { environment: 'production', deployment_id: '5001' },
    });
    expect(page!.alerts).toHaveLength(1);
    const { labels, annotations } = page!.alerts[0]!;
    expect(labels).toMatchObject({ alertname: 'DeploymentFailed', severity: 'critical' });
    expect(annotations.summary).toBe('Deployment 5001 to production failed');
    expect(annotations.description).toContain('api health_check: health_check_failed, status 503');
    expect(annotations.description).toContain('Version 2.0.0 from main by ada');
    expect(annotations.run_url).toBe('https://github.com/relay/relay-ai/actions/runs/5001/attempts/1');
    expect(annotations.dashboard_url).toMatch(
      /\/d\/deployment-troubleshooting\/\?var-environment=production&var-deployment=5001&from=\d{13}&to=now$/,
    );
    expect(annotations.runbook_url).toMatch(/DeploymentFailed\.md$/);
    expect(annotations.description).toContain('smoke test web_app: expected status 200, got 500');
    expect(annotations.action).toContain('--environment production --deployment-id 5001`');
  });

  it('says that it is over when a later deployment succeeds, once', async () => {
    await record(system, deployment({ id: '5002', started: now() - 60, finished: now() - 2 }));
    await until(() => system.arrived('pager').length > 1, 'the resolution');
    await pause(8_000);
    expect(system.arrived('pager').map(({ status }) => status)).toEqual(['firing', 'resolved']);
    // What the page had silenced is over as well.
    const over = system.arrived('pager')[1]!.alerts;
    expect(over.map(({ labels }) => labels.alertname)).toContain('DeploymentFailed');
    expect(new Set(over.map(({ status }) => status))).toEqual(new Set(['resolved']));
  });

  it('tells the ops channel, and nobody else, that the budget is spent', () => {
    const others = system.inbox.arrivals.filter(({ path }) => path !== '/pager');
    const told = others.flatMap(({ path, body }) =>
      (body as { alerts: { labels: { alertname: string } }[] }).alerts.map(
        ({ labels }) => `${path} ${labels.alertname}`,
      ),
    );
    expect(told).toContain('/ops-channel ErrorBudgetExhausted');
    expect(told.filter((one) => one.endsWith('ErrorBudgetHalfSpent'))).toEqual([]);
  });
});
