import {
  and,
  binary,
  max,
  metric,
  outcomes,
  type PerDeployment,
  perDeployment,
  target,
  type Vector,
} from '../../src/metrics/index.ts';
import { unlessOver, unlessSuperseded, within } from './common.ts';

/** Failed, not rolled back, and no later deployment of the environment succeeded. Value: when it failed. */
export const deploymentFailed = (): Vector<PerDeployment> =>
  unlessOver(within(metric('deployment:failed_timestamp_seconds:max'), target('incidentSeconds')));

/** A run of migrations failed, and no later deployment of the environment succeeded. Value: when. */
export const migrationFailed = (): Vector<PerDeployment> =>
  unlessSuperseded(
    within(metric('deployment:migration_failed_timestamp_seconds:max'), target('incidentSeconds')),
  );

/** A rollback failed, and no later deployment of the environment succeeded. Value: when. */
export const rollbackFailed = (): Vector<PerDeployment> =>
  unlessSuperseded(
    within(metric('deployment:rollback_failed_timestamp_seconds:max'), target('incidentSeconds')),
  );
/** A rollback succeeded. Value: when. */
export const rollbackExecuted = (): Vector<PerDeployment> =>
  within(metric('deployment:rolled_back_timestamp_seconds:max'), target('eventSeconds'));

/** How many smoke tests of a deployment failed. */
export const smokeTestsFailed = (): Vector<PerDeployment> =>
  unlessOver(metric('deployment:smoke_tests_failed:count'));

/** Of a deployment of which nothing more was heard. Value: when it was given up. */
export const abandoned = (): Vector<PerDeployment> =>
  and(
    within(metric('recent_deployment:finished_timestamp_seconds:max'), target('abandoned.toldSeconds')),
    binary(metric('recent_deployment:outcome:code'), '==', outcomes.abandoned),
    { on: perDeployment },
  );

/** Share of failing requests after a deployment that is still heard of. */
export const errorRate = (): Vector<PerDeployment | 'service'> => {
  const rate = max(metric('post_deployment_error_rate'), { by: [...perDeployment, 'service'] });
  const lately = within(metric('deployment:heard_of_timestamp_seconds:max'), target('eventSeconds'));
  return unlessOver(and(binary(rate, '>', target('errorRate.rollback')), lately, { on: perDeployment }));
};
