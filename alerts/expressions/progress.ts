import { errorsOfType, migrationDuration } from '../../src/ledger/index.ts';
import {
  and,
  binary,
  max,
  metric,
  ofKind,
  or,
  type PerDeployment,
  type PerStage,
  perDeployment,
  perStage,
  type Scalar,
  target,
  times,
  type Vector,
} from '../../src/metrics/index.ts';
import { since, unlessOver, within } from './common.ts';

const runningSince = metric('deployment:running_since_timestamp_seconds:min');
const stageRunning = since(metric('deployment_stage:running_since_timestamp_seconds:min'));

/** Seconds for which a deployment runs that has not finished, when that is longer than so many. */
export const runningLongerThan = (seconds: Scalar): Vector<PerDeployment> =>
  binary(since(runningSince), '>', seconds);

/** Seconds for which a stage runs, when that is twice its usual time and a minute more. */
export const stageSlow = (): Vector<PerStage> => {
  const usual = metric('environment_stage:duration_seconds:avg', { window: '30d' });
  const ofStage = { on: ['environment', 'service', 'stage'], groupLeft: [] };
  const known = binary(metric('environment:deployments:count', { window: '30d' }), '>=', target('usualFrom'));
  return and(
    and(
      binary(stageRunning, '>', times(target('stages.times'), usual), ofStage),
      binary(binary(stageRunning, '-', usual, ofStage), '>', target('stages.extraSeconds')),
    ),
    known,
    { on: ['environment'] },
  );
};

/** Seconds that migrations take, or took, when that is too long. */
export const migrationSlow = (): Vector<PerDeployment> => {
  const ended = metric('deployment_stage_finished_timestamp_seconds', { stage: ofKind('migrate') });
  const took = and(
    max(migrationDuration, { by: perDeployment }),
    within(max(ended, { by: perDeployment }), target('eventSeconds')),
  );
  const running = max(
    since(metric('deployment_stage:running_since_timestamp_seconds:min', { stage: ofKind('migrate') })),
    { by: perDeployment },
  );
  return unlessOver(binary(or(running, took), '>', target('migrations.slowSeconds')));
};

/** Seconds since anything was heard of a deployment that runs, when that is too long. */
export const silent = (): Vector<PerDeployment> =>
  binary(
    since(and(metric('deployment:heard_of_timestamp_seconds:max'), runningSince)),
    '>',
    target('telemetrySilenceSeconds'),
  );

/** Seconds for which a health check runs, or that it ran until it timed out. */
export const healthTimedOut = (): Vector<PerStage> => {
  const stage = ofKind('check');
  const running = since(metric('deployment_stage:running_since_timestamp_seconds:min', { stage }));
  const ended = metric('deployment_stage:reported_finish_timestamp_seconds:max', { stage });
  const took = max(metric('deployment_stage_duration_seconds', { stage }), { by: perStage });
  const timedOut = and(took, and(errorsOfType('timeout'), within(ended, target('eventSeconds'))));
  return unlessOver(or(binary(running, '>', target('health.timeoutSeconds')), timedOut));
};
