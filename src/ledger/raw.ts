import {
  binary,
  clampMin,
  constant,
  count,
  firstOf,
  type LabelValue,
  max,
  metric,
  min,
  not,
  notOfKind,
  now,
  ofKind,
  or,
  outcomes,
  pipelineJob,
  scalar,
  stageStatuses,
  sum,
  target,
  times,
  unless,
  type Vector,
} from '../metrics/index.ts';
import * as collector from './collector.ts';

/**
 * The seam between how data is pushed and everything that reads it: pushed series in, one series per deployment
 * (or stage) out. Nothing outside this file and `collector.ts` knows of groups, of who pushed, or of labels that a
 * group adds.
 */

/** The labels that identify a deployment. */
export const deployment = ['environment', 'deployment_id'] as const;
/** The labels that identify a stage of it. */
export const perStage = [...deployment, 'service', 'stage'] as const;
/** The labels that identify one smoke test of it. */
export const perTest = [...deployment, 'test_name'] as const;
/** The labels that identify one run of migrations of it. */
export const perMigration = [...deployment, 'migration_name'] as const;

/** Label set of a deployment. */
export type Deployment = (typeof deployment)[number];
/** Label set of a stage. */
export type PerStage = (typeof perStage)[number];

/** When the last push of any kind arrived, by the gateway's own clock, so that a runner's clock does not matter. */
export const lastPush: Vector<Deployment> = max(
  metric('push_time_seconds', { job: pipelineJob, deployment_id: not('') }),
  { by: deployment },
);

const triggered = min(metric('deployment_triggered_timestamp_seconds'), { by: deployment });
const started = min(metric('deployment_started_timestamp_seconds'), { by: deployment });

/** When it was pushed; when it was started, if that is all that is known. */
export const reportedTrigger: Vector<Deployment> = firstOf(deployment, triggered, started, collector.began);
/** When it was started; when it was pushed, if that is all that is known. */
export const reportedStart: Vector<Deployment> = firstOf(deployment, started, triggered, collector.began);
/** When the run itself said that it was finished. */
export const reportedFinish: Vector<Deployment> = firstOf(
  deployment,
  max(metric('deployment_finished_timestamp_seconds'), { by: deployment }),
  collector.finished,
);
/** What the run said of its own outcome. One that only says that it is over succeeded, as far as anybody knows. */
export const reportedOutcome: Vector<Deployment> = firstOf(
  deployment,
  max(metric('deployment_outcome_code'), { by: deployment }),
  constant(outcomes.success, collector.finished, { by: deployment }),
);

/** When the commit was made that it deploys. */
export const committed: Vector<Deployment> = min(metric('deployment_committed_timestamp_seconds'), {
  by: deployment,
});

const infoLabels = [
  ...deployment,
  'branch',
  'commit',
  'version',
  'actor',
  'previous_deployment_id',
  'run_url',
  'repository_url',
] as const;
/** What was deployed, by whom and from which run, as far as anybody said; always 1. */
export const info: Vector<(typeof infoLabels)[number]> = or(
  max(metric('deployment_info'), { by: infoLabels }),
  collector.branch,
  { on: deployment },
);

const abandonedAfter = target('abandoned.afterSeconds');
/** Deployments of which nothing was heard for too long: when they count as finished, should they never have. */
export const silentAt: Vector<Deployment> = binary(
  binary(lastPush, '<=', scalar(now, '-', abandonedAfter)),
  '+',
  abandonedAfter,
);
/** When deployments began that are running now. */
export const running: Vector<Deployment> = unless(unless(reportedStart, reportedFinish), silentAt);
/** Deployments of which the gateway holds neither start nor finish: what was said after they were swept away. */
export const remnants: Vector<Deployment> = unless(lastPush, or(reportedFinish, reportedStart));

/** Deployments of which a rollback failed. */
export const rollbackFailed: Vector<Deployment> = max(
  metric('deployment_rollback_total', { status: 'failure' }),
  {
    by: deployment,
  },
);
/** Deployments of which a rollback succeeded. */
export const rollbackSucceeded: Vector<Deployment> = rollbackFor();

/** Deployments that were rolled back successfully for this reason; for any, without one. */
export function rollbackFor(reason?: LabelValue<'deployment_rollback_total', 'reason'>): Vector<Deployment> {
  const matchers = { status: 'success', ...(reason && { reason }) } as const;
  return max(metric('deployment_rollback_total', matchers), { by: deployment });
}

/** When the last rollback of a deployment ended. */
export const rollbackFinished: Vector<Deployment> = firstOf(
  deployment,
  max(metric('deployment_rollback_finished_timestamp_seconds'), { by: deployment }),
  collector.rolledBackAt,
);

const notRollback = { stage: notOfKind('rollback') } as const;

/** Status of every stage that ended, rollbacks not counted; the worst, if it was reported twice. */
export const stageStatus: Vector<PerStage> = firstOf(
  perStage,
  max(metric('deployment_stage_status_code', notRollback), { by: perStage }),
  collector.stageStatus,
);
const rollbacks = { stage: ofKind('rollback') } as const;
const rolledBack = (status: 'success' | 'failure'): Vector<PerStage> =>
  constant(stageStatuses[status], metric('deployment_rollback_total', { ...rollbacks, status }), {
    by: perStage,
  });
/** The same, and how rollbacks ended. */
export const statusShown: Vector<PerStage> = firstOf(
  perStage,
  stageStatus,
  max(metric('deployment_stage_status_code', rollbacks), { by: perStage }),
  rolledBack('failure'),
  rolledBack('success'),
);
/**
 * How many stages were seen, ended or not, rollbacks not counted.
 * @param ended status of those that ended
 */
export const stageCount = (ended: Vector<PerStage>): Vector<Deployment> =>
  count(
    or(
      constant(1, metric('deployment_stage_started_timestamp_seconds', notRollback), { by: perStage }),
      constant(1, ended, { by: perStage }),
    ),
    { by: deployment },
  );
/** How many of them succeeded; 0 as well. */
export const stagesPassed = (ended: Vector<PerStage>): Vector<Deployment> =>
  firstOf(
    deployment,
    sum(binary(ended, '==', stageStatuses.success, { bool: true }), { by: deployment }),
    times(0, stageCount(ended)),
  );
/** When every stage began, and when it ended. */
const began = min(metric('deployment_stage_started_timestamp_seconds', notRollback), { by: perStage });
const ended = max(metric('deployment_stage_finished_timestamp_seconds', notRollback), { by: perStage });
export const stageStarted: Vector<PerStage> = firstOf(perStage, began, collector.stageStarted);
export const stageFinished: Vector<PerStage> = firstOf(perStage, ended, collector.stageFinished);
/** Stages that put a new version into production; both producers count them. */
const deployStages = { stage: ofKind('deploy') } as const;
/** Deployments of which such a stage ended, one way or the other. */
export const triedToDeploy: Vector<Deployment> = max(metric('deployment_total', deployStages), {
  by: deployment,
});
/** Deployments of which such a stage succeeded: from then on users have the new version. */
export const deployed: Vector<Deployment> = max(
  metric('deployment_total', { status: 'success', ...deployStages }),
  { by: deployment },
);
/**
 * Seconds from the start to the end of every stage that ended; its reported duration where times are unknown. Start and
 * end may come from two machines: when their clocks differ, a short stage took no time, and not less.
 */
export const stageDuration: Vector<PerStage> = firstOf(
  perStage,
  clampMin(binary(ended, '-', began), 0),
  max(metric('deployment_stage_duration_seconds', notRollback), { by: perStage }),
);
/** Stages that reported an error of this type. */
export const errorsOfType = (
  error_type: LabelValue<'deployment_errors_total', 'error_type'>,
): Vector<PerStage> =>
  max(metric('deployment_errors_total', { error_type, ...notRollback }), { by: perStage });

/** Stages that reported an error of whatever type. */
export const anyError: Vector<PerStage> = max(metric('deployment_errors_total', notRollback), {
  by: perStage,
});

/** 1 for a health check that passed, 0 for one that failed; once, however often it is scraped. */
export const healthChecks = max(metric('deployment_health_check_success'), {
  by: [...deployment, 'service', 'attempt'],
});
/** What it cost on each resource. */
export const cost = max(metric('deployment_infrastructure_cost'), { by: [...deployment, 'resource'] });

/** 1 for a smoke test that passed, 0 for one that failed. */
export const testPassed = firstOf(
  perTest,
  max(metric('smoke_test_success'), { by: perTest }),
  collector.testPassed,
);
/** 1 for a run of migrations that succeeded, 0 for one that failed. */
export const migrationPassed = firstOf(
  perMigration,
  max(metric('migration_success'), { by: perMigration }),
  collector.migrationPassed,
);
/** Seconds that a run of migrations took. */
export const migrationDuration = firstOf(
  perMigration,
  max(metric('migration_duration_seconds'), { by: perMigration }),
  collector.migrationDuration,
);
