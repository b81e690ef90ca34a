import { outcomes, stageStatuses } from '../../metrics/codes.ts';
import { and, binary, count, firstOf, max, metric, type Vector } from '../../metrics/expression.ts';
import * as raw from '../../slo/ledger/raw.ts';
import { type Deployment, deployment } from '../../slo/ledger/raw.ts';
import { alertThresholds as limits } from '../thresholds.ts';
import { finishedAs, unlessRepaired, unlessRolledBack, within } from './common.ts';

const by = { by: deployment };

/** When a stage failed, when the run said that it failed, or when the ledger says that it finished as a failure. */
const failedAt: Vector<Deployment> = firstOf(
  deployment,
  max(and(raw.stageFinished, binary(raw.stageStatus, '==', stageStatuses.failure)), by),
  and(raw.reportedFinish, binary(raw.reportedOutcome, '==', outcomes.failure)),
  finishedAs('failure'),
);
/** Failed, not rolled back, and no later deployment of the environment succeeded. Value: when it failed. */
export const deploymentFailed = (): Vector<Deployment> =>
  unlessRepaired(unlessRolledBack(within(failedAt, limits.incident)));

const migration = [...deployment, 'migration_name'] as const;
const migrationFinished = max(metric('deployment_stage_finished_timestamp_seconds', { stage: 'migration' }), {
  by: migration,
});
/** A run of migrations failed, and no later deployment of the environment succeeded. Value: when. */
export const migrationFailed = (): Vector<Deployment> => {
  const failed = binary(max(metric('migration_success'), { by: migration }), '==', 0);
  return unlessRepaired(max(within(and(migrationFinished, failed), limits.incident), by));
};

const rollbackFinished = max(metric('deployment_rollback_finished_timestamp_seconds'), by);
/** A rollback failed, and no later deployment of the environment succeeded. Value: when. */
export const rollbackFailed = (): Vector<Deployment> =>
  unlessRepaired(within(and(rollbackFinished, raw.rollbackFailed), limits.incident));
/** A rollback succeeded. Value: when. */
export const rollbackExecuted = (): Vector<Deployment> =>
  within(and(rollbackFinished, raw.rollbackSucceeded), limits.event);

const perTest = raw.perTest;
/** How many smoke tests of a deployment failed. */
export const smokeTestsFailed = (): Vector<Deployment> => {
  const finished = max(metric('smoke_test_finished_timestamp_seconds'), { by: perTest });
  const failed = binary(max(metric('smoke_test_success'), { by: perTest }), '==', 0);
  return unlessRolledBack(count(within(and(finished, failed), limits.event), by));
};

/** Of a deployment of which nothing more was heard. Value: when it was given up. */
export const abandoned = (): Vector<Deployment> => within(finishedAs('abandoned'), limits.abandonedFor);

/** Share of failing requests after a deployment that is still heard of. */
export const errorRate = (): Vector<Deployment | 'service'> => {
  const rate = max(metric('post_deployment_error_rate'), { by: [...deployment, 'service'] });
  const high = binary(rate, '>', limits.errorRate);
  return unlessRolledBack(and(high, within(raw.lastPush, limits.event), { on: deployment as never }));
};
