import type { LabelValue } from '../../metrics/catalogue.ts';
import {
  binary,
  constant,
  firstOf,
  max,
  metric,
  min,
  not,
  now,
  or,
  scalar,
  unless,
  type Vector,
} from '../../metrics/expression.ts';
import { pipelineJob } from '../../metrics/pipeline.ts';
import { abandonedAfter } from '../config.ts';

/**
 * The seam between how data is pushed and everything that reads it: pushed series in, one series per deployment
 * (or stage) out. Nothing outside this file knows of groups, of who pushed, or of labels that a group adds.
 */

/** The labels that identify a deployment. */
export const deployment = ['environment', 'deployment_id'] as const;
/** The labels that identify a stage of it. */
export const perStage = [...deployment, 'service', 'stage'] as const;
/** The labels that identify one smoke test of it. */
export const perTest = [...deployment, 'test_name'] as const;

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
export const reportedTrigger: Vector<Deployment> = firstOf(deployment, triggered, started);
/** When it was started; when it was pushed, if that is all that is known. */
export const reportedStart: Vector<Deployment> = firstOf(deployment, started, triggered);
/** When the run itself said that it was finished. */
export const reportedFinish: Vector<Deployment> = max(metric('deployment_finished_timestamp_seconds'), {
  by: deployment,
});
/** What the run said of its own outcome. */
export const reportedOutcome: Vector<Deployment> = max(metric('deployment_outcome_code'), { by: deployment });

/** Deployments of which nothing was heard for too long, although they never finished: when they count as finished. */
export const abandonedAt: Vector<Deployment> = unless(
  binary(binary(lastPush, '<=', scalar(now, '-', abandonedAfter)), '+', abandonedAfter),
  reportedFinish,
);
/** When deployments began that are running now. */
export const running: Vector<Deployment> = unless(unless(reportedStart, reportedFinish), abandonedAt);

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

const notRollback = { stage: not('rollback') } as const;

/** Status of every stage that ended, rollbacks not counted; the worst, if it was reported twice. */
export const stageStatus: Vector<PerStage> = max(metric('deployment_stage_status_code', notRollback), {
  by: perStage,
});
/** Every stage that was seen, ended or not, rollbacks not counted. */
export const stagesSeen: Vector<PerStage> = or(
  constant(1, metric('deployment_stage_started_timestamp_seconds', notRollback), { by: perStage }),
  constant(1, metric('deployment_stage_status_code', notRollback), { by: perStage }),
);
/** When every stage began, and when it ended. */
export const stageStarted: Vector<PerStage> = min(
  metric('deployment_stage_started_timestamp_seconds', notRollback),
  { by: perStage },
);
export const stageFinished: Vector<PerStage> = max(
  metric('deployment_stage_finished_timestamp_seconds', notRollback),
  { by: perStage },
);
/** Seconds from the start to the end of every stage that ended; its reported duration where times are unknown. */
export const stageDuration: Vector<PerStage> = firstOf(
  perStage,
  binary(stageFinished, '-', stageStarted),
  max(metric('deployment_stage_duration_seconds', notRollback), { by: perStage }),
);
/** Stages that reported an error of this type. */
export const errorsOfType = (
  error_type: LabelValue<'deployment_errors_total', 'error_type'>,
): Vector<PerStage> =>
  max(metric('deployment_errors_total', { error_type, ...notRollback }), { by: perStage });
