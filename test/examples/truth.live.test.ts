import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import pipeline from '../../examples/shop/pipeline.config.ts';
import { uids } from '../../src/dashboards/index.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { carry } from '../../src/record/index.ts';
import { simulate } from '../../src/simulator/history.ts';
import { inWordsOf, wordsFor } from '../../src/simulator/index.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { Deployment, History } from '../../src/simulator/types.ts';
import { type PanelTruth, type TruthTable, uncovered, untrueNumbers } from '../live/panels.ts';
import { recordQuietly } from '../live/record.ts';
import { type LiveSystem, rulesOf, startLiveSystem } from '../live/system.ts';
import { byNight } from '../nightly.ts';
import { differences } from '../oracle/compare.ts';
import { average, byLabels, type Labelled } from '../oracle/statistics.ts';
import { truthAt } from '../oracle/truth.ts';
import { rolling, within } from '../oracle/windows.ts';
import { overviewStates, overviewTruth } from '../overview/truth-table.ts';
import { pipeline as relay } from '../relay.ts';
import { oneOfEach } from '../simulator/handmade.ts';
import { examples } from '../troubleshooting/examples.ts';
import { truthTable } from '../troubleshooting/truth-table.ts';
import { open } from '../troubleshooting/view.ts';

/**
 * The shop's dashboards on real servers, held to the same truth as Relay's: deployments are told in the simulator's
 * words, recorded in the shop's, and what is expected of the told ones is said in the shop's words too.
 */

const bundle = loadBundle(pipeline);
const inWords = inWordsOf(pipeline);
const words = wordsFor(pipeline);
const dashboardOf = (uid: string) => bundle.dashboards.find((d) => d.definition.uid === uid)!.json;

/** A label's value; `service stage` is two words. */
function labelInWords(text: string): string {
  const pair = text.split(' ').map((word) => words.get(word));
  return pair.length === 2 && pair.every((word) => word !== undefined) ? pair.join(' ') : inWords(text);
}
const valuesInWords = (values: readonly Labelled[]): Labelled[] =>
  values.map(({ labels, value }) => ({
    labels: Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, labelInWords(text)])),
    value,
  }));

/** The shop's own metric: the size of the image, of most deployments. */
const measured = (d: Deployment, index: number): Deployment =>
  index % 4 === 0 || d.finished === undefined
    ? d
    : {
        ...d,
        metrics: [
          {
            name: 'shop_image_bytes',
            labels: { service: index % 2 === 0 ? 'api' : 'web' },
            time: d.finished,
            value: 300_000_000 + index * 1_000_000,
          },
        ],
      };

const ownTruth: PanelTruth = {
  ignore: ['window'],
  values: ({ facts, t }) =>
    byLabels(
      within(facts, rolling('1d', t)).flatMap(({ environment, deployment }) =>
        (deployment.metrics ?? []).map(({ labels, value }) => ({ environment, ...labels, value })),
      ),
      ({ value: _, ...labels }) => labels,
      (group) => average(group.map(({ value }) => value)),
    ),
};

const table: TruthTable = Object.fromEntries(
  Object.entries({ ...overviewTruth, 'shop_image_bytes/A': ownTruth }).map(([name, entry]) => [
    name,
    {
      ...entry,
      values: (truth, state) => {
        const told = state.variables.environment === '.*' ? '.*' : 'production';
        const asked = { ...state, variables: { ...state.variables, environment: told } };
        return valuesInWords(entry.values(truth, asked)).filter(
          ({ labels: { environment } }) =>
            environment === undefined || state.variables.environment === '.*' || environment === 'live',
        );
      },
    } satisfies PanelTruth,
  ]),
);

/** Nothing of a live test is old enough to be abandoned, and nothing happens after it was recorded. */
const settledBy = (end: number) => (d: Deployment) =>
  d.finished === undefined ? end - d.started < 3_600 : d.finished <= end;

describe('the dashboards of examples/shop', () => {
  const end = Math.floor(Date.now() / 1000);
  // One of every kind: the hand-made ones have no migrations, which the last ten must have for a truth about the last.
  const looked = examples(end).deployments.filter(
    ({ started, id }) => started > end - 100 * 60 && id.startsWith('17'),
  );
  const deployments = [
    ...simulate({ seed: 7, end, days: 32, perDay: 1.2 }).deployments,
    ...oneOfEach(end).deployments,
    ...looked,
  ]
    .filter(settledBy(end))
    .sort((a, b) => a.started - b.started)
    .map(measured);
  const history: History = { seed: 7, end, deployments };
  let live: LiveSystem;

  beforeAll(async () => {
    live = await startLiveSystem({ rules: await rulesOf(bundle) });
    carry(pipeline);
    const { failed } = await replayLive(inWords(history), {
      pushgatewayUrl: live.gateway.url,
      record: recordQuietly,
    });
    expect(failed).toEqual([]);
  }, 300_000);
  afterAll(async () => {
    carry(relay);
    await live?.stop();
  });

  it('are told of deployments whose names differ in the shop too', () => {
    const ids = deployments.map((d) => `${d.environment}/${d.id}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have a truth for every query of every panel of the overview', () => {
    expect(uncovered(dashboardOf(uids.overview), table)).toEqual([]);
  });

  it('show nothing but the truth: overview', async () => {
    const to = await live.settle();
    const truth = truthAt(history, to);
    const untrue = await Promise.all(
      overviewStates(to, 'live').map((state) =>
        untrueNumbers(live.prometheus, dashboardOf(uids.overview), table, truth, state),
      ),
    );
    expect([...new Set(untrue.flat())]).toEqual([]);
  });

  it('show nothing but the truth: troubleshooting', async () => {
    const dashboard = dashboardOf(uids.troubleshooting);
    const to = Math.floor(await live.settle());
    const known = truthAt(history, end);
    const untrue: string[] = [];
    let compared = 0;
    const chosen = looked.filter(settledBy(end)).filter((_, i) => i % byNight(4, 1).at(-1)! === 0);
    for (const { id, environment } of chosen) {
      const { deployment } = known.facts.find((f) => f.id === id && f.environment === environment)!;
      const span = { from: Math.floor(deployment.triggered - 60), to };
      const view = await open(live.prometheus, history, deployment, span, end, { dashboard, inWords });
      for (const query of panelQueries(dashboard, view.state)) {
        const name = `${query.panel}/${query.refId}`;
        const entry = truthTable[name];
        if (!entry) continue;
        compared += 1;
        const actual = await live.prometheus.query(query.expr, query.to);
        const expected = valuesInWords(entry.values(view));
        untrue.push(
          ...differences(actual, expected, entry).map(
            (d) => `${deployment.scenario} ${deployment.id} ${name}: ${d}`,
          ),
        );
      }
    }
    expect(untrue).toEqual([]);
    expect(compared).toBeGreaterThan(40 * chosen.length);
    expect(chosen.length).toBeGreaterThan(2);
  }, 300_000);
});
