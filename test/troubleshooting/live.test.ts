import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { History } from '../../src/simulator/types.ts';
import { recordWithBundle } from '../live/record.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { barsInTruth, barsShown, waterfallOf } from './bars.ts';
import { examples } from './examples.ts';
import { truthTable } from './truth-table.ts';
import { dashboard, open } from './view.ts';

/** The gateway stamps a push with its own time, so nothing of a live test is old enough to be given up. */
const recent = (history: History): History => ({
  ...history,
  deployments: history.deployments.filter(({ started }) => started > history.end - 100 * 60),
});

describe('the dashboard on a real Pushgateway and Prometheus', () => {
  const history = recent(examples(Math.floor(Date.now() / 1000)));
  let live: LiveSystem;

  beforeAll(async () => {
    live = await startLiveSystem();
    const { failed } = await replayLive(history, {
      pushgatewayUrl: live.gateway.url,
      record: recordWithBundle,
      concurrency: 3,
    });
    expect(failed).toEqual([]);
  });
  afterAll(() => live?.stop());

  it('tells the truth about every deployment, and draws it to the second', async () => {
    const to = Math.floor(await live.settle());
    const known = truthAt(history, history.end);
    const untrue: string[] = [];
    for (const facts of known.facts) {
      const span = { from: Math.floor(facts.triggered - 60), to };
      const view = await open(live.prometheus, history, facts.deployment, span, history.end);
      const who = `${facts.environment} ${facts.id} (${facts.deployment.scenario})`;
      for (const query of panelQueries(dashboard, view.state)) {
        const name = `${query.panel}/${query.refId}`;
        const entry = truthTable[name];
        if (!entry) continue;
        const actual = await live.prometheus.query(query.expr, query.to);
        untrue.push(...differences(actual, entry.values(view), entry).map((d) => `${who} ${name}: ${d}`));
      }
      for (const query of waterfallOf(view)) {
        const shown = Object.fromEntries(await barsShown(live.prometheus, query));
        const expected = barsInTruth(view, query);
        if (JSON.stringify(Object.entries(shown).sort()) !== JSON.stringify(Object.entries(expected).sort()))
          untrue.push(
            `${who} waterfall ${query.refId}: ${JSON.stringify(summary(shown))} ≠ ${JSON.stringify(summary(expected))}`,
          );
      }
    }
    expect(untrue).toEqual([]);
  }, 300_000);
});

const summary = (rows: Awaited<ReturnType<typeof barsInTruth>>) =>
  Object.fromEntries(
    Object.entries(rows).map(([name, points]) => [name, [points[0], points.at(-1), points.length]]),
  );
