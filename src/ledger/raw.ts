import {
  binary,
  clampMin,
  count,
  firstOf,
  group,
  type LabelValue,
  max,
  metric,
  min,
  namesOf,
  not,
  notOfKind,
  now,
  ofKind,
  or,
  type PerDeployment,
  type PerStage,
  perDeployment,
  type perMigration,
  perStage,
  type perTest,
  pipelineJob,
  rollbackReasons,
  scalar,
  stageStatuses,
  sum,
  target,
  times,
  union,
  unless,
  type Vector,
  without,
  withValue,
} from '../metrics/index.ts';
import * as collector from './collector.ts';

/**
 * The seam between how data is pushed and everything that reads it: pushed series in, one series per deployment
 * (or stage) out. What several rules ask is recorded once, by `seam.ts`, and named here. Nothing outside these files
 * and `collector.ts` knows of groups, of who pushed, or of labels that a group adds.
 */

/** When the last push of any kind arrived, by the gateway's own clock, so that a runner's clock does not matter. */
export const lastPush: Vector<PerDeployment> = metric('deployment:heard_of_timestamp_seconds:max');
/** When it was pushed; when it was started, if that is all that is known. */
export const reportedTrigger: Vector<PerDeployment> = metric(
  'deployment:reported_trigger_timestamp_seconds:min',
);
/** When it was started; when it was pushed, if that is all that is known. */
export const reportedStart: Vector<PerDeployment> = metric('deployment:reported_start_timestamp_seconds:min');
/** When the run itself said that it was finished. */
export const reportedFinish: Vector<PerDeployment> = metric(
  'deployment:reported_finish_timestamp_seconds:max',
);
/** Outcome that the run itself reported. */
export const reportedOutcome: Vector<PerDeployment> = metric('deployment:reported_outcome:code');

/** When the commit was made that it deploys. */
export const committed: Vector<PerDeployment> = metric('deployment:reported_commit_timestamp_seconds:min');

/** Deployments that say that they fix an earlier one. */
export const rework: Vector<PerDeployment> = max(metric('deployment_rework_info'), { by: perDeployment });
/** The same with the id of the one that they fix, where they name it. */
export const reworkOf: Vector<PerDeployment | 'rework_of'> = group(
  metric('deployment_rework_info', { rework_of: not('') }),
  { by: [...perDeployment, 'rework_of'] },
);
/** Those that do not name it. */
export const reworkOfTheLast: Vector<PerDeployment> = max(
  metric('deployment_rework_info', { rework_of: without }),
  {
    by: perDeployment,
  },
);

/** The labels of what is said of a deployment. */
export const infoLabels = [
  ...perDeployment,
  'branch',
  'commit',
  'version',
  'actor',
  'previous_deployment_id',
  'run_url',
  'repository_url',
  'preview',
] as const;
/** Info: version, actor and run, as far as reported; always 1. */
export const info: Vector<(typeof infoLabels)[number]> = metric('deployment:reported_info:last');

const abandonedAfter = target('abandoned.afterSeconds');
/** Deployments of which nothing was heard for too long: when they count as finished, should they never have. */
export const silentAt: Vector<PerDeployment> = binary(
  binary(lastPush, '<=', scalar(now, '-', abandonedAfter)),
  '+',
  abandonedAfter,
);
/** When deployments began that are running now. */
export const running: Vector<PerDeployment> = metric('deployment:running_since_timestamp_seconds:min');
/**
 * Deployments of which the gateway holds neither start nor finish: late events, after the rest was removed. Asked of the
 * pushes themselves, because everything else of such a deployment waits for the answer. Of one that the gate refused
 * before it began there is nothing else, and it is no deployment.
 */
export const remnants: Vector<PerDeployment> = unless(
  max(metric('push_time_seconds', { job: pipelineJob, deployment_id: not(''), gate: without }), {
    by: perDeployment,
  }),
  union<string>(
    metric('deployment_started_timestamp_seconds'),
    metric('deployment_triggered_timestamp_seconds'),
    metric('deployment_finished_timestamp_seconds'),
    metric('deployment_in_progress'),
  ) as Vector<PerDeployment>,
  { on: perDeployment },
);

/** Status of every stage that ended, rollbacks too. */
export const statusShown: Vector<PerStage> = metric('deployment_stage:reported_status:code');
/**
 * Where the status is a label, an earlier try may have another one: a gateway has forgotten it, what was written remotely
 * has not. The status as a value is the last one.
 */
const succeededAtLast = binary(statusShown, '==', stageStatuses.success);

/** Deployments of which a rollback failed, perhaps at a first try. */
export const rollbackFailedOnce: Vector<PerDeployment> = max(
  metric('deployment_rollback_total', { status: 'failure' }),
  { by: perDeployment },
);
/** Deployments of which a rollback failed. */
export const rollbackFailed: Vector<PerDeployment> = max(
  unless(metric('deployment_rollback_total', { status: 'failure' }), succeededAtLast, { on: perStage }),
  { by: perDeployment },
);
/** Deployments of which a rollback succeeded. */
export const rollbackSucceeded: Vector<PerDeployment> = max(
  metric('deployment_rollback_total', { status: 'success' }),
  { by: perDeployment },
);
/** Deployments of which a rollback succeeded whose reason was health; of several reasons it has the lowest code. */
export const rolledBackForHealth: Vector<PerDeployment> = max(
  metric('deployment_rollback_total', { status: 'success', reason: 'health_check_failed' }),
  { by: perDeployment },
);
/** Why they were rolled back, for a reason that the catalogue knows; of several the one with the lowest code. */
export const rollbackReason: Vector<PerDeployment> = min(
  union(
    ...namesOf(rollbackReasons, 'none', 'other').map((reason) =>
      withValue(rollbackReasons[reason], metric('deployment_rollback_total', { status: 'success', reason })),
    ),
  ),
  { by: perDeployment },
);

/** When the last rollback of a deployment ended. */
export const rollbackFinished: Vector<PerDeployment> = firstOf(
  perDeployment,
  max(metric('deployment_rollback_finished_timestamp_seconds'), { by: perDeployment }),
  collector.rolledBackAt,
);

const notRollback = { stage: notOfKind('rollback') } as const;

/** Status of every stage that ended, rollbacks not counted; the worst, if it was reported twice. */
export const stageStatus: Vector<PerStage> = metric('deployment_stage:reported_status:code', notRollback);
/** When every stage began, and when it ended; rollbacks not counted. */
export const stageStarted: Vector<PerStage> = metric(
  'deployment_stage:reported_start_timestamp_seconds:min',
  notRollback,
);
export const stageFinished: Vector<PerStage> = metric(
  'deployment_stage:reported_finish_timestamp_seconds:max',
  notRollback,
);
/** How many stages were seen, ended or not, rollbacks not counted. */
export const stageCount: Vector<PerDeployment> = count(or(stageStarted, stageStatus), { by: perDeployment });
/** How many of those that ended succeeded. */
export const stagesSucceeded: Vector<PerDeployment> = sum(
  binary(stageStatus, '==', stageStatuses.success, { bool: true }),
  { by: perDeployment },
);
/** The same, 0 as well of those of which none ended. */
export const stagesPassed: Vector<PerDeployment> = firstOf(
  perDeployment,
  stagesSucceeded,
  times(0, stageCount),
);
/** Stages that put a new version into production. */
const deployStages = metric('deployment_stage:reported_status:code', { stage: ofKind('deploy') });
/** Deployments of which such a stage ended, one way or the other. */
export const triedToDeploy: Vector<PerDeployment> = max(deployStages, { by: perDeployment });
/** Deployments of which such a stage succeeded: from then on users have the new version. */
export const deployed: Vector<PerDeployment> = max(binary(deployStages, '==', stageStatuses.success), {
  by: perDeployment,
});
/**
 * Seconds from the start to the end of every stage that ended; its reported duration where times are unknown. Start and
 * end may come from two machines: when their clocks differ, a short stage took no time, and not less.
 */
export const stageDuration: Vector<PerStage> = firstOf(
  perStage,
  clampMin(binary(stageFinished, '-', stageStarted), 0),
  max(metric('deployment_stage_duration_seconds', notRollback), { by: perStage }),
);
/** Stages that reported an error of this type. */
export const errorsOfType = (
  error_type: LabelValue<'deployment_errors_total', 'error_type'>,
): Vector<PerStage> =>
  unless(
    max(metric('deployment_errors_total', { error_type, ...notRollback }), { by: perStage }),
    succeededAtLast,
  );

/** Type of the error that a stage reported that did not succeed at last; of several the lowest code. */
export const errorType: Vector<PerStage> = unless(
  metric('deployment_stage:reported_error_type:code'),
  succeededAtLast,
);

/** Health checks of each service that were made, and that passed. */
export const healthChecks = metric('deployment_service:reported_health_checks:count');
export const healthChecksPassed = metric('deployment_service:reported_health_checks_passed:count');
/** Longest wait for each runner. */
export const runnerQueue = max(metric('deployment_runner_queue_seconds'), {
  by: [...perDeployment, 'runner'],
});
/** Cost on each resource. */
export const cost = max(metric('deployment_infrastructure_cost'), { by: [...perDeployment, 'resource'] });

/** 1 for a smoke test that passed, 0 for one that failed. */
export const testPassed: Vector<(typeof perTest)[number]> = metric('deployment_test:reported_passed:bool');
/** 1 for a run of migrations that succeeded, 0 for one that failed. */
export const migrationPassed: Vector<(typeof perMigration)[number]> = metric(
  'deployment_migration:reported_passed:bool',
);
/** Seconds that a run of migrations took. */
export const migrationDuration: Vector<(typeof perMigration)[number]> = metric(
  'deployment_migration:reported_duration_seconds:last',
);
