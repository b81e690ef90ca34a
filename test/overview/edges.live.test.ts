import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { prometheusConfig, type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { deployment, failedStage, health, rollback, stage } from '../../src/simulator/builders.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { Deployment, History } from '../../src/simulator/types.ts';
import { untrueNumbers } from '../live/panels.ts';
import { recordQuietly } from '../live/record.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';
import { firstRunning, noDeploymentEver, onlyFailures } from '../simulator/handmade.ts';
import { overviewStates, overviewTruth } from './truth-table.ts';

const overview = dashboards().find((d) => d.definition.uid === uids.overview)!;
const now = (): number => Math.floor(Date.now() / 1000);

/** The same deployments in staging, under ids of their own. */
const inStaging = ({ deployments }: History): Deployment[] =>
  deployments.map((d) => ({ ...d, environment: 'staging', id: `9${d.id}`, runId: `9${d.runId}` }));

/** One system to which more and more happens: each test adds to it and then compares everything with the truth. */
describe('the overview at its edges', () => {
  let gateway: RunningServer;
  let live: LiveSystem;
  let all: Deployment[] = [];

  beforeAll(async () => {
    gateway = await startPushgateway({});
    live = await startLiveSystem({ gateway });
  });
  afterAll(async () => {
    await live.stop();
    await gateway.stop();
  });

  const add = async (deployments: readonly Deployment[]): Promise<void> => {
    all = [...all, ...deployments].sort((a, b) => a.started - b.started);
    const { failed } = await replayLive(
      { seed: 0, end: now(), deployments },
      {
        pushgatewayUrl: gateway.url,
        record: recordQuietly,
      },
    );
    expect(failed).toEqual([]);
  };
  const untrue = async (): Promise<string[]> => {
    const to = await live.settle();
    const truth = truthAt({ seed: 0, end: to, deployments: all }, to);
    const found = await Promise.all(
      overviewStates(to).map((state) =>
        untrueNumbers(live.prometheus, overview.json, overviewTruth, truth, state),
      ),
    );
    return [...new Set(found.flat())];
  };

  it('shows nothing, and no error, before anything was ever deployed', async () => {
    await add(noDeploymentEver(now()).deployments);
    expect(await untrue()).toEqual([]);
    expect(await live.prometheus.query('environment:deployments_active:count')).toEqual([]);
  });

  it('shows the first deployment while it runs', async () => {
    await add(firstRunning(now()).deployments);
    expect(await untrue()).toEqual([]);
    const [active] = await live.prometheus.query('environment:deployments_active:count');
    expect(active?.value).toBe(1);
  });

  it('shows an environment in which everything failed', async () => {
    await add(inStaging(onlyFailures(now())));
    expect(await untrue()).toEqual([]);
    const [rate] = await live.prometheus.query(
      'environment:deployment_success:ratio{environment="staging",window="1h"}',
    );
    expect(rate?.value).toBe(0);
  });

  it('is right with runners whose clocks are half a minute off', async () => {
    const started = now() - 900;
    await add([
      deployment({ id: '21', started, finished: started + 200, clockOffset: 30 }),
      deployment({ id: '22', started: started + 300, finished: started + 480, clockOffset: -30 }),
      deployment({ id: '23', started: now() - 100, finished: now() - 40, clockOffset: 30 }),
    ]);
    expect(await untrue()).toEqual([]);
  });

  it('loses nothing and counts nothing twice when scrapes fail', async () => {
    const config = (pushgatewayUrl: string): string =>
      prometheusConfig({ pushgatewayUrl, scrapeInterval: '1s', evaluationInterval: '2s' });
    await live.server.reload({ config: config('http://127.0.0.1:1') });
    const started = now() - 600;
    const rollbacks = [rollback(started + 330, started + 350, { reason: 'health_check_failed' })];
    await add([
      deployment({
        id: '31',
        started,
        finished: started + 300,
        health: health(started + 200, '..x..'),
        rollbacks,
      }),
    ]);
    await live.server.reload({ config: config(gateway.url) });
    expect(await untrue()).toEqual([]);
  });

  it('loses nothing and counts nothing twice when Prometheus is restarted, and was away for a deployment', async () => {
    const started = now() - 400;
    await live.server.kill();
    const failing = [
      stage('api', 'build', started + 5, started + 60),
      failedStage('web', 'build', started + 61, started + 90),
    ];
    await add([
      deployment({ id: '41', started, finished: started + 250 }),
      deployment({
        id: '42',
        started: started + 20,
        finished: started + 95,
        reported: 'failure',
        stages: failing,
      }),
    ]);
    await live.server.restart();
    expect(await untrue()).toEqual([]);
  });

  it('counts a run and its second attempt as two, and two that overlap as two', async () => {
    const started = now() - 300;
    await add([
      deployment({
        id: '51',
        started,
        finished: started + 100,
        reported: 'failure',
        stages: [failedStage('api', 'build', started + 5, started + 95)],
      }),
      deployment({ id: '51-2', started: started + 110, finished: started + 280 }),
      deployment({ id: '52', started: started + 120, finished: started + 260 }),
    ]);
    expect(await untrue()).toEqual([]);
  });
});
