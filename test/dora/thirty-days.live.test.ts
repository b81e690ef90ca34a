import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { durationBuckets } from '../../src/ledger/history/stages.ts';
import type { RuleGroup } from '../../src/metrics/rule.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { simulate } from '../../src/simulator/history.ts';
import { Ruler } from '../ledger/ruler.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { dashboards, ruleFiles } from '../relay.ts';
import { type PastSystem, startPast } from '../troubleshooting/past.ts';
import { doraState, doraTruth, stagesIn } from './truth-table.ts';

const dashboard = dashboards().find((d) => d.definition.uid === uids.dora)!.json;
const day = 86_400;
const step = 600;
/** A whole number of steps, in the evening. */
const end = Date.UTC(2025, 9, 16, 19, 0, 0) / 1000;
const simulated = simulate({ seed: 4, end, days: 32, perDay: 4 });
/** Every seventh success says that it fixes the one before it. */
const history = {
  ...simulated,
  deployments: simulated.deployments.map((d) =>
    d.scenario === 'success' && Number(d.runId) % 7 === 0 && d.previousId !== undefined
      ? { ...d, reworkOf: d.previousId }
      : d,
  ),
};

/** Groups and series that the dashboard's numbers come from: those that go on from one evaluation to the next… */
const always = /^deployment-(ledger|ledger-late|timeline|flaky|recent|choices|stage-durations-today)$/;
/** … and those that look back by themselves, evaluated only where the tests look. */
const lately = /^deployment-(dora|stage-history|(indicators|parts)-(1h|1d|7d|30d))$/;
const read = new RegExp(
  [
    'deployment:(ended|last_event|finished|finished_late|finished_earlier|triggered|started|outcome|duration)',
    'deployment:(late_push|heard_of|reported|running_since|rework|fixed)',
    'deployment_stage:reported',
    'environment:restorer',
    'deployment:(lead_time|reached_production|rolled_back_after|rollback_finished)',
    'deployment_(choice|stage:duration|stage:status)',
    'recent_deployment:(started|finished|outcome)',
    'environment:(production_deployments|change_failure|rework|first_finished|lead_time|time_to_)',
    'environment_stage:duration',
    '(deployment|environment)_part',
    'deployment_test:(reported_passed|passed)',
    'environment:(deployments:count|time_to_deploy)',
    '(deployment|environment)_runner',
  ]
    .map((name) => `^${name}`)
    .join('|'),
);
const onlyRead = (group: RuleGroup): RuleGroup => ({
  ...group,
  rules: group.rules.filter((r) => r.kind === 'record' && read.test(r.record)),
});

const byDay = 'Stage durations by day/A';

it('has a truth for every query of every panel', () => {
  // The strip on top has its truth in the tests of the overview, the gate's answers in the gate's.
  const queries = panelQueries(dashboard, doraState(end)).filter(({ panel }) => panel !== '');
  const elsewhere = ['Refused, and missed', 'Deployments refused or missed'];
  const asked = queries
    .filter(({ panel }) => !elsewhere.includes(panel))
    .map(({ panel, refId }) => `${panel}/${refId}`);
  expect(asked.sort()).toEqual([...Object.keys(doraTruth), byDay].sort());
});

describe('the history of deployments', () => {
  let past: PastSystem;

  beforeAll(async () => {
    past = await startPast(history, { from: end - 32 * day, to: end, step });
    const groups = [
      ...ruleFiles.ledger!,
      ...ruleFiles.indicators!,
      ...ruleFiles.recent!,
      ...ruleFiles.history!,
    ].map(onlyRead);
    // Late events are looked up in the ledger's past.
    const [ledger, late] = groups as [RuleGroup, RuleGroup];
    const finish =
      /^deployment:(late_push|heard_of|reported_(start|finish)|ended|last_event|finished)_timestamp/;
    const rules = ledger.rules.filter((r) => r.kind === 'record' && finish.test(r.record));
    await past.evaluate([{ ...ledger, rules }, late]);
    await past.evaluate(groups.filter(({ name }) => always.test(name) && name !== late.name));
    await past.evaluate(
      groups.filter(({ name }) => lately.test(name) && name !== 'deployment-dora'),
      end - 4 * day,
    );
    // When the first deployment finished is remembered from one evaluation to the next.
    await new Ruler(past.prometheus, past.server.url).run(
      groups.filter(({ name }) => name === 'deployment-dora'),
      { from: end - 4 * day, to: end, step: 3_600 },
    );
  }, 600_000);
  afterAll(() => past?.stop());

  it.each([0, 1.5, 2.75])('shows nothing but the truth %s days ago', async (days) => {
    const to = end - days * day;
    const truth = truthAt(history, to);
    expect(truth.flaky('30d').length).toBeGreaterThan(2);
    const untrue: string[] = [];
    for (const query of panelQueries(dashboard, doraState(to))) {
      const name = `${query.panel}/${query.refId}`;
      const entry = doraTruth[name];
      if (!entry) continue;
      const actual = await past.prometheus.query(query.expr, to);
      untrue.push(...differences(actual, entry.values(truth), entry).map((d) => `${name}: ${d}`));
    }
    expect(untrue).toEqual([]);
  });

  it('counts the stages of each day by how long they took', async () => {
    const query = panelQueries(dashboard, doraState(end)).find((q) => `${q.panel}/${q.refId}` === byDay)!;
    const series = await past.prometheus.queryRange(query.expr, query.from, query.to, query.step);
    expect(query.step).toBe(day);
    const shown = Object.fromEntries(series.map(({ labels, points }) => [labels.le, new Map(points)]));
    expect(Object.keys(shown).sort()).toEqual([...durationBuckets].sort());
    for (let midnight = query.from + day; midnight <= query.to; midnight += day) {
      // A past day does not change, and a second before midnight it is complete.
      const done = stagesIn(truthAt(history, Math.min(end, midnight + day - 1)), 'today');
      for (const le of durationBuckets) {
        const limit = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
        const expected = done.filter(({ duration }) => duration <= limit).length;
        expect([midnight, le, shown[le]!.get(midnight) ?? 0]).toEqual([midnight, le, expected]);
      }
    }
  });
});
