import { isDeepStrictEqual } from 'node:util';
import type { Panel as PanelModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPanels } from '../../src/panels/dashboard.ts';
import { choicesOf, fillIn, panelQueries, resolveState } from '../../src/panels/dashboard-queries.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { ruleFiles } from '../relay.ts';
import { barsInTruth, barsShown, waited, waterfallOf } from './bars.ts';
import { examples } from './examples.ts';
import { type PastSystem, startPast } from './past.ts';
import { truthTable } from './truth-table.ts';
import { dashboard, open, ownSpan, pointsOf, queriesOf, type View } from './view.ts';

const end = Date.UTC(2025, 9, 16, 7, 34, 0) / 1000;
const history = examples(end);
const truth = truthAt(history, end);
const find = (name: string, environment = 'production') => {
  const d = history.deployments.find(
    (x) => (x.id === name || x.scenario === name) && x.environment === environment,
  )!;
  return { deployment: d, facts: truth.facts.find((f) => f.id === d.id && f.environment === environment)! };
};

/** Panels that a screen of 1080 pixels shows without scrolling: Grafana's own bars take the rest. */
const firstScreen = 22;
/** The questions that the design wants answered within five minutes, and the panels that answer them. */
const questions = {
  'Which stage failed?': 'Failed stage',
  'What was the error?': 'What failed',
  'How long did it take?': 'Time to deploy',
  'Did we roll back?': 'Rolled back',
  'Where did the time go?': 'Waterfall',
};

it.each(Object.entries(questions))('answers "%s" on the first screen', (_, title) => {
  const panel = dashboard.panels!.find((p) => p.title === title)!;
  expect(panel.gridPos!.y + panel.gridPos!.h).toBeLessThanOrEqual(firstScreen);
});

const panelOf = (title: string) => dataPanels(dashboard).find((p) => p.title === title)!;

it('finds the log lines of the chosen deployment, and not those of another attempt', () => {
  const { expr } = panelOf('Log lines of the deployment').targets![0] as unknown as { expr: string };
  const filter = /\|~ `(.*)`$/.exec(expr)![1]!.replace('${deployment}', '17073938885');
  const found = (line: string): boolean => new RegExp(filter).test(line);
  for (const line of ['17073938885', '{"deployment_id":"17073938885"}', 'deployment_id=17073938885 start'])
    expect(found(line), line).toBe(true);
  for (const line of ['id=17073938885-2', 'id=170739388850', 'id=217073938885', 'id=1-17073938885'])
    expect(found(line), line).toBe(false);
});

it('opens the log of a stage with one click on its bar', () => {
  const { overrides } = panelOf('Timeline').fieldConfig as PanelModel['fieldConfig'] & object;
  expect(overrides[0]!.properties.find(({ id }) => id === 'links')!.value).toEqual([
    expect.objectContaining({ url: '${__field.labels.log_url}', oneClick: true }),
  ]);
});

describe('looking at deployments', () => {
  let past: PastSystem;
  const step = 15;
  const from = history.deployments[0]!.started - 600;

  beforeAll(async () => {
    past = await startPast(history, { from: from - (from % step), to: end, step });
    const needed = [
      ...ruleFiles.ledger!,
      ...ruleFiles.indicators!,
      ...ruleFiles.recent!,
      ...ruleFiles.history!,
      ...ruleFiles.live!,
    ];
    await past.evaluate(
      needed.filter(({ name }) => /ledger|recent|30d|choices|stage-history|flaky|timeline|live/.test(name)),
    );
  });
  afterAll(() => past?.stop());

  const wide = { from: end - 7_200, to: end };
  /** Options of a variable when those before it are set. */
  const choices = async (name: string, variables: Record<string, string>, span = wide) => {
    const state = await resolveState(past.prometheus, dashboard, { variables, ...span });
    return await choicesOf(past.prometheus, dashboard, name, state);
  };

  /** Panels that are not true, and rows of the waterfall. */
  const untrue = async (view: View): Promise<string[]> => {
    const found: string[] = [];
    for (const query of panelQueries(dashboard, view.state)) {
      const name = `${query.panel}/${query.refId}`;
      const entry = truthTable[name];
      if (!entry) continue;
      const actual = await past.prometheus.query(query.expr, query.to);
      found.push(...differences(actual, entry.values(view), entry).map((d) => `${name}: ${d}`));
    }
    for (const query of waterfallOf(view)) {
      const shown = Object.fromEntries(await barsShown(past.prometheus, query));
      if (!isDeepStrictEqual(shown, barsInTruth(view, query)))
        found.push(`Waterfall/${query.refId} has ${Object.keys(shown).join(', ') || 'no bars'}`);
    }
    return found;
  };

  it('offers every deployment of the environment, newest first, with its time and outcome', async () => {
    const own = truth.facts
      .filter((f) => f.environment === 'production')
      .sort((a, b) => b.started - a.started)
      .map((f) => {
        const time = new Date(Math.floor(f.started) * 1000).toISOString().replace('T', ' ').slice(0, 19);
        return { text: `${time} ${f.outcome} ${f.id}`, value: f.id };
      });
    expect(await choices('deployment', { environment: 'production' })).toEqual(own);
    expect((await choices('deployment', { environment: 'staging' })).map(({ value }) => value)).toEqual([
      '500',
    ]);
  });

  it('offers the same while the time span ends after now, as the links to a fresh deployment once did', async () => {
    const later = { from: end - 600, to: end + 600 };
    for (const [name, variables] of [
      ['deployment', { environment: 'production' }],
      ['comparison', { environment: 'production', deployment: '601' }],
      ['compared', { environment: 'production', deployment: '601', comparison: 'previous' }],
    ] as const)
      expect(await choices(name, variables, later)).toEqual(await choices(name, variables));
    const { deployment } = find('600');
    const view = await open(past.prometheus, history, deployment, later);
    expect(await untrue(view)).toEqual([]);
  });

  it('keeps a deployment that was named by its id and is older than all that it offers', async () => {
    const old = { environment: 'production', deployment_id: 'old' };
    const time = end - 10 * 86_400;
    // It was offered when it was new.
    await past.write([
      { labels: { __name__: 'deployment_choice:listing:code', ...old }, points: [[time, 202510060734001]] },
    ]);
    const ids = async (name: string, variables: Record<string, string>) =>
      (await choices(name, { environment: 'production', ...variables })).map(({ value }) => value);
    expect(await ids('deployment', { deployment: '601' })).not.toContain('old');
    expect(await ids('deployment', { deployment: 'old' })).toContain('old');
    expect(await ids('comparison', { deployment: '601', comparison: 'old' })).toContain('old');
  });

  it('shows the newest deployment to production when nothing is chosen', async () => {
    const { variables } = await resolveState(past.prometheus, dashboard, { variables: {}, ...wide });
    expect(variables).toMatchObject({ environment: 'production', deployment: '700', comparison: 'previous' });
  });

  it('compares with any other deployment, and first with the success before', async () => {
    const variables = { environment: 'production', deployment: '601' };
    const [first, ...others] = await choices('comparison', variables);
    expect(first).toEqual({ text: 'previous success', value: 'previous' });
    expect(others.map(({ value }) => value)).toContain('500');
    expect(others.map(({ value }) => value)).not.toContain('601');
    const compared = async (comparison: string) =>
      (await choices('compared', { ...variables, comparison })).map(({ value }) => value);
    // 600 runs at the same time; what succeeded last before it is the second attempt of 500.
    expect(await compared('previous')).toEqual(['500-2']);
    expect(await compared('17000000106')).toEqual(['17000000106']);
    expect(await compared('long-ago')).toEqual(['long-ago']);
    expect(
      await choices('compared', {
        environment: 'production',
        deployment: '17000000100',
        comparison: 'previous',
      }),
    ).toEqual([]);
  });

  it('draws the same bars on a part of the time span', async () => {
    const { deployment, facts } = find('health_rollback');
    const middle = Math.floor(deployment.started) + 150;
    const view = await open(past.prometheus, history, deployment, { from: middle, to: middle + 90 });
    for (const query of waterfallOf(view)) {
      const shown = Object.fromEntries(await barsShown(past.prometheus, query));
      expect(shown, query.refId).toEqual(barsInTruth(view, query));
    }
    expect(facts.outcome).toBe('rolled_back');
  });

  const over = truth.facts.filter((f) => f.finished !== undefined && f.finished < end - 900);
  const named = over.map((f) => [`${f.environment} ${f.id} (${f.deployment.scenario})`, f] as const);

  it.each(named)('knows %s wherever the time span lies, and draws nothing of it there', async (_, facts) => {
    const view = await open(past.prometheus, history, facts.deployment, { from: end - 300, to: end });
    expect(await untrue(view)).toEqual([]);
    const [ran] = waterfallOf(view);
    expect(await barsShown(past.prometheus, ran!)).toEqual([]);
  });

  it.each(named)('tells the truth about %s when only the API is shown', async (_, facts) => {
    const look = { ...ownSpan(facts, history), service: 'api' };
    const view = await open(past.prometheus, history, facts.deployment, look);
    expect(await untrue(view)).toEqual([]);
    const [query] = queriesOf(view, 'Waiting');
    const [series] = await pointsOf(past.prometheus, query!);
    const shown = (series?.points ?? []).reduce((sum, [, seconds]) => sum + seconds, 0);
    const { seconds, gaps } = waited(view);
    expect(Math.abs(shown - seconds)).toBeLessThanOrEqual(gaps * query!.step);
  });

  it('marks the deployment from its start to its finish', async () => {
    const { deployment, facts } = find('health_rollback');
    const view = await open(past.prometheus, history, deployment, ownSpan(facts, history));
    const mark = dashboard.annotations!.list!.find((a) => a.name === 'This deployment')!;
    const { expr } = mark.target as unknown as { expr: string };
    const { from, to } = view.state;
    const [series] = await past.prometheus.queryRange(fillIn(expr, view.state, 1), from, to, 1);
    expect(series!.points[0]![0]).toBe(Math.ceil(facts.started));
    expect(series!.points.at(-1)![0]).toBe(Math.floor(facts.finished!));
  });

  it('draws each alert that fires meanwhile', async () => {
    const { deployment, facts } = find('build_failure');
    const alert = {
      __name__: 'ALERTS',
      alertname: 'DeploymentFailed',
      alertstate: 'firing',
      severity: 'critical',
    };
    const begin = Math.ceil(deployment.started / step) * step;
    const points = [0, 1, 2, 3].map((i): [number, number] => [begin + i * step, 1]);
    await past.write([
      {
        labels: { ...alert, environment: 'production' },
        points: [...points, [begin + 4 * step, Number.NaN]],
      },
      { labels: { ...alert, alertstate: 'pending' }, points },
    ]);
    const view = await open(past.prometheus, history, deployment, ownSpan(facts, history));
    const query = panelQueries(dashboard, view.state).find((q) => q.panel === 'Alerts around it')!;
    const shown = await past.prometheus.queryRange(query.expr, query.from, query.to, step);
    const first = begin - (begin % step);
    expect(shown).toEqual([
      {
        labels: { alertname: 'DeploymentFailed' },
        // The code of critical.
        points: [0, 1, 2, 3].map((i) => [first + i * step, 4]),
      },
    ]);
  });
});

it('asks nothing that fails where there has never been a deployment', async () => {
  const empty = await startPast({ seed: 0, end, deployments: [] }, { from: end - 3_600, to: end, step: 60 });
  try {
    const state = await resolveState(empty.prometheus, dashboard, {
      variables: {},
      from: end - 3_600,
      to: end,
    });
    // The strip on top says that there is nothing.
    for (const query of panelQueries(dashboard, state).filter(({ panel }) => panel !== ''))
      expect([query.panel, await empty.prometheus.query(query.expr, query.to)]).toEqual([query.panel, []]);
  } finally {
    await empty.stop();
  }
});
