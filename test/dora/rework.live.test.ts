import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { deployment, rollback, stage } from '../../src/simulator/builders.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { type TruthTable, untrueNumbers } from '../live/panels.ts';
import { recordWithBundle } from '../live/record.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import type { DoraMetrics } from '../oracle/dora.ts';
import { type Truth, truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';
import { doraTruth } from './truth-table.ts';

const dora = dashboards().find((d) => d.definition.uid === uids.dora)!;
const end = Math.floor(Date.now() / 1_000);

/** A success of four minutes that users got, so many minutes ago. */
const live = (id: string, minutes: number, more: Partial<Deployment> = {}): Deployment => {
  const started = end - 60 * minutes;
  return deployment({
    id,
    started,
    finished: started + 240,
    committed: started - 600,
    stages: [stage('api', 'deploy_railway', started + 60, started + 120)],
    ...more,
  });
};

const deployments = [
  live('1', 100, { queues: [{ runner: 'ubuntu-latest', time: end - 98 * 60, seconds: 42.5 }] }),
  // Fixed by the hotfix, which does not say what it fixes.
  live('2', 90),
  live('3', 80, { hotfix: true }),
  live('4', 70, { reported: 'failure', stages: [stage('api', 'build', end - 70 * 60, end - 69 * 60)] }),
  // Fixed by name, when another one lies between.
  live('5', 60),
  live('6', 50),
  live('7', 40, { reworkOf: '5' }),
  live('8', 30, {
    reported: 'failure',
    rollbacks: [rollback(end - 26 * 60, end - 25 * 60, { reason: 'health_check_failed' })],
  }),
  // Another hotfix, due together with the first: it fixes the one before it.
  live('9', 20),
  live('10', 12, { hotfix: true }),
  live('11', 20, { environment: 'staging' }),
];

const of = (pick: (metrics: DoraMetrics) => number | undefined) => ({
  values: (truth: Truth) =>
    truth.environments.flatMap((environment) => {
      const value = pick(truth.doraMetrics(environment, '30d'));
      return value === undefined ? [] : [{ labels: { environment }, value }];
    }),
});
const table: TruthTable = {
  'Change lead time/A': of((m) => m.leadTime),
  'Deployment frequency/A': of((m) => m.deploymentsPerDay),
  'Failed deployment recovery time/A': of((m) => m.recoveryTime),
  'Change fail rate/A': of((m) => m.changeFailRate),
  'Rework rate/A': of((m) => m.reworkRate),
  'Waiting for runners/Median': doraTruth['Waiting for runners/Median']!,
  'Waiting for runners/P95': doraTruth['Waiting for runners/P95']!,
  'Failed changes and rework/Counted': {
    within: Number.POSITIVE_INFINITY,
    values: (truth) =>
      truth.environments.flatMap((environment) =>
        truth.doraMetrics(environment, '30d').counted.map(({ id, as }) => ({
          labels: { environment, deployment_id: id, counted_as: as },
          value: 0,
        })),
      ),
  },
};

describe('what says that it fixes something', () => {
  let gateway: RunningServer;
  let system: LiveSystem;
  beforeAll(async () => {
    gateway = await startPushgateway();
    const options = { pushgatewayUrl: gateway.url, record: recordWithBundle };
    expect((await replayLive({ seed: 0, end, deployments }, options)).failed).toEqual([]);
    // Started now, it sees all of them at once, as after an outage.
    system = await startLiveSystem({ gateway });
  });
  afterAll(async () => {
    await system?.stop();
    await gateway?.stop();
  });

  it('makes what it fixes a failed change, also when several are seen at once, recorded by the real recorder', async () => {
    // Everything is new to the rules: the chain of those that read each other is longer than that of one more event.
    await system.settle();
    const to = await system.settle();
    const truth = truthAt({ seed: 0, end: to, deployments }, to);
    expect(truth.doraMetrics('production', '30d')).toMatchObject({
      changeFailRate: 4 / 9,
      reworkRate: 3 / 9,
    });
    const state = { variables: { environment: '.*', service: '.*', stage: '.*' }, from: to - 86_400, to };
    expect(await untrueNumbers(system.prometheus, dora.json, table, truth, state)).toEqual([]);
  });
});
