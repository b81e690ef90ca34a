import { outcomes, rollbackReasons } from '../../src/metrics/codes.ts';
import { labels } from '../../src/metrics/labels.ts';
import type { DashboardState } from '../../src/panels/dashboard-queries.ts';
import type { TruthTable } from '../live/panels.ts';
import { telemetryTruth } from '../live/telemetry-truth.ts';
import type { Indicators } from '../oracle/indicators.ts';
import type { RecentDeployment } from '../oracle/recent.ts';
import { byLabels, type Labelled } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import { dayStart, type RollingWindow } from '../oracle/windows.ts';

/** Environments that the dashboard is set to. */
const chosen = (state: DashboardState): RegExp => new RegExp(`^(?:${state.variables.environment})$`);
const inEnvironments = (values: readonly Labelled[], state: DashboardState): Labelled[] =>
  values.filter(({ labels: own }) => chosen(state).test(own.environment ?? ''));
const environments = (truth: Truth, state: DashboardState): string[] =>
  truth.environments.filter((name) => chosen(state).test(name));

/** An indicator over the window that is chosen on the dashboard. */
const windowed =
  (pick: (i: Indicators) => readonly Labelled[]) =>
  (truth: Truth, state: DashboardState): Labelled[] =>
    inEnvironments(pick(truth.rolling(state.variables.window as RollingWindow)), state);
/** An indicator over a fixed window. */
const over =
  (window: RollingWindow, pick: (i: Indicators) => readonly Labelled[]) =>
  (truth: Truth, state: DashboardState): Labelled[] =>
    inEnvironments(pick(truth.rolling(window)), state);

/** A number of the last deployments; those without it have no value. */
const column =
  (
    value: (row: RecentDeployment, truth: Truth) => number | undefined,
    label?: (row: RecentDeployment) => object,
  ) =>
  (truth: Truth, state: DashboardState): Labelled[] =>
    environments(truth, state).flatMap((name) =>
      truth.environment(name).recent.flatMap((row) => {
        const number = value(row, truth);
        const own = { environment: name, deployment_id: row.id, ...label?.(row) };
        return number === undefined ? [] : [{ labels: own, value: number }];
      }),
    );

/** The same of the newest that has finished. */
const last =
  (
    value: (row: RecentDeployment, truth: Truth) => number | undefined,
    label?: (row: RecentDeployment) => object,
  ) =>
  (truth: Truth, state: DashboardState): Labelled[] =>
    column(
      (row) =>
        row.id === truth.environment(row.environment).lastFinished?.id ? value(row, truth) : undefined,
      label,
    )(truth, state);

/** One number of each environment. */
const each =
  (value: (truth: Truth, environment: string) => { id?: string; value: number } | undefined) =>
  (truth: Truth, state: DashboardState): Labelled[] =>
    environments(truth, state).flatMap((environment) => {
      const one = value(truth, environment);
      if (!one) return [];
      return [{ labels: { environment, ...(one.id && { deployment_id: one.id }) }, value: one.value }];
    });

const failed = (i: Indicators): Labelled[] =>
  i.smokeTestsByName.map(({ labels: own, value }) => {
    const passed = i.smokeTestsPassedByName.find(
      (p) => p.labels.environment === own.environment && p.labels.test_name === own.test_name,
    );
    return { labels: own, value: value - (passed?.value ?? 0) };
  });
const passRate = (i: Indicators): Labelled[] =>
  failed(i).map(({ labels: own, value }, index) => {
    const made = i.smokeTestsByName[index]?.value ?? 0;
    return { labels: own, value: (made - value) / made };
  });

/** Rollbacks of today and of some days before, as the reader's clock counts days, by the day's start. */
export const rollbacksByDay = (
  { facts }: Truth,
  { to, utcOffset }: Pick<DashboardState, 'to' | 'utcOffset'>,
  daysBefore = 1,
): Labelled[] => {
  const dayOf = (time: number): number => dayStart(time, utcOffset);
  const rollbacks = facts.flatMap(({ environment, rollbackReason, rolledBack = 0 }) =>
    dayOf(rolledBack) >= dayOf(to) - daysBefore * 86_400
      ? [{ environment, reason: rollbackReason, day: String(dayOf(rolledBack)) }]
      : [],
  );
  return byLabels(
    rollbacks,
    (one) => one,
    (group) => group.length,
  );
};

const finished = (row: RecentDeployment): boolean => row.finished !== undefined;
const info = (row: RecentDeployment): object => ({
  branch: row.branch,
  version: row.version,
  actor: row.actor,
});
/** The end of what a link to it shows; of a running deployment that is now, by the server's clock. */
const shownUntil = (row: RecentDeployment, truth: Truth): number =>
  Math.min(truth.t, (row.finished ?? truth.t) + 900) * 1000;
const failedAt = ({ failedStage: stage }: RecentDeployment): number | undefined => stage?.at;
const failedStage = ({ failedStage: stage }: RecentDeployment): object => ({ failed: stage?.name });
const stageLabels = ['service', 'stage'];
const window = { ignore: ['window'] };
/** The recorder's own links are tested with the recorder. */
const urls = { ignore: ['run_url'] };

/** Truth of each number of the overview. */
export const overviewTruth: TruthTable = {
  ...telemetryTruth,
  'Success rate, $window/A': {
    ...window,
    values: windowed(({ successRate, deployments }) =>
      successRate.map(({ labels: own, value }, index) => ({
        labels: { ...own, deployments: String(deployments[index]!.value) },
        value,
      })),
    ),
  },
  'Current time to deploy/A': {
    values: each((truth, environment) => {
      const value = truth.environment(environment).currentTimeToDeploy;
      return value === undefined ? undefined : { value };
    }),
  },
  'Last deployment/A': {
    values: each((truth, environment) => {
      const last = truth.environment(environment).lastFinished;
      return last && { id: last.id, value: outcomes[last.outcome] };
    }),
  },
  'Active deployments/Active': {
    values: each((truth, environment) => ({ value: truth.environment(environment).active })),
  },
  'Active deployments/Since': {
    values: (truth, state) => {
      const running = truth.facts.filter((f) => f.outcome === 'running' && chosen(state).test(f.environment));
      const since = Math.min(...running.map(({ started }) => started));
      return running.length > 0 ? [{ labels: {}, value: since * 1000 }] : [];
    },
  },
  'Last deployment and its checks/Outcome': { values: last((row) => outcomes[row.outcome]) },
  'Last deployment and its checks/Finished': { values: last((row) => (row.finished ?? 0) * 1000) },
  'Last deployment and its checks/Failed': { ignore: stageLabels, values: last(failedAt, failedStage) },
  'Last deployment and its checks/Health': {
    values: last(
      ({ healthChecks: { made } }) => (made > 0 ? 1 : undefined),
      ({ healthChecks: { passed, made } }) => ({ health: `${passed} of ${made}` }),
    ),
  },
  'Last deployment and its checks/Tests': {
    values: last(
      ({ smokeTests: { made } }) => (made > 0 ? 1 : undefined),
      ({ smokeTests: { passed, made } }) => ({ tests: `${passed} of ${made}` }),
    ),
  },
  'Last deployment and its checks/Rollback': { values: last((row) => rollbackReasons[row.rollbackReason]) },
  'Last deployment and its checks/Info': { ...urls, values: last(() => 1, info) },
  'Last deployment and its checks/From': { values: last((row) => (row.triggered - 60) * 1000) },
  'Last deployment and its checks/To': { values: last(shownUntil) },
  'Success rate by day/A': { ...window, values: over('1d', (i) => i.successRate) },
  'Success rate by day/B': { ...window, values: over('1d', (i) => i.deployments) },
  'Time to deploy, p95/A': {
    ignore: ['window', 'quantile'],
    values: (truth, state) =>
      over('1d', (i) => i.timeToDeploy['0.95'])(truth, state).map(({ labels: own, value }) => ({
        labels: own,
        value: value / 60,
      })),
  },
  'Rollbacks by reason/A': {
    values: (truth, state) => inEnvironments(rollbacksByDay(truth, state), state),
  },
  'Stage duration/A': { ...window, values: windowed((i) => i.stageAverage) },
  'Stage failures/A': { ...window, values: windowed((i) => i.stageFailures) },
  'API health checks/A': { ...window, values: windowed((i) => i.healthRate) },
  'Tests and migrations/Tests': { ...window, values: windowed((i) => i.smokeRate) },
  'Tests and migrations/Migrations': { ...window, values: windowed((i) => i.migrationRate) },
  'Smoke tests/A': { ...window, values: windowed((i) => i.smokeTestsPassedByName) },
  'Smoke tests/B': { ...window, values: windowed(failed) },
  'Smoke tests/C': { ...window, values: windowed(passRate) },
  'Migration duration/A': {
    ignore: ['deployment_id'],
    values: each((truth, environment) => {
      const latest = truth
        .environment(environment)
        .recent.find((r) => finished(r) && r.migrationDuration > 0);
      return latest && { value: latest.migrationDuration };
    }),
  },
  'Recent deployments/Triggered': { values: column((row) => row.triggered * 1000) },
  'Recent deployments/Outcome': { values: column((row) => outcomes[row.outcome]) },
  'Recent deployments/Duration': { values: column((row) => (finished(row) ? row.duration : undefined)) },
  'Recent deployments/Failed': { ignore: stageLabels, values: column(failedAt, failedStage) },
  'Recent deployments/Stages': {
    values: (truth, state) =>
      column(
        (row) => (row.stages > 0 ? 1 : undefined),
        (row) => ({ stages: `${row.stagesPassed} of ${row.stages}` }),
      )(truth, state),
  },
  'Recent deployments/Rollback': { values: column((row) => rollbackReasons[row.rollbackReason]) },
  'Recent deployments/Cost': {
    zeroIsAbsent: true,
    values: column((row) => row.cost),
  },
  'Recent deployments/Info': { ...urls, values: column(() => 1, info) },
  'Recent deployments/From': { values: column((row) => (row.triggered - 60) * 1000) },
  'Recent deployments/To': {
    values: column(shownUntil),
  },
};

/** Every combination of variables that the overview is looked at with, from three places of the world. */
export const overviewStates = (to: number, production = 'production'): DashboardState[] =>
  labels.window.flatMap((w, index) =>
    ['.*', production].map((environment) => ({
      variables: { environment, window: w },
      from: to - 86_400,
      to,
      utcOffset: [0, 13 * 3_600, -9.5 * 3_600][index % 3]!,
    })),
  );
