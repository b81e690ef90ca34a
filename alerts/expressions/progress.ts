import { and, binary, max, metric, or, times, unless, type Vector } from '../../metrics/expression.ts';
import * as raw from '../../slo/ledger/raw.ts';
import { type Deployment, deployment, type PerStage, perStage } from '../../slo/ledger/raw.ts';
import { alertThresholds as limits } from '../thresholds.ts';
import { since, within } from './common.ts';

/** Seconds for which a deployment runs that has not finished, when that is longer than so many. */
export const runningLongerThan = (seconds: number): Vector<Deployment> =>
  binary(since(raw.running), '>', seconds);

/** Seconds for which each stage runs that has not ended, of deployments that run. */
export const stageRunning: Vector<PerStage> = and(
  since(unless(raw.stageStarted, raw.stageStatus)),
  raw.running,
  { on: deployment as never },
);

const known = binary(metric('environment:deployments:count', { window: '30d' }), '>=', limits.usualFrom);
const usual = metric('environment_stage:duration_seconds:avg', { window: '30d' });
const ofStage = { on: ['environment', 'service', 'stage'], groupLeft: [] } as const;

/** Seconds for which a stage runs, when that is twice its usual time and a minute more. */
export const stageSlow = (): Vector<PerStage> =>
  and(
    and(
      binary(stageRunning, '>', times(limits.stageTimes, usual), ofStage as never),
      binary(binary(stageRunning, '-', usual, ofStage as never), '>', limits.stageExtra),
    ),
    known,
    { on: ['environment'] as never },
  );

const by = { by: deployment };
/** Seconds that migrations take, or took, when that is too long. */
export const migrationSlow = (): Vector<Deployment> => {
  const perMigration = [...deployment, 'migration_name'] as const;
  const finished = max(metric('deployment_stage_finished_timestamp_seconds', { stage: 'migration' }), {
    by: perMigration,
  });
  const started = max(metric('deployment_stage_started_timestamp_seconds', { stage: 'migration' }), {
    by: perMigration,
  });
  const running = and(since(unless(started, finished)), raw.running, { on: deployment as never });
  const took = and(
    max(metric('migration_duration_seconds'), { by: perMigration }),
    within(finished, limits.event),
  );
  return max(binary(or(running, took), '>', limits.migrationSlow), by);
};

/** Seconds since anything was heard of a deployment that runs, when that is too long. */
export const silent = (): Vector<Deployment> =>
  binary(since(and(raw.lastPush, raw.running)), '>', limits.telemetrySilence);

/** Seconds for which a health check runs, or that it ran until it timed out. */
export const healthTimedOut = (): Vector<PerStage> => {
  const stage = 'health_check';
  const running = and(
    since(
      unless(
        max(metric('deployment_stage_started_timestamp_seconds', { stage }), { by: perStage }),
        max(metric('deployment_stage_status_code', { stage }), { by: perStage }),
      ),
    ),
    raw.running,
    { on: deployment as never },
  );
  const timedOut = and(
    max(metric('deployment_stage_duration_seconds', { stage }), { by: perStage }),
    and(
      raw.errorsOfType('timeout'),
      within(
        max(metric('deployment_stage_finished_timestamp_seconds', { stage }), { by: perStage }),
        limits.event,
      ),
    ),
  );
  return or(binary(running, '>', limits.healthTimeout), timedOut);
};
