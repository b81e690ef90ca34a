import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { carry } from '../../src/record/pipeline.ts';
import type { Generation } from '../../src/servers/find.ts';
import { simulate } from '../../src/simulator/history.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { History } from '../../src/simulator/types.ts';
import { doraState, doraTruth } from '../dora/truth-table.ts';
import { byNight } from '../nightly.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { overviewStates, overviewTruth } from '../overview/truth-table.ts';
import { jobEnv, record } from '../record/helpers.ts';
import { bundleBy, pipeline } from '../relay.ts';
import { sloTruth } from '../slo-dashboard/truth-table.ts';
import { barsInTruth, barsShown, waterfallOf } from '../troubleshooting/bars.ts';
import { examples } from '../troubleshooting/examples.ts';
import { truthTable } from '../troubleshooting/truth-table.ts';
import { open } from '../troubleshooting/view.ts';
import { untrueNumbers } from './panels.ts';
import { recordQuietly } from './record.ts';
import { startWrittenSystem } from './system.ts';

const { dashboards, ruleFiles } = bundleBy('remote-write');
const jsonOf = (uid: string) => dashboards.find(({ definition }) => definition.uid === uid)!.json;

describe.each(byNight<Generation>('current', '2.42'))('without a gateway, on Prometheus %s', (generation) => {
  const end = Math.floor(Date.now() / 1000);
  // A push is written as of now, so nothing of a live test is old enough to be given up.
  const shown = examples(end).deployments.filter(
    ({ started, finished = end }) => started > end - 100 * 60 && finished <= end,
  );
  const before = simulate({ seed: 7, end: end - 3 * 3_600, days: 32, perDay: 1.2 }).deployments;
  const deployments = [...before.filter(({ finished }) => finished !== undefined), ...shown].sort(
    (a, b) => a.started - b.started,
  );
  const history: History = { seed: 7, end, deployments };
  let live: Awaited<ReturnType<typeof startWrittenSystem>>;
  let to: number;

  beforeAll(async () => {
    live = await startWrittenSystem(generation, ruleFiles);
    carry({ ...pipeline, transport: 'remote-write' });
    const { failed } = await replayLive(history, {
      pushgatewayUrl: 'disabled',
      env: { REMOTE_WRITE_URL: `${live.server.url}/api/v1/write` },
      record: recordQuietly,
    });
    expect(failed).toEqual([]);
    to = Math.floor(await live.settle());
  });
  afterAll(async () => {
    carry(pipeline);
    await live?.stop();
  });

  it('shows nothing but the truth on the overview', async () => {
    const truth = truthAt(history, to);
    const untrue = await Promise.all(
      overviewStates(to).map((state) =>
        untrueNumbers(live.prometheus, jsonOf(uids.overview), overviewTruth, truth, state),
      ),
    );
    expect([...new Set(untrue.flat())]).toEqual([]);
  });

  it('shows nothing but the truth of the objectives', async () => {
    const state = { variables: { environment: '.*', slo: '.*' }, from: to - 30 * 86_400, to };
    const untrue = await untrueNumbers(
      live.prometheus,
      jsonOf(uids.slo),
      sloTruth,
      truthAt(history, to),
      state,
    );
    expect(untrue).toEqual([]);
  });

  it('shows nothing but the truth of DORA’s metrics', async () => {
    const untrue = await untrueNumbers(
      live.prometheus,
      jsonOf(uids.dora),
      doraTruth,
      truthAt(history, to),
      doraState(to),
    );
    expect(untrue).toEqual([]);
  });

  it('tells the truth about every deployment, and draws it to the second', async () => {
    const known = truthAt(history, end);
    const untrue: string[] = [];
    const looked = known.facts.filter(({ id, environment }) =>
      shown.some((one) => one.id === id && one.environment === environment),
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(looked).toHaveLength(shown.length);
    for (const facts of looked) {
      const span = { from: Math.floor(facts.triggered - 60), to };
      const view = await open(live.prometheus, history, facts.deployment, span, end);
      const who = `${facts.environment} ${facts.id} (${facts.deployment.scenario})`;
      for (const query of panelQueries(jsonOf(uids.troubleshooting), view.state)) {
        const name = `${query.panel}/${query.refId}`;
        const entry = truthTable[name];
        if (!entry) continue;
        const actual = await live.prometheus.query(query.expr, query.to);
        untrue.push(...differences(actual, entry.values(view), entry).map((d) => `${who} ${name}: ${d}`));
      }
      for (const query of waterfallOf(view)) {
        const bars = Object.entries(Object.fromEntries(await barsShown(live.prometheus, query))).sort();
        const expected = Object.entries(barsInTruth(view, query)).sort();
        if (JSON.stringify(bars) !== JSON.stringify(expected)) untrue.push(`${who} waterfall ${query.refId}`);
      }
    }
    expect(untrue).toEqual([]);
  }, 300_000);

  it('lets the gate ask Prometheus alone', async () => {
    const env = (id: string) =>
      jobEnv({
        DEPLOYMENT_ID: id,
        DEPLOYMENT_ENVIRONMENT: 'staging',
        PUSHGATEWAY_URL: undefined,
        REMOTE_WRITE_URL: `${live.server.url}/api/v1/write`,
        PROMETHEUS_URL: live.server.url,
      });
    const gate = async (id: string, ...argv: string[]) => {
      const { code, stdout } = await record(['gate', '--json', ...argv], env(id));
      const { checks } = JSON.parse(stdout) as { checks: { name: string; verdict: string }[] };
      return { code, ...Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])) };
    };
    const recorded = async (id: string, ...argv: string[]) =>
      expect(await record([...argv, '--strict'], env(id))).toMatchObject({ code: 0 });
    const at = Date.now() / 1000;
    await recorded('first', 'start', '--at', String(at - 400));
    await recorded('second', 'start');
    // Known in the moment in which they were acknowledged: the later one waits, and only that one.
    expect(await gate('second', '--may', 'deploy')).toMatchObject({ 'no-other-deployment': 'fail' });
    expect(await gate('first', '--may', 'deploy')).toMatchObject({ 'no-other-deployment': 'pass' });
    const checks = Array.from({ length: 30 }, (_, i) => ['--check', `${at - 200 + i * 5},healthy,0.1`]);
    await recorded('first', 'health', '--service', 'api', ...checks.flat());
    await recorded('first', 'smoke-test', '--test-name', 'web', '--status', 'success');
    expect(await gate('first', '--may', 'stay')).toMatchObject({ code: 0 });
    await recorded('first', 'smoke-test', '--test-name', 'web', '--status', 'failure');
    expect(await gate('first', '--may', 'stay')).toMatchObject({ code: 1, 'smoke-tests': 'fail' });
  });
});
