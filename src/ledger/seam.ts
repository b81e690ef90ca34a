import {
  constant,
  firstOf,
  group,
  max,
  metric,
  min,
  not,
  or,
  outcomes,
  pipelineJob,
  type RecordingRule,
  record,
  topk,
  unless,
} from '../metrics/index.ts';
import * as collector from './collector.ts';
import {
  deployment,
  infoLabels,
  perMigration,
  perStage,
  perTest,
  reportedFinish,
  reportedStart,
  running,
  silentAt,
} from './raw.ts';

/**
 * Pushes of every producer under one name each: the first rules of the ledger, which all others name.
 * The older collector is asked for what the recorder did not say.
 */

const by = { by: deployment };
const byStage = { by: perStage };

const triggered = min(metric('deployment_triggered_timestamp_seconds'), by);
const started = min(metric('deployment_started_timestamp_seconds'), by);

const ofDeployments: readonly RecordingRule[] = [
  record(
    'deployment:heard_of_timestamp_seconds:max',
    max(metric('push_time_seconds', { job: pipelineJob, deployment_id: not('') }), by),
  ),
  record(
    'deployment:reported_trigger_timestamp_seconds:min',
    firstOf(deployment, firstOf(deployment, triggered, started), collector.began),
  ),
  record(
    'deployment:reported_start_timestamp_seconds:min',
    firstOf(deployment, firstOf(deployment, started, triggered), collector.began),
  ),
  record(
    'deployment:reported_finish_timestamp_seconds:max',
    firstOf(deployment, max(metric('deployment_finished_timestamp_seconds'), by), collector.finished),
  ),
  // One that only says that it is over succeeded, as far as is known.
  record(
    'deployment:reported_outcome:code',
    firstOf(
      deployment,
      max(metric('deployment_outcome_code'), by),
      constant(outcomes.success, collector.finished, by),
    ),
  ),
  record(
    'deployment:running_since_timestamp_seconds:min',
    unless(unless(reportedStart, reportedFinish), silentAt),
  ),
  record('deployment:running:bool', constant(1, running, by)),
  record(
    'deployment:reported_info:last',
    or(group(topk(1, metric('deployment_info'), by), { by: infoLabels }), collector.branch, {
      on: deployment,
    }),
  ),
];

/** Rollbacks are among the stages; what counts them leaves them out. */
const ofParts: readonly RecordingRule[] = [
  record(
    'deployment_stage:reported_status:code',
    firstOf(perStage, max(metric('deployment_stage_status_code'), byStage), collector.stageStatus),
  ),
  record(
    'deployment_stage:reported_start_timestamp_seconds:min',
    firstOf(
      perStage,
      min(metric('deployment_stage_started_timestamp_seconds'), byStage),
      collector.stageStarted,
    ),
  ),
  record(
    'deployment_stage:reported_finish_timestamp_seconds:max',
    firstOf(
      perStage,
      max(metric('deployment_stage_finished_timestamp_seconds'), byStage),
      collector.stageFinished,
    ),
  ),
  record(
    'deployment_test:reported_passed:bool',
    firstOf(perTest, max(metric('smoke_test_success'), { by: perTest }), collector.testPassed),
  ),
  record(
    'deployment_migration:reported_passed:bool',
    firstOf(perMigration, max(metric('migration_success'), { by: perMigration }), collector.migrationPassed),
  ),
];

/** The seam's rules, each before those that name it. */
export const seam: readonly RecordingRule[] = [...ofDeployments, ...ofParts];
