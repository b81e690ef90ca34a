import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import type { Generation } from '../../src/servers/find.ts';
import { byNight } from '../nightly.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { ruleFiles } from '../relay.ts';
import { barsInTruth, barsShown, waited, waterfallOf } from './bars.ts';
import { examples } from './examples.ts';
import { partsOf } from './parts.ts';
import { type PastSystem, startPast } from './past.ts';
import { truthTable } from './truth-table.ts';
import { dashboard, open, ownSpan, pointsOf, queriesOf } from './view.ts';

const end = Date.UTC(2025, 9, 16, 7, 34, 0) / 1000;
const history = examples(end);
const step = 15;
const truth = truthAt(history, end);
/** Nothing of what happens later is known. */
const told = history.deployments.filter((d) => d.started <= end);
const nameOf = (d: (typeof told)[number]): string => `${d.environment} ${d.id} (${d.scenario})`;

/** Drawn over time, asked of the application, or answered by the gate: tested on their own. */
const elsewhere =
  /^(Timeline|Waiting|Alerts around it|Gate|API |Request rate|Error rate|Slow database|Memory queries|Database connections|External calls)/;

it('has a truth for every query of every panel', () => {
  const asked = panelQueries(dashboard, { variables: {}, from: 0, to: 3_600 }).map(
    ({ panel, refId }) => `${panel}/${refId}`,
  );
  // The strip on top has its truth in the tests of the overview.
  const known = asked.filter((name) => !elsewhere.test(name) && !name.startsWith('/'));
  expect(Object.keys(truthTable).sort()).toEqual([...new Set(known)].sort());
});

describe.each(byNight<Generation>('current', '2.42'))('the dashboard on Prometheus %s', (generation) => {
  let past: PastSystem;

  beforeAll(async () => {
    const from = history.deployments[0]!.started - 600;
    past = await startPast(history, { from: from - (from % step), to: end, step }, generation);
    await past.evaluate(ruleFiles.ledger!);
    const needed = [
      ...ruleFiles.indicators!,
      ...ruleFiles.recent!,
      ...ruleFiles.history!,
      ...ruleFiles.live!,
    ];
    await past.evaluate(
      needed.filter(({ name }) => /recent|30d|choices|stage-history|flaky|timeline|live/.test(name)),
    );
  });
  afterAll(() => past?.stop());

  const look = (deployment: (typeof told)[number]) => {
    const facts = truth.facts.find(
      (f) => f.id === deployment.id && f.environment === deployment.environment,
    )!;
    return open(past.prometheus, history, deployment, ownSpan(facts, history));
  };

  it.each(told.map((d) => [nameOf(d), d] as const))('tells the truth about %s', async (_, deployment) => {
    const view = await look(deployment);
    expect(view.state.variables.compared).toBe(view.compared?.id ?? '');
    const untrue: string[] = [];
    for (const query of panelQueries(dashboard, view.state)) {
      const name = `${query.panel}/${query.refId}`;
      const entry = truthTable[name];
      if (!entry) continue;
      const actual = await past.prometheus.query(query.expr, query.to);
      untrue.push(...differences(actual, entry.values(view), entry).map((d) => `${name}: ${d}`));
    }
    expect(untrue).toEqual([]);
  });

  it.each(told.map((d) => [nameOf(d), d] as const))('draws %s to the second', async (_, deployment) => {
    const view = await look(deployment);
    for (const query of waterfallOf(view)) {
      const shown = await barsShown(past.prometheus, query);
      expect(Object.fromEntries(shown), query.refId).toEqual(barsInTruth(view, query));
      if (query.refId !== 'Ran' && query.refId !== 'Runs') continue;
      const order = partsOf(view.facts.deployment).map((p) => `${p.service} ${p.stage}`);
      expect(shown.map(([name]) => name)).toEqual(
        order.filter((name) => shown.some(([row]) => row === name)),
      );
    }
  });

  it.each(told.map((d) => [nameOf(d), d] as const))('adds up the waiting of %s', async (_, deployment) => {
    const view = await look(deployment);
    const [query] = queriesOf(view, 'Waiting');
    const [series] = await pointsOf(past.prometheus, query!);
    const shown = (series?.points ?? []).reduce((sum, [, seconds]) => sum + seconds, 0);
    const { seconds, gaps } = waited(view);
    expect(Math.abs(shown - seconds)).toBeLessThanOrEqual(gaps * query!.step);
  });
});
