import {
  constant,
  firstOf,
  max,
  metric,
  min,
  not,
  or,
  outcomes,
  pipelineJob,
  type RecordedMetric,
  type RecordingRule,
  record,
  unless,
  type Vector,
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

/** What was pushed, by whichever producer, under one name each: the first rules of the ledger, which all others name. */

const by = { by: deployment };
const byStage = { by: perStage };

/** What the recorder pushed, and, of what it did not say, what the older collector did. */
const reported = <L extends string>(
  name: RecordedMetric,
  on: readonly L[],
  recorder: Vector<L>,
  older: Vector<L>,
): RecordingRule => record(name, firstOf(on, recorder, older));

const triggered = min(metric('deployment_triggered_timestamp_seconds'), by);
const started = min(metric('deployment_started_timestamp_seconds'), by);

const ofDeployments: readonly RecordingRule[] = [
  record(
    'deployment:heard_of_timestamp_seconds:max',
    max(metric('push_time_seconds', { job: pipelineJob, deployment_id: not('') }), by),
  ),
  reported(
    'deployment:reported_trigger_timestamp_seconds:min',
    deployment,
    firstOf(deployment, triggered, started),
    collector.began,
  ),
  reported(
    'deployment:reported_start_timestamp_seconds:min',
    deployment,
    firstOf(deployment, started, triggered),
    collector.began,
  ),
  reported(
    'deployment:reported_finish_timestamp_seconds:max',
    deployment,
    max(metric('deployment_finished_timestamp_seconds'), by),
    collector.finished,
  ),
  // One that only says that it is over succeeded, as far as is known.
  reported(
    'deployment:reported_outcome:code',
    deployment,
    max(metric('deployment_outcome_code'), by),
    constant(outcomes.success, collector.finished, by),
  ),
  record(
    'deployment:running_since_timestamp_seconds:min',
    unless(unless(reportedStart, reportedFinish), silentAt),
  ),
  record('deployment:running:bool', constant(1, running, by)),
  record(
    'deployment:reported_info:last',
    or(max(metric('deployment_info'), { by: infoLabels }), collector.branch, { on: deployment }),
  ),
];

/** Rollbacks are among the stages; what counts them leaves them out. */
const ofParts: readonly RecordingRule[] = [
  reported(
    'deployment_stage:reported_status:code',
    perStage,
    max(metric('deployment_stage_status_code'), byStage),
    collector.stageStatus,
  ),
  reported(
    'deployment_stage:reported_start_timestamp_seconds:min',
    perStage,
    min(metric('deployment_stage_started_timestamp_seconds'), byStage),
    collector.stageStarted,
  ),
  reported(
    'deployment_stage:reported_finish_timestamp_seconds:max',
    perStage,
    max(metric('deployment_stage_finished_timestamp_seconds'), byStage),
    collector.stageFinished,
  ),
  reported(
    'deployment_test:reported_passed:bool',
    perTest,
    max(metric('smoke_test_success'), { by: perTest }),
    collector.testPassed,
  ),
  reported(
    'deployment_migration:reported_passed:bool',
    perMigration,
    max(metric('migration_success'), { by: perMigration }),
    collector.migrationPassed,
  ),
];

/** The seam's rules, each before those that name it. */
export const seam: readonly RecordingRule[] = [...ofDeployments, ...ofParts];
