import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiverNames, severities } from '../../src/alerts/severity.ts';
import { ledgerInterval } from '../../src/pipeline/ledger.ts';
import type { Generation } from '../../src/servers/find.ts';
import {
  deployment,
  failedStage,
  health,
  history,
  migration,
  smokeTest,
  stage,
} from '../../src/simulator/builders.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { recordQuietly } from '../live/record.ts';
import { alerts } from '../relay.ts';
import { scaledMs } from './pace.ts';
import { type NotifyingSystem, startNotifyingSystem, type Webhook } from './system.ts';

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

/** Result, by the time at which nothing more was to come. */
interface Told {
  /** When everything about the failure had been pushed, milliseconds. */
  readonly failedAt: number;
  readonly firing: readonly string[];
  /** Notifications about the deployment while it was failed, for any receiver. */
  readonly aboutIt: readonly Webhook[];
  readonly pages: readonly Webhook[];
  readonly opsChannel: readonly Webhook[];
  /** `/receiver AlertName` of everything that arrived anywhere else than at the pager. */
  readonly others: readonly string[];
}

const firing = async (system: NotifyingSystem): Promise<string[]> => {
  const samples = await system.prometheus.query('ALERTS{alertstate="firing",deployment_id="5001"}');
  return [...new Set(samples.map(({ labels }) => labels.alertname ?? ''))].sort();
};

/** A deployment fails, and when everything about that has been said, the next one succeeds. */
async function tell(system: NotifyingSystem): Promise<Told> {
  await record(system, disaster(now()));
  const failedAt = Date.now();
  await until(() => system.arrived('pager').length > 0, 'the page');
  await until(() => system.arrived('ops-channel').length > 0, 'what the ops channel is told');
  // Urgent and high alerts of the deployment have begun by now, and would arrive within this time.
  await pause(scaledMs(severities.high.wait));
  const aboutIt = receiverNames
    .flatMap((receiver) => system.arrived(receiver))
    .filter((webhook) => JSON.stringify(webhook).includes('"deployment_id":"5001"'));
  const wrong = await firing(system);

  await record(system, deployment({ id: '5002', started: now() - 60, finished: now() - 2 }));
  await until(() => system.arrived('pager').length > 1, 'the resolution');
  await pause(scaledMs(severities.critical.interval));
  return {
    failedAt,
    firing: wrong,
    aboutIt,
    pages: system.arrived('pager'),
    opsChannel: system.arrived('ops-channel'),
    others: system.inbox.arrivals
      .filter(({ path }) => path !== '/pager')
      .flatMap(({ path, body }) =>
        (body as Webhook).alerts.map(({ labels }) => `${path} ${labels.alertname}`),
      ),
  };
}

const generations: readonly Generation[] = ['current', '2.42'];
const systems: NotifyingSystem[] = [];
const stories = new Map<Generation, Told>();
// Both at the same time: most of it is waiting.
beforeAll(async () => {
  await Promise.all(
    generations.map(async (generation) => {
      const system = await startNotifyingSystem(generation);
      systems.push(system);
      stories.set(generation, await tell(system));
    }),
  );
});
afterAll(() => Promise.all(systems.map((system) => system.stop())));

describe.each(generations)('a deployment that fails, on %s', (generation) => {
  const told = (): Told => stories.get(generation)!;

  it('raises many alerts and makes one notification, with everything in it', () => {
    expect(told().firing).toEqual([
      'DatabaseMigrationSlow',
      'DeploymentFailed',
      'HealthCheckFailuresPostDeploy',
      'HighErrorRatePostDeploy',
      'PostDeploymentHealthChecksFailing',
      'SmokeTestsFailingPostDeploy',
    ]);
    expect(told().aboutIt).toHaveLength(1);
    const [page] = told().pages;
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
    expect(annotations.run_url).toBe('https://github.com/example/app/actions/runs/5001/attempts/1');
    expect(annotations.dashboard_url).toMatch(
      /\/d\/deployment-troubleshooting\/\?var-environment=production&var-deployment=5001&from=\d{13}&to=now$/,
    );
    expect(annotations.runbook_url).toMatch(/DeploymentFailed\.md$/);
    expect(annotations.description).toContain('smoke test web_app: expected status 200, got 500');
    expect(annotations.action).toContain('--environment production --deployment-id 5001`');
  });

  it('pages when the hold and the wait of the page are over, and not before', () => {
    const failed = alerts.find(({ name }) => name === 'DeploymentFailed')!;
    const earliest = scaledMs(failed.for!) + scaledMs(severities.critical.wait);
    const took = told().pages[0]!.arrivedAt - told().failedAt;
    // The first push was seen up to two evaluations before the last.
    expect(took).toBeGreaterThan(earliest - 2 * scaledMs(`${ledgerInterval}s`));
    expect(took).toBeLessThan(earliest + scaledMs('5m'));
  });

  it('says that it is over when a later deployment succeeds, once', () => {
    expect(told().pages.map(({ status }) => status)).toEqual(['firing', 'resolved']);
    // Alerts that the page had inhibited are over as well.
    const over = told().pages[1]!.alerts;
    expect(over.map(({ labels }) => labels.alertname)).toContain('DeploymentFailed');
    expect(new Set(over.map(({ status }) => status))).toEqual(new Set(['resolved']));
  });

  it('tells the ops channel later, and no other receiver, that the budget is spent', () => {
    expect(told().opsChannel[0]!.arrivedAt).toBeGreaterThan(told().pages[0]!.arrivedAt);
    expect(told().others).toContain('/ops-channel ErrorBudgetExhausted');
    expect(told().others.filter((one) => one.endsWith('ErrorBudgetHalfSpent'))).toEqual([]);
  });
});
