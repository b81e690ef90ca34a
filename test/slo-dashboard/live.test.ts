import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import type { Generation } from '../../src/servers/find.ts';
import { deployment, failedStage } from '../../src/simulator/builders.ts';
import { simulate } from '../../src/simulator/history.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { History } from '../../src/simulator/types.ts';
import { uncovered, untrueNumbers } from '../live/panels.ts';
import { recordQuietly } from '../live/record.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { byNight } from '../nightly.ts';
import { truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';
import { sloTruth } from './truth-table.ts';

const slo = dashboards().find((d) => d.definition.uid === uids.slo)!;

it('has a truth for every query of every panel', () => {
  expect(uncovered(slo.json, sloTruth)).toEqual([]);
});

describe.each(byNight<Generation>('2.42', 'current'))('the SLO dashboard on Prometheus %s', (generation) => {
  const end = Math.floor(Date.now() / 1000);
  const month = new Date(end * 1000);
  const first = Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1) / 1000;
  const simulated = simulate({ seed: 23, end, days: 32, perDay: 1.5 });
  // One that fails in the last month's last minute, and one that crosses midnight into this month.
  const turn = [
    deployment({
      id: '7001',
      started: first - 300,
      finished: first - 20,
      reported: 'failure',
      stages: [failedStage('api', 'build', first - 290, first - 30)],
    }),
    deployment({
      id: '7002',
      started: first - 200,
      finished: first + 15,
      reported: 'failure',
      stages: [failedStage('web', 'build', first - 190, first + 5)],
    }),
  ];
  const deployments = [...simulated.deployments, ...turn]
    // The gateway stamps a push with its own time, so nothing of a live test is old enough to be abandoned.
    .filter((d) => d.finished !== undefined || end - d.started < 3_600)
    .sort((a, b) => a.started - b.started);
  const history: History = { ...simulated, deployments };
  let live: LiveSystem;

  beforeAll(async () => {
    live = await startLiveSystem({ generation });
    const { failed } = await replayLive(history, { pushgatewayUrl: live.gateway.url, record: recordQuietly });
    expect(failed).toEqual([]);
  });
  afterAll(() => live?.stop());

  it('shows nothing but the truth, across the turn of the month', async () => {
    const to = await live.settle();
    const state = { variables: { environment: '.*', slo: '.*' }, from: first, to };
    expect(await untrueNumbers(live.prometheus, slo.json, sloTruth, truthAt(history, to), state)).toEqual([]);
  });
});
