import {
  ago,
  and,
  binary,
  clampMin,
  constant,
  count,
  custom,
  customFact,
  errorTypes,
  firstOf,
  lastOverTime,
  max,
  metric,
  now,
  or,
  outcomes,
  type Range,
  type RecordingRule,
  type RuleGroup,
  record,
  recordCustom,
  rollbackReasons,
  stageStatuses,
  sum,
  times,
  union,
  unless,
  type Vector,
  vector,
  withValue,
} from '../metrics/index.ts';
import { lateAfter, ledgerInterval, type Pipeline, sampling, type Targets } from '../pipeline/index.ts';
import { gateFacts } from './gate.ts';
import { productionFacts } from './production.ts';
import * as raw from './raw.ts';
import { deployment, perStage, perTest } from './raw.ts';
import { seam } from './seam.ts';

const minutes = (seconds: number): Range => `${seconds / 60}m`;

const finishedEarlier = metric('deployment:finished_earlier_timestamp_seconds:max');
/** When the deployments had finished that were swept away, and of which something is said again. */
const swept = binary(finishedEarlier, '>', 0);
/** The fact, but not of a deployment that was swept away: the gateway has only the rest of it, and the fact stands. */
const whole = <L extends string>(fact: Vector<L | raw.Deployment>) => unless(fact, swept, { on: deployment });

/**
 * When the deployment finished, as far as that is known now. Silence ends a deployment that has started; one whose
 * start is not there only when the ledger was asked and does not know it either.
 */
const finish = firstOf(
  deployment,
  raw.reportedFinish,
  swept,
  and(raw.silentAt, or(raw.reportedStart, binary(finishedEarlier, '==', 0))),
);
const ended = metric('deployment:ended_timestamp_seconds:max');
/** The later of the last push and the finish (an abandoned deployment finishes after its last push). */
const lastEvent = firstOf(deployment, binary(raw.lastPush, '>', ended), ended);

/** The last push of the deployment of which all facts had been written, and some minutes had passed since. */
const settled = lastOverTime(
  metric('deployment:recorded_push_timestamp_seconds:max'),
  minutes(sampling.retention),
  {
    offset: minutes(sampling.eager),
  },
);

/**
 * When a deployment's facts are due: from what was heard of it until the ledger has read in its own last fact that they
 * were written, and for some minutes more. So they come at once, come again when something else is heard, and come late
 * rather than never when Prometheus was away, or when a ruler sees what it wrote only an evaluation or two later. All
 * facts are written at the same evaluations, because each asks for this one.
 */
const due = unless(binary(lastEvent, '>', ago(sampling.retention)), binary(settled, '==', raw.lastPush));

const gate = metric('deployment:last_event_timestamp_seconds:max');
const finished = metric('deployment:finished_timestamp_seconds:max');
const outcome = metric('deployment:outcome:code');
const failedStages = binary(raw.stageStatus, '==', stageStatuses.failure);
const succeededStages = binary(raw.stageStatus, '==', stageStatuses.success);

/** The fact, at the evaluations at which the deployment's facts are due and only when it has finished. */
const onceFinished = <L extends string>(fact: Vector<L | raw.Deployment>) =>
  and(fact, outcome, { on: deployment });
/** 0 instead of the count for a cancelled deployment: it is shown, and counts in no indicator. */
const unlessCancelled = <L extends string>(fact: Vector<L | raw.Deployment>) =>
  binary(whole(fact), '*', binary(outcome, '!=', outcomes.cancelled, { bool: true }), {
    on: deployment,
    groupLeft: [],
  });

/** Exactly one outcome per deployment; the order is the definition. */
const outcomeOf = union<raw.Deployment>(
  withValue(outcomes.failure, raw.rollbackFailed),
  withValue(outcomes.rolled_back, raw.rollbackSucceeded),
  constant(outcomes.failure, failedStages, { by: deployment }),
  raw.reportedOutcome,
  withValue(outcomes.abandoned, unless(ended, swept)),
);

/** Of several reasons the first of the list; one that the list does not have is another one. */
const rollbackReason = firstOf(deployment, raw.rollbackReason, withValue(rollbackReasons.other, outcome));

const withOutcome = (name: keyof typeof outcomes): Vector<raw.Deployment> =>
  binary(outcome, '==', outcomes[name]);
/** A deployment may first be rolled back in part, and then the rest of the rollback fails: it is 0 then, which is never. */
const rolledBackAt = firstOf(
  deployment,
  and(firstOf(deployment, raw.rollbackFinished, finished), withOutcome('rolled_back')),
  and(times(0, raw.rollbackFailedOnce), outcome),
);
const spends = (weight: number, who: Vector<raw.Deployment>): Vector<raw.Deployment> =>
  withValue(weight, who);

/** Error budget that a deployment spends; the first line that applies decides. */
const budgetSpent = (weights: Targets['budget']): Vector<raw.Deployment> =>
  firstOf(
    deployment,
    spends(0, withOutcome('cancelled')),
    spends(weights.rolledBackForHealth, and(withOutcome('rolled_back'), raw.rolledBackForHealth)),
    spends(weights.rolledBack, withOutcome('rolled_back')),
    spends(weights.failed, withOutcome('failure')),
    spends(weights.failed, withOutcome('abandoned')),
    spends(weights.failed, whole(max(binary(raw.testPassed, '==', 0), { by: deployment }))),
    spends(weights.failed, whole(max(binary(raw.migrationPassed, '==', 0), { by: deployment }))),
    spends(0, withOutcome('success')),
  );

/** Error type of a failed stage; one without is a command that failed. */
const errorType = and(
  firstOf(perStage, raw.errorType, withValue(errorTypes.command_failed, failedStages)),
  failedStages,
);

const { testPassed } = raw;
const migrations = raw.migrationPassed;
const perResource = [...deployment, 'resource'] as const;
const cost = firstOf(perResource, raw.cost, metric('deployment_resource:cost_earlier_usd:sum'));

/** When it happened: beside the first, written whenever anything of the deployment is. */
const timeFacts: readonly RecordingRule[] = [
  record('deployment:ended_timestamp_seconds:max', finish),
  record('deployment:last_event_timestamp_seconds:max', due),
  record('deployment:finished_timestamp_seconds:max', and(ended, gate)),
  // Also while it runs, and of rollbacks, which count as no stages and are shown as such.
  record('deployment_stage:status:code', and(raw.statusShown, or(gate, raw.running), { on: deployment })),
  record(
    'deployment:finished_late_timestamp_seconds:max',
    and(finished, binary(binary(raw.lastPush, '-', finished), '>', lateAfter)),
  ),
  record('deployment:outcome:code', and(outcomeOf, gate)),
  record(
    'deployment:triggered_timestamp_seconds:min',
    onceFinished(firstOf(deployment, raw.reportedTrigger, whole(finished))),
  ),
  record(
    'deployment:started_timestamp_seconds:min',
    onceFinished(firstOf(deployment, raw.reportedStart, whole(finished))),
  ),
  record(
    'deployment:duration_seconds:last',
    onceFinished(clampMin(binary(finished, '-', raw.reportedTrigger), 0)),
  ),
  record(
    'deployment:success:bool',
    binary(binary(outcome, '!=', outcomes.cancelled), '==', outcomes.success, { bool: true }),
  ),
  record('deployment:rollback_reason:code', and(rollbackReason, withOutcome('rolled_back'))),
  record('deployment:rollback_finished_timestamp_seconds:max', rolledBackAt),
];

/** Deployments that count: 0 for cancelled ones. */
const countFacts: readonly RecordingRule[] = [
  record('deployment:stages:count', onceFinished(whole(raw.stageCount))),
  record('deployment:stages_passed:count', onceFinished(whole(raw.stagesPassed))),
  record('deployment:health_checks:count', unlessCancelled(sum(raw.healthChecks, { by: deployment }))),
  record(
    'deployment:health_checks_passed:count',
    unlessCancelled(sum(raw.healthChecksPassed, { by: deployment })),
  ),
  record('deployment_test:smoke_tests:count', unlessCancelled(constant(1, testPassed, { by: perTest }))),
  record('deployment_test:smoke_tests_passed:count', unlessCancelled(testPassed)),
  record('deployment:smoke_tests:count', unlessCancelled(count(testPassed, { by: deployment }))),
  record('deployment:smoke_tests_passed:count', unlessCancelled(sum(testPassed, { by: deployment }))),
  record('deployment:migrations:count', unlessCancelled(count(migrations, { by: deployment }))),
  record('deployment:migrations_passed:count', unlessCancelled(sum(migrations, { by: deployment }))),
  record(
    'deployment:migration_duration_seconds:sum',
    onceFinished(whole(sum(raw.migrationDuration, { by: deployment }))),
  ),
];

/** A number of each deployment, for each metric that the pipeline file defines. */
const customFacts = ({ metrics }: Pick<Pipeline, 'metrics'>): readonly RecordingRule[] =>
  Object.entries(metrics).map(([name, { labels = {} }]) =>
    recordCustom(
      customFact(name),
      and(max(custom(name), { by: [...deployment, ...Object.keys(labels)] }), gate, { on: deployment }),
    ),
  );

/** Facts of parts of the deployment, and its cost. */
const detailFacts = (
  weights: Targets['budget'],
  customs: readonly RecordingRule[] = [],
): readonly RecordingRule[] => [
  record('deployment_stage:duration_seconds:last', onceFinished(and(raw.stageDuration, succeededStages))),
  record('deployment_stage:error_type:code', onceFinished(errorType)),
  record('deployment_runner:queue_seconds:max', and(raw.runnerQueue, gate, { on: deployment })),
  record('deployment_resource:cost_usd:sum', and(cost, gate, { on: deployment })),
  record('deployment:cost_usd:sum', sum(metric('deployment_resource:cost_usd:sum'), { by: deployment })),
  ...customs,
  record('deployment:error_budget_spent:sum', and(budgetSpent(weights), outcome)),
  record('deployment:info:last', onceFinished(raw.info)),
  ...gateFacts,
  // After the longest chain of facts, so that it says that they are complete; late events may not change the outcome.
  record(
    'deployment:recorded_push_timestamp_seconds:max',
    and(raw.lastPush, and(gate, or(metric('deployment:error_budget_spent:sum'), swept))),
  ),
  // Last, so that it says that all of them were evaluated.
  record('deployment_observability:ledger_evaluated_timestamp_seconds:max', vector(now)),
];

/** The names of all facts, which no pipeline changes. */
export const factNames: readonly string[] = [
  ...seam,
  ...timeFacts,
  ...countFacts,
  ...productionFacts,
  ...detailFacts({ half: 0, failed: 0, rolledBackForHealth: 0, rolledBack: 0 }),
].map(({ record }) => record);

/** The ledger: what was pushed becomes one row of facts per deployment. */
export const ledger = ({ targets, metrics }: Pipeline): RuleGroup => ({
  name: 'deployment-ledger',
  interval: ledgerInterval,
  rules: [
    ...seam,
    ...timeFacts,
    ...countFacts,
    ...productionFacts,
    ...detailFacts(targets.budget, customFacts({ metrics })),
  ],
  source: import.meta.url,
});

/**
 * Late events (cost, rollback) that arrive after the groups were removed. When
 * it had finished and what it had cost is looked up in the ledger, in a group of its own because looking back is not
 * free. Such a word changes the cost, and a rollback the outcome; everything else stays as it was recorded.
 */
export const lateEvents: RuleGroup = {
  name: 'deployment-ledger-late',
  interval: 60,
  rules: [
    record(
      'deployment:finished_earlier_timestamp_seconds:max',
      firstOf(
        deployment,
        and(lastOverTime(finished, '30d'), raw.remnants, { on: deployment }),
        times(0, raw.remnants),
      ),
    ),
    record(
      'deployment_resource:cost_earlier_usd:sum',
      and(lastOverTime(metric('deployment_resource:cost_usd:sum'), '30d'), raw.remnants, { on: deployment }),
    ),
    record(
      'deployment:stages_finished_earlier_timestamp_seconds:max',
      and(lastOverTime(metric('deployment:stages_finished_timestamp_seconds:max'), '30d'), raw.remnants),
    ),
  ],
  source: import.meta.url,
};
