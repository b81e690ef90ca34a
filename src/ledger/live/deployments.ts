import {
  ago,
  and,
  binary,
  constant,
  count,
  firstOf,
  lastOverTime,
  max,
  metric,
  not,
  ofKind,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  perMigration,
  perTest,
  pipelineJob,
  type RecordingRule,
  record,
  stageStatuses,
  target,
  unless,
  type Vector,
} from '../../metrics/index.ts';
import * as raw from '../raw.ts';

const by = { by: perDeployment };
const sameDeployment = { on: perDeployment };
const recentOutcome = metric('recent_deployment:outcome:code');
const recentFinish = metric('recent_deployment:finished_timestamp_seconds:max');
/** When those of the last ten finished that ended in one way; known also when the gateway has forgotten them. */
const finishedAs = (name: keyof typeof outcomes): Vector<PerDeployment> =>
  and(recentFinish, binary(recentOutcome, '==', outcomes[name]), sameDeployment);

/** When a stage failed, when the run said that it failed, or when the ledger says that it finished as a failure. */
const failed = firstOf(
  perDeployment,
  max(and(raw.stageFinished, binary(raw.stageStatus, '==', stageStatuses.failure)), by),
  and(raw.reportedFinish, binary(raw.reportedOutcome, '==', outcomes.failure)),
  finishedAs('failure'),
);

/** The time that was reported; where none was, that of the last word of the deployment. */
const when = (reported: Vector<PerDeployment>, who: Vector<PerDeployment>): Vector<PerDeployment> =>
  firstOf(perDeployment, and(reported, who), and(raw.lastPush, who));
const rollbackFinished = max(metric('deployment_rollback_finished_timestamp_seconds'), by);
const rolledBack = or(
  when(rollbackFinished, unless(raw.rollbackSucceeded, raw.rollbackFailed)),
  finishedAs('rolled_back'),
  sameDeployment,
);

const brokenMigrations = binary(raw.migrationPassed, '==', 0);
const migrationFinished = max(
  metric('deployment_stage_finished_timestamp_seconds', { stage: ofKind('migrate') }),
  {
    by: perMigration,
  },
);
/** Of those that finished: known also when the gateway has forgotten them, and corrected when they are run again. */
const migrationsFell = binary(
  lastOverTime(metric('deployment:migrations_passed:count'), '1d'),
  '<',
  lastOverTime(metric('deployment:migrations:count'), '1d'),
);
const migrationFailed = firstOf(
  perDeployment,
  when(max(and(migrationFinished, brokenMigrations), by), max(brokenMigrations, by)),
  and(recentFinish, migrationsFell, sameDeployment),
);

/**
 * No fact says that a rollback failed, but this series did while the gateway held it. What the gateway still holds
 * is asked of the gateway: a rollback that succeeded at the second try is no failure any more.
 */
const rollbackFailed = firstOf(
  perDeployment,
  when(rollbackFinished, raw.rollbackFailed),
  and(
    unless(
      lastOverTime(metric('deployment:rollback_failed_timestamp_seconds:max'), '1d'),
      raw.lastPush,
      sameDeployment,
    ),
    binary(recentOutcome, '==', outcomes.failure),
    sameDeployment,
  ),
);

/** Those that began before the last one that succeeded: their errors are no longer live. */
const recentStart = metric('recent_deployment:started_timestamp_seconds:min');
const superseded = binary(
  firstOf(perDeployment, raw.reportedStart, recentStart),
  '<',
  max(and(recentStart, binary(recentOutcome, '==', outcomes.success), sameDeployment), {
    by: ['environment'],
  }),
  { on: ['environment'], groupLeft: [] },
);

const testFinished = firstOf(
  perTest,
  max(metric('smoke_test_finished_timestamp_seconds'), { by: perTest }),
  max(metric('push_time_seconds', { job: pipelineJob, test_name: not('') }), { by: perTest }),
);
const failedTests = and(
  binary(raw.testPassed, '==', 0),
  binary(testFinished, '>', ago(target('eventSeconds'))),
);

/** How deployments stand. */
export const deploymentRules: readonly RecordingRule[] = [
  record('deployment:failed_timestamp_seconds:max', failed),
  record('deployment:migration_failed_timestamp_seconds:max', migrationFailed),
  record('deployment:smoke_tests_failed:count', count(failedTests, by)),
  record('deployment:rollback_failed_timestamp_seconds:max', rollbackFailed),
  record('deployment:rolled_back_timestamp_seconds:max', rolledBack),
  record('deployment:superseded:bool', constant(1, superseded, by)),
  record(
    'deployment_stage:running_since_timestamp_seconds:min',
    and(unless(raw.stageStarted, raw.stageStatus), raw.running, { on: perDeployment }),
  ),
];
