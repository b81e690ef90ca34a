import {
  constant,
  count,
  errorTypes,
  firstOf,
  group,
  max,
  metric,
  min,
  namesOf,
  not,
  outcomes,
  type PerStage,
  perDeployment,
  perMigration,
  perService,
  perStage,
  perTest,
  pipelineJob,
  type RecordingRule,
  record,
  sum,
  topk,
  union,
  unless,
  type Vector,
  withValue,
} from '../metrics/index.ts';
import * as collector from './collector.ts';
import { lostStart, remembering } from './memory.ts';
import { infoLabels, reportedFinish, reportedStart, running, silentAt } from './raw.ts';

/**
 * Pushes of every producer under one name each: the first rules of the ledger, which all others name.
 * The older collector is asked for what the recorder did not say, and the memory for what a gateway lost.
 */

const by = { by: perDeployment };
const byStage = { by: perStage };

const triggered = min(metric('deployment_triggered_timestamp_seconds'), by);
const started = min(metric('deployment_started_timestamp_seconds'), by);

const ofDeployments: readonly RecordingRule[] = [
  lostStart,
  remembering(
    'deployment:heard_of_timestamp_seconds:max',
    perDeployment,
    max(metric('push_time_seconds', { job: pipelineJob, deployment_id: not('') }), by),
  ),
  remembering(
    'deployment:reported_trigger_timestamp_seconds:min',
    perDeployment,
    firstOf(perDeployment, triggered, started),
    collector.began,
  ),
  remembering(
    'deployment:reported_start_timestamp_seconds:min',
    perDeployment,
    firstOf(perDeployment, started, triggered),
    collector.began,
  ),
  remembering(
    'deployment:reported_finish_timestamp_seconds:max',
    perDeployment,
    max(metric('deployment_finished_timestamp_seconds'), by),
    collector.stopped,
  ),
  // One that only says that it is over succeeded, as far as is known.
  remembering(
    'deployment:reported_outcome:code',
    perDeployment,
    firstOf(
      perDeployment,
      max(metric('deployment_outcome_code'), by),
      constant(outcomes.success, collector.stopped, by),
    ),
  ),
  record(
    'deployment:running_since_timestamp_seconds:min',
    unless(unless(reportedStart, reportedFinish), silentAt),
  ),
  record('deployment:running:bool', constant(1, running, by)),
  remembering(
    'deployment:reported_info:last',
    perDeployment,
    group(topk(1, metric('deployment_info'), by), { by: infoLabels }),
    collector.branch,
  ),
  remembering(
    'deployment:reported_commit_timestamp_seconds:min',
    perDeployment,
    min(metric('deployment_committed_timestamp_seconds'), by),
  ),
];

/** 1 for a health check that passed, 0 for one that failed; once, however often it is scraped. */
const healthChecks = max(metric('deployment_health_check_success'), { by: [...perService, 'attempt'] });

/** Another type if the catalogue does not know it; of several the lowest code. */
const errorType: Vector<PerStage> = min(
  union(
    ...namesOf(errorTypes, 'none', 'other').map((error_type) =>
      withValue(errorTypes[error_type], metric('deployment_errors_total', { error_type })),
    ),
    withValue(errorTypes.other, metric('deployment_errors_total')),
  ),
  { by: perStage },
);

/** Rollbacks are among the stages; what counts them leaves them out. */
const ofParts: readonly RecordingRule[] = [
  remembering(
    'deployment_stage:reported_status:code',
    perStage,
    firstOf(perStage, max(metric('deployment_stage_status_code'), byStage), collector.stageStatus),
  ),
  remembering(
    'deployment_stage:reported_start_timestamp_seconds:min',
    perStage,
    firstOf(
      perStage,
      min(metric('deployment_stage_started_timestamp_seconds'), byStage),
      collector.stageStarted,
    ),
  ),
  remembering(
    'deployment_stage:reported_finish_timestamp_seconds:max',
    perStage,
    firstOf(
      perStage,
      max(metric('deployment_stage_finished_timestamp_seconds'), byStage),
      collector.stageFinished,
    ),
  ),
  remembering(
    'deployment_test:reported_passed:bool',
    perTest,
    firstOf(perTest, max(metric('smoke_test_success'), { by: perTest }), collector.testPassed),
  ),
  remembering(
    'deployment_migration:reported_passed:bool',
    perMigration,
    firstOf(perMigration, max(metric('migration_success'), { by: perMigration }), collector.migrationPassed),
  ),
  remembering(
    'deployment_migration:reported_duration_seconds:last',
    perMigration,
    firstOf(
      perMigration,
      max(metric('migration_duration_seconds'), { by: perMigration }),
      collector.migrationDuration,
    ),
  ),
  remembering(
    'deployment_service:reported_health_checks:count',
    perService,
    count(healthChecks, { by: perService }),
  ),
  remembering(
    'deployment_service:reported_health_checks_passed:count',
    perService,
    sum(healthChecks, { by: perService }),
  ),
  remembering('deployment_stage:reported_error_type:code', perStage, errorType),
];

/** The seam's rules, each before those that name it. */
export const seam: readonly RecordingRule[] = [...ofDeployments, ...ofParts];
