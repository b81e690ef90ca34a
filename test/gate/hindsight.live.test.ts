import { afterAll, beforeAll, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { gateHindsight, gateVerdicts, outcomes } from '../../src/metrics/codes.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { differences } from '../oracle/compare.ts';
import type { Labelled } from '../oracle/statistics.ts';
import { jobEnv, record } from '../record/helpers.ts';
import { dashboards } from '../relay.ts';

/** Deployments that the real gate was asked about by the real recorder, and what became of them. */
interface Case {
  readonly id: string;
  readonly sick?: boolean;
  readonly gate: readonly string[];
  readonly end: readonly (readonly string[])[];
  readonly answer: keyof typeof gateVerdicts;
  readonly decided: string;
  readonly outcome?: keyof typeof outcomes;
  readonly hindsight?: keyof typeof gateHindsight;
}

const finish = (outcome: string): readonly string[] => ['finish', '--outcome', outcome];
const rollback = ['rollback', '--reason', 'manual', '--service', 'api'] as const;
const [passes, refuses] = ['health, error-rate, smoke-tests', 'health, error-rate'];
const cases: readonly Case[] = [
  {
    id: '1',
    gate: [],
    end: [finish('success')],
    answer: 'pass',
    decided: passes,
    outcome: 'success',
  },
  {
    id: '2',
    gate: ['--shadow'],
    end: [finish('success'), rollback],
    answer: 'would_pass',
    decided: passes,
    outcome: 'rolled_back',
    hindsight: 'missed',
  },
  {
    id: '3',
    sick: true,
    gate: ['--shadow'],
    end: [finish('success')],
    answer: 'would_fail',
    decided: refuses,
    outcome: 'success',
    hindsight: 'false_alarm',
  },
  {
    id: '4',
    sick: true,
    gate: ['--shadow'],
    end: [finish('failure')],
    answer: 'would_fail',
    decided: refuses,
    outcome: 'failure',
    hindsight: 'right',
  },
  {
    id: '5',
    sick: true,
    gate: [],
    end: [rollback, finish('rolled_back')],
    answer: 'fail',
    decided: refuses,
    outcome: 'rolled_back',
    hindsight: 'refused',
  },
  {
    id: '6',
    gate: ['--without', 'health', '--without', 'error-rate', '--without', 'smoke-tests'],
    end: [finish('cancelled')],
    answer: 'inconclusive',
    decided: '',
    outcome: 'cancelled',
  },
  {
    id: '7',
    sick: true,
    gate: ['--shadow'],
    end: [],
    answer: 'would_fail',
    decided: refuses,
    outcome: 'running',
    hindsight: 'open',
  },
];
/** It was refused before it began. */
const refusedId = 'refused';

const seconds = (): number => Date.now() / 1_000;
const checks = (failed: number): string[] =>
  Array.from({ length: 30 }, (_, i) => [
    '--check',
    `${(seconds() - 210 + i * 5).toFixed(3)},${i < failed ? 'unhealthy' : 'healthy'},0.1`,
  ]).flat();

let live: LiveSystem;
let to: number;
beforeAll(async () => {
  live = await startLiveSystem();
  const env = (id: string) =>
    jobEnv({ DEPLOYMENT_ID: id, PUSHGATEWAY_URL: live.gateway.url, PROMETHEUS_URL: live.server.url });
  for (const { id, sick, gate, end } of cases) {
    const calls = [
      ['start', '--at', String(seconds() - 400), '--no-sweep'],
      ['health', '--service', 'api', ...checks(sick ? 5 : 0)],
      ['smoke-test', '--test-name', 'web page', '--', 'true'],
      ['gate', ...gate],
      ...end,
    ];
    for (const argv of calls) await record(argv, env(id));
  }
  await live.settle();
  expect((await record(['gate', '--may', 'deploy'], env(refusedId))).code).toBe(1);
  to = await live.settle();
}, 120_000);
afterAll(() => live?.stop());

const shown = async (uid: string, panels: readonly string[], variables: Record<string, string>) => {
  const dashboard = dashboards().find((d) => d.definition.uid === uid)!.json;
  const queries = panelQueries(dashboard, { variables, from: to - 3_600, to });
  const answers = await Promise.all(
    queries
      .filter(({ panel }) => panels.includes(panel))
      .map(
        async (query) =>
          [`${query.panel}/${query.refId}`, await live.prometheus.query(query.expr, to)] as const,
      ),
  );
  return new Map<string, (typeof answers)[number][1]>(answers);
};
const row = ({ id }: { readonly id: string }, gate = 'stay') => ({
  environment: 'production',
  deployment_id: id,
  gate,
});
const coded = <C extends Case>(
  of: readonly C[],
  codes: Readonly<Record<string, number>>,
  name: (one: C) => string | undefined,
): Labelled[] =>
  of.flatMap((one) => {
    const found = name(one);
    return found === undefined ? [] : [{ labels: row(one), value: codes[found]! }];
  });

it('counts who was right, and lists what was refused or missed', async () => {
  const panels = ['Refused, and missed', 'Deployments refused or missed'];
  const answers = await shown(uids.dora, panels, { environment: 'production', service: '.*', stage: '.*' });
  const listed = cases.filter(({ hindsight }) => hindsight);
  const number = (count: number): Labelled[] => [{ labels: { environment: 'production' }, value: count }];
  const refused = { labels: row({ id: refusedId }, 'deploy'), value: gateHindsight.refused };
  const ended = listed.filter(({ outcome }) => outcome !== 'running');
  const truth: Record<string, readonly Labelled[]> = {
    [`${panels[0]}/Right`]: number(1),
    [`${panels[0]}/FalseAlarm`]: number(1),
    [`${panels[0]}/Missed`]: number(1),
    [`${panels[0]}/Refused`]: number(2),
    [`${panels[1]}/Outcome`]: coded(ended, outcomes, ({ outcome }) => outcome),
    [`${panels[1]}/Hindsight`]: [...coded(listed, gateHindsight, ({ hindsight }) => hindsight), refused],
  };
  expect([...answers.keys()].sort()).toEqual([...Object.keys(truth), `${panels[1]}/Asked`].sort());
  for (const [name, expected] of Object.entries(truth))
    expect(differences(answers.get(name) ?? [], expected, {}), name).toEqual([]);
  const asked = answers.get(`${panels[1]}/Asked`)!;
  expect(
    asked
      .map(({ labels }) => [labels.deployment_id, labels.checks?.replace(', no-critical-alert', '')])
      .sort(),
  ).toEqual(
    [
      ...listed.map(({ id, decided }) => [id, decided]),
      [refusedId, 'error-budget, no-other-deployment'],
    ].sort(),
  );
  for (const { value, labels } of asked) {
    expect(Math.abs(value / 1_000 - to)).toBeLessThan(120);
    expect(labels.message).not.toBe('');
  }
}, 60_000);

it('says of one deployment what was answered, while it runs too', async () => {
  for (const one of cases) {
    const state = { environment: 'production', deployment: one.id, service: '.*' };
    const answers = await shown(uids.troubleshooting, ['Gate'], state);
    expect(answers.get('Gate/Answer')?.map(({ value }) => value)).toEqual([gateVerdicts[one.answer]]);
    expect(answers.get('Gate/Hindsight')?.map(({ value }) => value)).toEqual(
      one.hindsight ? [gateHindsight[one.hindsight]] : [],
    );
    expect(answers.get('Gate/Asked')).toHaveLength(1);
  }
}, 60_000);
