import {
  and,
  binary,
  constant,
  firstOf,
  group,
  max,
  metric,
  not,
  notOfKind,
  observed,
  ofKind,
  or,
  type PerDeployment,
  type PerStage,
  perDeployment,
  perMigration,
  perStage,
  perTest,
  pipelineJob,
  stageStatuses,
  union,
  type Vector,
  without,
  withValue,
} from '../metrics/index.ts';

/**
 * The second producer: the team's older collector, repaired as docs/collector.md says (one group per event, POST).
 * It pushes no times and no outcome, so when the gateway received a push stands for when it happened. The seam asks
 * this only where the recorder said nothing.
 */

/** Its own pushes: a custom metric is the recorder's, and may come at any time. */
const ours = { job: pipelineJob, deployment_id: not(''), metric: without } as const;
/** When the groups were pushed that are about a deployment as a whole; a migration's has a service. */
const received = metric('push_time_seconds', {
  ...ours,
  service: without,
  stage: without,
  test_name: without,
  resource: without,
});

const inProgress = metric('deployment_in_progress');

/** When a deployment said that it no longer runs. */
export const stopped: Vector<PerDeployment> = max(
  and(received, binary(inProgress, '==', 0), { on: perDeployment }),
  {
    by: perDeployment,
  },
);

/** When it began: its time to deploy before its end, and while it runs, when it said so. */
export const began: Vector<PerDeployment> = firstOf(
  perDeployment,
  binary(stopped, '-', max(observed('time_to_deploy_seconds'), { by: perDeployment })),
  max(and(received, binary(inProgress, '==', 1), { on: perDeployment }), { by: perDeployment }),
);

/** The branch is the only thing that is known of what was deployed. */
export const branch = group(inProgress, { by: [...perDeployment, 'branch'] });

const notRollback = { stage: notOfKind('rollback') } as const;
const ended = metric('deployment_total', notRollback);
/**
 * How stages ended, rollbacks included; the worst, if it was said twice. A migration counts as a stage, whether or not
 * it was reported as one too.
 */
export const stageStatus: Vector<PerStage> = max(
  union(
    ...(['success', 'skipped', 'cancelled', 'failure'] as const).map((status) =>
      withValue(stageStatuses[status], metric('deployment_total', { status, ...notRollback })),
    ),
    ...(['success', 'failure'] as const).flatMap((status) => [
      withValue(stageStatuses[status], metric('migration_total', { status, stage: ofKind('migrate') })),
      withValue(
        stageStatuses[status],
        metric('deployment_rollback_total', { status, stage: ofKind('rollback') }),
      ),
    ]),
  ),
  { by: perStage },
);

const lastPushed = metric('push_time_seconds', ours);
/** When stages ended, rollbacks included. */
export const stageFinished: Vector<PerStage> = max(
  and(lastPushed, or(ended, metric('deployment_rollback_total', { stage: ofKind('rollback') })), {
    on: perStage,
  }),
  { by: perStage },
);
/** When stages began; of a rollback that is not known. */
export const stageStarted: Vector<PerStage> = binary(
  stageFinished,
  '-',
  max(metric('deployment_stage_duration_seconds', notRollback), { by: perStage }),
);

/** When a deployment was rolled back. */
export const rolledBackAt: Vector<PerDeployment> = max(
  and(lastPushed, metric('deployment_rollback_total'), { on: perStage }),
  { by: perDeployment },
);

/** 1 for a smoke test that passed, 0 for one that failed. */
export const testPassed: Vector<(typeof perTest)[number]> = or(
  constant(0, metric('smoke_test_total', { status: 'failure' }), { by: perTest }),
  constant(1, metric('smoke_test_total', { status: 'success' }), { by: perTest }),
);

/** 1 for a run of migrations that succeeded, 0 for one that failed. */
export const migrationPassed: Vector<(typeof perMigration)[number]> = or(
  constant(0, metric('migration_total', { status: 'failure' }), { by: perMigration }),
  constant(1, metric('migration_total', { status: 'success' }), { by: perMigration }),
);

/** How long a run of migrations took. */
export const migrationDuration: Vector<(typeof perMigration)[number]> = max(
  metric('database_migration_lag_seconds'),
  { by: perMigration },
);
