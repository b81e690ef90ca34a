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
  type PerDeployment,
  perDeployment,
  perStage,
  perTest,
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
import { seam } from './seam.ts';
import { finishedAt } from './windows/window.ts';

const minutes = (seconds: number): Range => `${seconds / 60}m`;

const finishedEarlier = metric('deployment:finished_earlier_timestamp_seconds:max');
/** When the deployments had finished that were swept away, and of which something is said again. */
const swept = binary(finishedEarlier, '>', 0);
/** The fact, but not of a deployment that was swept away: the gateway has only the rest of it, and the fact stands. */
const whole = <L extends string>(fact: Vector<L | PerDeployment>) =>
  unless(fact, swept, { on: perDeployment });

/**
 * When the deployment finished, as far as that is known now. Silence ends a deployment that has started; one whose
 * start is not there only when the ledger was asked and does not know it either.
 */
const finish = firstOf(
  perDeployment,
  raw.reportedFinish,
  swept,
  and(raw.silentAt, or(raw.reportedStart, binary(finishedEarlier, '==', 0))),
);
const ended = metric('deployment:ended_timestamp_seconds:max');
/** The later of the last push and the finish (an abandoned deployment finishes after its last push). */
const lastEvent = firstOf(perDeployment, binary(raw.lastPush, '>', ended), ended);

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
const outcome = metric('deployment:outcome:code');
const failedStages = binary(raw.stageStatus, '==', stageStatuses.failure);
const succeededStages = binary(raw.stageStatus, '==', stageStatuses.success);

/** The fact, at the evaluations at which the deployment's facts are due and only when it has finished. */
const onceFinished = <L extends string>(fact: Vector<L | PerDeployment>) =>
  and(fact, outcome, { on: perDeployment });
/** 0 instead of the count for a cancelled deployment: it is shown, and counts in no indicator. */
const unlessCancelled = <L extends string>(fact: Vector<L | PerDeployment>) =>
  binary(whole(fact), '*', binary(outcome, '!=', outcomes.cancelled, { bool: true }), {
    on: perDeployment,
    groupLeft: [],
  });

/** Exactly one outcome per deployment; the order is the definition. */
const outcomeOf = union<PerDeployment>(
  withValue(outcomes.failure, raw.rollbackFailed),
  withValue(outcomes.rolled_back, raw.rollbackSucceeded),
  constant(outcomes.failure, failedStages, { by: perDeployment }),
  raw.reportedOutcome,
  withValue(outcomes.abandoned, unless(ended, swept)),
);

/** Of several reasons the first of the list; one that the list does not have is another one. */
const rollbackReason = firstOf(perDeployment, raw.rollbackReason, withValue(rollbackReasons.other, outcome));

const withOutcome = (name: keyof typeof outcomes): Vector<PerDeployment> =>
  binary(outcome, '==', outcomes[name]);
/** A deployment may first be rolled back in part, and then the rest of the rollback fails: it is 0 then, which is never. */
const rolledBackAt = firstOf(
  perDeployment,
  and(firstOf(perDeployment, raw.rollbackFinished, finishedAt), withOutcome('rolled_back')),
  and(times(0, raw.rollbackFailedOnce), outcome),
);
const spends = (weight: number, who: Vector<PerDeployment>): Vector<PerDeployment> => withValue(weight, who);

/** Error budget that a deployment spends; the first line that applies decides. */
const budgetSpent = (weights: Targets['budget']): Vector<PerDeployment> =>
  firstOf(
    perDeployment,
    spends(0, withOutcome('cancelled')),
    spends(weights.rolledBackForHealth, and(withOutcome('rolled_back'), raw.rolledBackForHealth)),
    spends(weights.rolledBack, withOutcome('rolled_back')),
    spends(weights.failed, withOutcome('failure')),
    spends(weights.failed, withOutcome('abandoned')),
    spends(weights.failed, whole(max(binary(raw.testPassed, '==', 0), { by: perDeployment }))),
    spends(weights.failed, whole(max(binary(raw.migrationPassed, '==', 0), { by: perDeployment }))),
    spends(0, withOutcome('success')),
  );

/** Error type of a failed stage; one without is a command that failed. */
const errorType = and(
  firstOf(perStage, raw.errorType, withValue(errorTypes.command_failed, failedStages)),
  failedStages,
);

const { testPassed } = raw;
const migrations = raw.migrationPassed;
const perResource = [...perDeployment, 'resource'] as const;
const cost = firstOf(perResource, raw.cost, metric('deployment_resource:cost_earlier_usd:sum'));

/** When it happened: beside the first, written whenever anything of the deployment is. */
const timeFacts: readonly RecordingRule[] = [
  record('deployment:late_push_timestamp_seconds:max', raw.remnants),
  record('deployment:ended_timestamp_seconds:max', finish),
  record('deployment:last_event_timestamp_seconds:max', due),
  record('deployment:finished_timestamp_seconds:max', and(ended, gate)),
  // Also while it runs, and of rollbacks, which count as no stages and are shown as such.
  record('deployment_stage:status:code', and(raw.statusShown, or(gate, raw.running), { on: perDeployment })),
  record(
    'deployment:finished_late_timestamp_seconds:max',
    and(finishedAt, binary(binary(raw.lastPush, '-', finishedAt), '>', lateAfter)),
  ),
  record('deployment:outcome:code', and(outcomeOf, gate)),
  record(
    'deployment:triggered_timestamp_seconds:min',
    onceFinished(firstOf(perDeployment, raw.reportedTrigger, whole(finishedAt))),
  ),
  record(
    'deployment:started_timestamp_seconds:min',
    onceFinished(firstOf(perDeployment, raw.reportedStart, whole(finishedAt))),
  ),
  record(
    'deployment:duration_seconds:last',
    onceFinished(clampMin(binary(finishedAt, '-', raw.reportedTrigger), 0)),
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
  record('deployment:health_checks:count', unlessCancelled(sum(raw.healthChecks, { by: perDeployment }))),
  record(
    'deployment:health_checks_passed:count',
    unlessCancelled(sum(raw.healthChecksPassed, { by: perDeployment })),
  ),
  record('deployment_test:smoke_tests:count', unlessCancelled(constant(1, testPassed, { by: perTest }))),
  record('deployment_test:smoke_tests_passed:count', unlessCancelled(testPassed)),
  record('deployment:smoke_tests:count', unlessCancelled(count(testPassed, { by: perDeployment }))),
  record('deployment:smoke_tests_passed:count', unlessCancelled(sum(testPassed, { by: perDeployment }))),
  record('deployment:migrations:count', unlessCancelled(count(migrations, { by: perDeployment }))),
  record('deployment:migrations_passed:count', unlessCancelled(sum(migrations, { by: perDeployment }))),
  record(
    'deployment:migration_duration_seconds:sum',
    onceFinished(whole(sum(raw.migrationDuration, { by: perDeployment }))),
  ),
];

/** A number of each deployment, for each metric that the pipeline file defines. */
const customFacts = ({ metrics }: Pick<Pipeline, 'metrics'>): readonly RecordingRule[] =>
  Object.entries(metrics).map(([name, { labels = {} }]) =>
    recordCustom(
      customFact(name),
      and(max(custom(name), { by: [...perDeployment, ...Object.keys(labels)] }), gate, { on: perDeployment }),
    ),
  );

/** Facts of parts of the deployment, and its cost. */
const detailFacts = (
  weights: Targets['budget'],
  customs: readonly RecordingRule[] = [],
): readonly RecordingRule[] => [
  record('deployment_stage:duration_seconds:last', onceFinished(and(raw.stageDuration, succeededStages))),
  record('deployment_stage:error_type:code', onceFinished(errorType)),
  record('deployment_runner:queue_seconds:max', and(raw.runnerQueue, gate, { on: perDeployment })),
  record('deployment_resource:cost_usd:sum', and(cost, gate, { on: perDeployment })),
  record('deployment:cost_usd:sum', sum(metric('deployment_resource:cost_usd:sum'), { by: perDeployment })),
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

/** Recorded by the ledger before: beside thirty days of facts, thirty days of pushes would be searched for those of now. */
const latePush = lastOverTime(metric('deployment:late_push_timestamp_seconds:max'), '2m');

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
        perDeployment,
        and(lastOverTime(finishedAt, '30d'), latePush, { on: perDeployment }),
        times(0, latePush),
      ),
    ),
    record(
      'deployment_resource:cost_earlier_usd:sum',
      and(lastOverTime(metric('deployment_resource:cost_usd:sum'), '30d'), latePush, {
        on: perDeployment,
      }),
    ),
    record(
      'deployment:stages_finished_earlier_timestamp_seconds:max',
      and(lastOverTime(metric('deployment:stages_finished_timestamp_seconds:max'), '30d'), latePush),
    ),
  ],
  source: import.meta.url,
};
