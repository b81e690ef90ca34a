import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { simulate } from '../../src/simulator/history.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { History } from '../../src/simulator/types.ts';
import { uncovered, untrueNumbers } from '../live/panels.ts';
import { recordQuietly, recordWithBundle } from '../live/record.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';
import { oneOfEach } from '../simulator/handmade.ts';
import { overviewStates, overviewTruth } from './truth-table.ts';

const overview = dashboards().find((d) => d.definition.uid === uids.overview)!;

/** The gateway stamps a push with its own time, so nothing of a live test is old enough to be abandoned. */
const withoutAbandoned = (history: History): History => ({
  ...history,
  deployments: history.deployments.filter((d) => d.finished !== undefined || history.end - d.started < 3_600),
});

it('has a truth for every query of every panel', () => {
  expect(uncovered(overview.json, overviewTruth)).toEqual([]);
});

describe('the overview', () => {
  const end = Math.floor(Date.now() / 1000);
  const bundled = withoutAbandoned(oneOfEach(end));
  const simulated = withoutAbandoned(simulate({ seed: 7, end, days: 32, perDay: 1.2 }));
  const deployments = [...simulated.deployments, ...bundled.deployments].sort(
    (a, b) => a.started - b.started,
  );
  const history: History = { ...simulated, deployments };
  let gateway: RunningServer;
  let systems: LiveSystem[] = [];

  beforeAll(async () => {
    gateway = await startPushgateway({});
    systems = await Promise.all(
      (['current', '2.42'] as const).map((generation) => startLiveSystem({ generation, gateway })),
    );
    const pushgatewayUrl = gateway.url;
    const inProcess = await replayLive(bundled, { pushgatewayUrl, record: recordWithBundle, concurrency: 3 });
    const inside = await replayLive(simulated, { pushgatewayUrl, record: recordQuietly });
    expect([...inProcess.failed, ...inside.failed]).toEqual([]);
  }, 300_000);
  afterAll(async () => {
    await Promise.all(systems.map((system) => system.stop()));
    await gateway.stop();
  });

  it.each([
    ['3.x', 0],
    ['2.42', 1],
  ])('shows nothing but the truth on Prometheus %s', async (_, index) => {
    const live = systems[index]!;
    const to = await live.settle();
    const truth = truthAt(history, to);
    const untrue = await Promise.all(
      overviewStates(to).map((state) =>
        untrueNumbers(live.prometheus, overview.json, overviewTruth, truth, state),
      ),
    );
    expect([...new Set(untrue.flat())]).toEqual([]);
  });
});
