import { counts, type Facts } from './facts.ts';
import { queueTime } from './queue.ts';
import { average, byLabels, type Labelled, quantile, ratio, sum } from './statistics.ts';

/**
 * Indicators over deployments that have finished (those of one window). Each gives its values by environment and
 * whatever else it is by; where there is nothing to say, there is no value.
 */
export interface Indicators {
  readonly deployments: readonly Labelled[];
  readonly successRate: readonly Labelled[];
  readonly timeToDeploy: Readonly<Record<'0.5' | '0.95' | '0.99', readonly Labelled[]>>;
  readonly healthChecks: readonly Labelled[];
  readonly healthRate: readonly Labelled[];
  readonly smokeTests: readonly Labelled[];
  readonly smokeRate: readonly Labelled[];
  readonly smokeTestsByName: readonly Labelled[];
  readonly smokeTestsPassedByName: readonly Labelled[];
  readonly migrations: readonly Labelled[];
  readonly migrationRate: readonly Labelled[];
  readonly rollbacksByReason: readonly Labelled[];
  readonly stageAverage: readonly Labelled[];
  readonly stageP95: readonly Labelled[];
  readonly stageFailures: readonly Labelled[];
  readonly cost: readonly Labelled[];
  /** By runner, seconds. */
  readonly queued: (q: number) => readonly Labelled[];
  readonly budgetSpent: readonly Labelled[];
}

const environment = ({ environment: name }: { environment: string }): { environment: string } => ({
  environment: name,
});
const howMany = (group: readonly unknown[]): number => group.length;
const isOk = ({ ok }: { ok: boolean }): boolean => ok;

/** All indicators over these deployments. */
export function indicators(finished: readonly Facts[]): Indicators {
  const counted = finished.filter(counts);
  return {
    deployments: byLabels(counted, environment, howMany),
    successRate: byLabels(counted, environment, (group) =>
      average(group.map(({ outcome }) => (outcome === 'success' ? 1 : 0))),
    ),
    timeToDeploy: timeToDeploy(counted),
    ...checks(counted),
    ...migrations(counted),
    rollbacksByReason: byLabels(
      counted.filter(({ outcome }) => outcome === 'rolled_back'),
      (f) => ({ ...environment(f), reason: f.rollbackReason }),
      howMany,
    ),
    ...stages(finished),
    cost: byLabels(
      finished.flatMap((f) =>
        Object.entries(f.costs).map(([resource, usd]) => ({ ...environment(f), resource, usd })),
      ),
      (one) => ({ ...environment(one), resource: one.resource }),
      (group) => sum(group.map(({ usd }) => usd)),
    ),
    queued: (q) => queueTime(finished, q),
    budgetSpent: byLabels(counted, environment, (group) => sum(group.map((f) => f.budgetSpent))),
  };
}

function timeToDeploy(counted: readonly Facts[]): Indicators['timeToDeploy'] {
  const good = counted.filter(({ outcome }) => outcome === 'success');
  const at = (q: number): Labelled[] =>
    byLabels(good, environment, (group) =>
      quantile(
        q,
        group.flatMap((f) => f.duration ?? []),
      ),
    );
  return { '0.5': at(0.5), '0.95': at(0.95), '0.99': at(0.99) };
}

function checks(counted: readonly Facts[]) {
  const tests = counted.flatMap((f) => f.smokeTests.map((test) => ({ ...environment(f), ...test })));
  const byName = (test: (typeof tests)[number]) => ({ ...environment(test), test_name: test.name });
  const passed = (group: typeof tests): number => group.filter(isOk).length;
  const made = (group: readonly Facts[]): number => sum(group.map(({ health }) => health.made));
  return {
    healthChecks: byLabels(counted, environment, made),
    healthRate: byLabels(counted, environment, (group) =>
      ratio(sum(group.map(({ health }) => health.passed)), made(group)),
    ),
    smokeTests: byLabels(tests, environment, howMany),
    smokeRate: byLabels(tests, environment, (group) => ratio(passed([...group]), group.length)),
    smokeTestsByName: byLabels(tests, byName, howMany),
    smokeTestsPassedByName: byLabels(tests, byName, (group) => passed([...group])),
  };
}

function migrations(counted: readonly Facts[]) {
  const all = counted.flatMap((f) => f.migrations.map((one) => ({ ...environment(f), ...one })));
  return {
    migrations: byLabels(all, environment, howMany),
    migrationRate: byLabels(all, environment, (group) => ratio(group.filter(isOk).length, group.length)),
  };
}

/** Stages of all deployments that ended: a stage that was done is done, also when the run was cancelled afterwards. */
function stages(finished: readonly Facts[]) {
  const all = finished.flatMap((f) => f.stages.map((one) => ({ ...environment(f), ...one })));
  const labels = (s: (typeof all)[number]) => ({ ...environment(s), service: s.service, stage: s.stage });
  const durations = (group: readonly { duration?: number }[]): number[] =>
    group.flatMap(({ duration }) => duration ?? []);
  const good = all.filter(({ status }) => status === 'success');
  const bad = all.filter(({ status }) => status === 'failure');
  return {
    stageAverage: byLabels(good, labels, (group) => average(durations(group))),
    stageP95: byLabels(good, labels, (group) => quantile(0.95, durations(group))),
    stageFailures: byLabels(bad, (s) => ({ ...labels(s), error_type: s.errorType }), howMany),
  };
}
