import { spentStates } from '../../dashboards/slo/queries.ts';
import { outcomes } from '../../src/metrics/codes.ts';
import type { DashboardState } from '../../src/panels/dashboard-queries.ts';
import type { TruthTable } from '../live/panels.ts';
import { telemetryTruth } from '../live/telemetry-truth.ts';
import { totalCost } from '../oracle/facts.ts';
import { average, byLabels, type Labelled, sum } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import { calendarMonth, rolling, within } from '../oracle/windows.ts';
import { exhaustedAt, judgements, left, spenders, type Tally, tally } from './slo-truth.ts';

type Rows = (truth: Truth, state: DashboardState) => Labelled[];

/** One number for each environment and SLO of the month. */
const monthly =
  (value: (t: Tally, slo: string) => number | undefined): Rows =>
  (truth) =>
    truth.environments.flatMap((environment) =>
      Object.keys(judgements).flatMap((slo) => {
        const number = value(tally(truth, environment, slo, calendarMonth(truth.t)), slo);
        return number === undefined ? [] : [{ labels: { environment, slo }, value: number }];
      }),
    );

const objectiveOf = (slo: string): number => judgements[slo]!.objective;
const ifAny = (events: number, value: number | undefined): number | undefined =>
  events > 0 ? value : undefined;
const agreed = (slo: string) => judgements[slo]!.agreement;

/** Windows of each SLO for which a burn rate is recorded. */
const burns =
  (hours: number, slos: readonly string[]): Rows =>
  (truth) =>
    truth.environments.flatMap((environment) =>
      slos.flatMap((slo) => {
        const { events, bad } = tally(truth, environment, slo, {
          from: truth.t - hours * 3_600,
          to: truth.t,
          includesFrom: false,
        });
        return events > 0
          ? [{ labels: { environment, slo }, value: bad / events / (1 - objectiveOf(slo)) }]
          : [];
      }),
    );
const rolled = ['deployment-reliability', 'time-to-deploy', 'post-deployment-health', 'smoke-tests'];

const spent =
  (value: (row: ReturnType<typeof spenders>[number]) => number): Rows =>
  (truth) =>
    truth.environments.flatMap((environment) =>
      Object.keys(judgements).flatMap((slo) =>
        spenders(truth, environment, slo).map((row) => ({
          labels: { environment, slo, deployment_id: row.facts.id },
          value: value(row),
        })),
      ),
    );

const window = { ignore: ['window'] };
const inMonth = (truth: Truth) => within(truth.facts, calendarMonth(truth.t));
const environmentOf = ({ environment }: { environment: string }) => ({ environment });

/** Truth of each number of the SLO dashboard, with all environments and SLOs chosen. */
export const sloTruth: TruthTable = {
  ...telemetryTruth,
  'Objectives/Objective': { values: monthly(({ events }, slo) => ifAny(events, objectiveOf(slo))) },
  'Objectives/Now': { values: monthly(({ events, bad }) => ifAny(events, 1 - bad / events)) },
  'Objectives/Kept': {
    values: monthly(({ events, bad }, slo) => ifAny(events, 1 - bad / events >= objectiveOf(slo) ? 1 : 0)),
  },
  'Objectives/Events': { values: monthly(({ events }) => events) },
  'Objectives/Bad': { values: monthly(({ bad }) => bad) },
  'Objectives/Left': { values: monthly(({ spent: s, events }, slo) => left(objectiveOf(slo), s, events)) },
  'Objectives/SLA': {
    values: monthly(({ events }, slo) => ifAny(events, agreed(slo)?.objective)),
  },
  'Objectives/SLAnow': {
    values: monthly(({ events, agreementBad }) =>
      ifAny(events, agreementBad === undefined ? undefined : 1 - agreementBad / events),
    ),
  },
  'Objectives/SLAleft': {
    values: monthly(({ events, agreementBad }, slo) =>
      agreementBad === undefined ? undefined : left(agreed(slo)!.objective, agreementBad, events),
    ),
  },
  'Risky changes/A': {
    ignore: ['slo'],
    values: (truth) =>
      truth.environments.map((environment) => {
        const month = tally(truth, environment, 'deployment-reliability', calendarMonth(truth.t));
        return { labels: { environment }, value: left(0.99, month.spent, month.events) <= 0 ? 1 : 0 };
      }),
  },
  'Slow deployments of the week/A': {
    ignore: ['slo'],
    zeroIsAbsent: true,
    values: (truth) =>
      byLabels(
        within(truth.facts, rolling('7d', truth.t)).filter(
          (f) => f.outcome === 'success' && (f.duration ?? 0) > 1_200,
        ),
        environmentOf,
        (group) => group.length,
      ),
  },
  'Budget spent by/A': {
    // The truth tries every minute; the two states are further apart.
    within: 60_000,
    values: (truth) =>
      truth.environments.map((environment) => {
        const at = exhaustedAt(truth, environment);
        const month = tally(truth, environment, 'deployment-reliability', calendarMonth(truth.t));
        const state = left(0.99, month.spent, month.events) <= 0 ? spentStates.spent : spentStates.lasts;
        return { labels: { environment }, value: at === undefined ? state : at * 1000 };
      }),
  },
  'Error budget left/A': {
    values: monthly(({ spent: s, events }, slo) => left(objectiveOf(slo), s, events)),
  },
  'Burn-down of the month/A': {
    values: monthly(({ spent: s, events }, slo) => left(objectiveOf(slo), s, events)),
  },
  'Burn-down of the month/B': {
    values: ({ t }) => {
      const { from } = calendarMonth(t);
      const date = new Date(t * 1000);
      const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000;
      return [{ labels: {}, value: (end - t) / (end - from) }];
    },
  },
  'Burn rate/1h': { values: burns(1, ['deployment-reliability']) },
  'Burn rate/6h': { values: burns(6, rolled) },
  'Burn rate/3d': { values: burns(72, rolled) },
  'What spent the budget/Spent': { values: spent((row) => row.spent) },
  'What spent the budget/Outcome': { values: spent((row) => outcomes[row.facts.outcome]) },
  'What spent the budget/Finished': { values: spent((row) => (row.facts.finished ?? 0) * 1000) },
  'What spent the budget/Info': {
    ignore: ['run_url'],
    values: (truth) => {
      const rows = truth.environments.flatMap((e) =>
        Object.keys(judgements).flatMap((slo) => spenders(truth, e, slo)),
      );
      const facts = [...new Map(rows.map((row) => [row.facts.id, row.facts])).values()];
      return facts.map((f) => ({
        labels: {
          environment: f.environment,
          deployment_id: f.id,
          branch: f.deployment.branch,
          version: f.deployment.version,
          actor: f.deployment.actor,
        },
        value: 1,
      }));
    },
  },
  'What spent the budget/From': { values: spent((row) => (row.facts.triggered - 60) * 1000) },
  'What spent the budget/To': { values: spent((row) => ((row.facts.finished ?? 0) + 900) * 1000) },
  'Cost of the month/A': {
    values: (truth) =>
      byLabels(
        inMonth(truth).filter((f) => totalCost(f) > 0),
        environmentOf,
        (group) => sum(group.map(totalCost)),
      ),
  },
  'Per deployment/A': {
    ...window,
    values: (truth) =>
      byLabels(
        inMonth(truth).filter((f) => totalCost(f) > 0),
        environmentOf,
        (group) => average(group.map(totalCost)),
      ),
  },
  'Spent on failures/A': {
    values: (truth) =>
      byLabels(
        inMonth(truth).filter((f) => totalCost(f) > 0 && f.outcome !== 'success'),
        environmentOf,
        (group) => sum(group.map(totalCost)),
      ),
  },
  'Cost by resource/A': { values: (truth) => [...truth.thisMonth().cost] },
  'Cost by day/A': { ...window, values: (truth) => [...truth.rolling('1d').cost] },
};
