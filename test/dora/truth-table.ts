import type { DashboardState } from '../../src/panels/dashboard-queries.ts';
import type { Comparison } from '../oracle/compare.ts';
import type { DoraMetrics } from '../oracle/dora.ts';
import type { FlakyPart } from '../oracle/flaky.ts';
import { queueTime } from '../oracle/queue.ts';
import { byLabels, type Labelled, quantile } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import { calendarDay, rolling, within } from '../oracle/windows.ts';

const day = 86_400;

const key =
  (pick: (keys: DoraMetrics) => number | undefined) =>
  (truth: Truth): Labelled[] =>
    truth.environments.flatMap((environment) => {
      const value = pick(truth.doraMetrics(environment, '30d'));
      return value === undefined || value === 0 ? [] : [{ labels: { environment }, value }];
    });

const minutes = (pick: (keys: DoraMetrics) => number | undefined) => (keys: DoraMetrics) => {
  const seconds = pick(keys);
  return seconds === undefined ? undefined : seconds / 60;
};

const countedIn = (truth: Truth, environment: string): Labelled[] =>
  truth.doraMetrics(environment, '30d').counted.map(({ id, as }) => ({
    labels: { environment, deployment_id: id, counted_as: as },
    value: 0,
  }));

/** Durations of stages that succeeded in a window. */
export const stagesIn = (truth: Truth, window: '1d' | '7d' | '30d' | 'today') =>
  within(truth.facts, window === 'today' ? calendarDay(truth.t) : rolling(window, truth.t)).flatMap((f) =>
    f.stages
      .filter(({ status }) => status === 'success')
      .map(({ service, stage, duration = 0 }) => ({ environment: f.environment, service, stage, duration })),
  );
const ofStages =
  (window: '1d' | '7d' | '30d', measure: (durations: number[]) => number | undefined) =>
  (truth: Truth): Labelled[] =>
    byLabels(
      stagesIn(truth, window),
      ({ environment, service, stage }) => ({ environment, service, stage }),
      (group) => measure(group.map(({ duration }) => duration)),
    );
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function slowdown(truth: Truth): Labelled[] {
  const before = ofStages('30d', mean)(truth);
  return ofStages(
    '7d',
    mean,
  )(truth).map(({ labels, value }) => {
    const usual = before.find((b) => JSON.stringify(b.labels) === JSON.stringify(labels))!;
    return { labels, value: value / usual.value - 1 };
  });
}

const flaky =
  (pick: (part: FlakyPart) => number) =>
  (truth: Truth): Labelled[] =>
    truth
      .flaky('30d')
      .map((one) => ({ labels: { environment: one.environment, part: one.part }, value: pick(one) }));

const inMinutes = ({ labels, value }: Labelled): Labelled => ({ labels, value: value / 60 });
/** Half of the time that the three longest stages of each environment took. */
const levers = (truth: Truth): Labelled[] => {
  const all = ofStages('30d', (durations) => durations.reduce((a, b) => a + b, 0) / 2)(truth);
  return truth.environments.flatMap((environment) =>
    all
      .filter(({ labels }) => labels.environment === environment)
      .sort((a, b) => b.value - a.value)
      .slice(0, 3),
  );
};
const queued =
  (window: '1h' | '30d', q: number, unit = 1) =>
  (truth: Truth): Labelled[] =>
    queueTime(within(truth.facts, rolling(window, truth.t)), q).map(({ labels, value }) => ({
      labels: { ...labels, runner: labels.runner || 'until the first job' },
      value: value / unit,
    }));

/** A rollback hours later is counted from the finish: its stages are forgotten by then, and ended seconds before. */
const late = { within: 10 };

/** Truth of each query at the end of the time span; of bars by day, of the last full day. */
export const doraTruth: Readonly<
  Record<string, Comparison & { values: (truth: Truth) => readonly Labelled[] }>
> = {
  'Deployment frequency/A': { values: key((k) => k.deploymentsPerDay) },
  'Change lead time/A': { values: key((k) => k.leadTime) },
  'Change fail rate/A': { zeroIsAbsent: true, values: key((k) => k.changeFailRate) },
  'Rework rate/A': { zeroIsAbsent: true, values: key((k) => k.reworkRate) },
  'Failed deployment recovery time/A': { ...late, values: key((k) => k.recoveryTime) },
  'Frequency trend/A': { values: key((k) => k.deploymentsPerDay) },
  'Lead time trend/A': { values: key(minutes((k) => k.leadTime)) },
  'Fail rate trend/A': { zeroIsAbsent: true, values: key((k) => k.changeFailRate) },
  'Rework rate trend/A': { zeroIsAbsent: true, values: key((k) => k.reworkRate) },
  'Recovery time trend/A': { within: late.within / 60, values: key(minutes((k) => k.recoveryTime)) },
  'Failed changes and rework/Counted': {
    // Which ones, and as what; when is the ledger's.
    within: Number.POSITIVE_INFINITY,
    values: (truth) => truth.environments.flatMap((environment) => countedIn(truth, environment)),
  },
  'Stage durations/A': { values: ofStages('1d', mean) },
  'Stage durations/B': { values: ofStages('30d', (d) => quantile(0.5, d)) },
  'Stage durations/C': { values: ofStages('30d', (d) => quantile(0.95, d)) },
  'Getting slower?/Median': { values: ofStages('30d', (d) => quantile(0.5, d)) },
  'Getting slower?/P95': { values: ofStages('30d', (d) => quantile(0.95, d)) },
  'Getting slower?/Change': { values: slowdown },
  'Biggest levers/Saved': { values: levers },
  'Waiting for runners/Median': { values: queued('30d', 0.5) },
  'Waiting for runners/P95': { values: queued('30d', 0.95) },
  'Waiting and work/A': { values: (truth) => truth.rolling('1h').timeToDeploy['0.5'].map(inMinutes) },
  'Waiting and work/B': { values: queued('1h', 0.5, 60) },
  'Flaky stages and smoke tests/Failures': { values: flaky(({ failures }) => failures) },
  'Flaky stages and smoke tests/Share': { values: flaky(({ share }) => share) },
  'Flaky stages and smoke tests/Lost': { values: flaky(({ lost }) => lost) },
};

/** All environments, services and stages of the last thirty days. */
export const doraState = (to: number): DashboardState => ({
  variables: { environment: '.*', service: '.*', stage: '.*' },
  from: to - 30 * day,
  to,
});
