import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { alsoCollector, optional, optionalAlsoCollector, pushed, pushedStageLabels } from './pushed.ts';
import { checkMetrics } from './pushed-checks.ts';
import { deploymentInfo, deploymentLabels } from './recorded-series.ts';

const { environment, deployment_id, resource } = labels;

/** Group: job, environment, deployment_id, gate. */
const gated = { ...deploymentLabels, gate: labels.gate } as const;

/** Metrics of a deployment as a whole. Group: job, environment, deployment_id. */
const deployments = {
  deployment_triggered_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the push (or click) happened that caused the deployment.',
    labels: deploymentLabels,
    ...pushed,
  },
  deployment_committed_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the commit that is deployed was made, as far as GitHub says.',
    labels: deploymentLabels,
    ...optional,
  },
  deployment_started_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the first job of the deployment began to run.',
    labels: deploymentLabels,
    ...pushed,
  },
  deployment_finished_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the deployment finished, with any outcome.',
    labels: deploymentLabels,
    ...pushed,
  },
  deployment_outcome_code: {
    type: 'gauge',
    unit: 'code',
    help: 'Outcome as the run reported it: 1 success, 2 failure, 3 rolled back, 5 cancelled. The ledger decides the final one.',
    labels: deploymentLabels,
    ...pushed,
  },
  deployment_in_progress: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 while the deployment runs, 0 when it is finished.',
    labels: { ...deploymentLabels, branch: labels.branch, triggered_by: labels.triggered_by },
    ...alsoCollector,
  },
  deployment_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; the labels say what was deployed, by whom and from which run.',
    labels: deploymentInfo,
    ...pushed,
  },
  deployment_rework_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1, of a deployment that fixes what an earlier one broke: it was unplanned. Names the one that it fixes, or none: then the one before it.',
    labels: { ...deploymentLabels, rework_of: labels.rework_of },
    ...optional,
  },
  deployment_message_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; the message about the deployment in the chat, which later jobs edit, and the one with the error in its thread.',
    labels: {
      ...deploymentLabels,
      channel: labels.channel,
      message_ts: labels.message_ts,
      thread_ts: labels.thread_ts,
    },
    ...optional,
  },
  time_to_deploy_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to deploy as the collector measures it, buckets 60 to 1800 s. The ledger uses exact timestamps instead.',
    labels: { environment, deployment_id },
    producers: ['collector'],
    required: false,
    pushedOnce: true,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Metrics of one stage. Group: job, environment, deployment_id, service, stage (and migration_name). */
const stages = {
  deployment_stage_started_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the stage began.',
    labels: pushedStageLabels,
    ...pushed,
  },
  deployment_stage_finished_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the stage ended.',
    labels: pushedStageLabels,
    ...pushed,
  },
  deployment_stage_status_code: {
    type: 'gauge',
    unit: 'code',
    help: 'How the stage ended: 1 success, 2 skipped, 3 cancelled, 4 failure.',
    labels: pushedStageLabels,
    ...pushed,
  },
  deployment_stage_duration_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the stage took.',
    labels: { ...pushedStageLabels, status: labels.status },
    ...alsoCollector,
  },
  deployment_total: {
    type: 'counter',
    unit: 'count',
    help: 'A completed stage (not a deployment, in spite of its name); always 1.',
    labels: { ...pushedStageLabels, status: labels.status },
    ...alsoCollector,
  },
  deployment_stage_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; the address of the log of the stage.',
    labels: { ...pushedStageLabels, log_url: labels.log_url },
    ...pushed,
  },
  deployment_errors_total: {
    type: 'counter',
    unit: 'count',
    help: 'An error of a stage; always 1.',
    labels: { ...pushedStageLabels, error_type: [...labels.error_type, 'other'] },
    ...optionalAlsoCollector,
  },
  deployment_error_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; what went wrong, as a type and a short message without secrets.',
    // The word itself, where it is none of the types.
    labels: { ...pushedStageLabels, error_type: 'open', message: labels.message },
    ...optional,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Migrations, rollbacks, runners and cost. Groups: stage (and migration_name); runner; resource. */
const events = {
  migration_total: {
    type: 'counter',
    unit: 'count',
    help: 'A run of database migrations; always 1.',
    labels: { ...pushedStageLabels, status: labels.test_status },
    ...alsoCollector,
  },
  migration_success: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 when the run of migrations succeeded.',
    labels: pushedStageLabels,
    ...pushed,
  },
  migration_duration_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the run of migrations took.',
    labels: pushedStageLabels,
    ...pushed,
  },
  migrations_applied: {
    type: 'gauge',
    unit: 'count',
    help: 'How many migrations the run applied.',
    labels: pushedStageLabels,
    ...pushed,
  },
  database_migration_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Duration of the run of migrations, by the number of migrations, as the collector reports it.',
    labels: { ...pushedStageLabels, migration_count: labels.migration_count },
    ...optionalAlsoCollector,
  },
  deployment_rollback_total: {
    type: 'counter',
    unit: 'count',
    help: 'A rollback that was tried; always 1.',
    labels: { ...pushedStageLabels, reason: [...labels.reason, 'other'], status: labels.test_status },
    ...optionalAlsoCollector,
  },
  deployment_rollback_finished_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the rollback ended.',
    labels: pushedStageLabels,
    ...optional,
  },
  deployment_rollback_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; to which deployment it was rolled back.',
    labels: { ...pushedStageLabels, previous_deployment_id: labels.previous_deployment_id, reason: 'open' },
    ...optional,
  },
  deployment_gate_verdict_code: {
    type: 'gauge',
    unit: 'code',
    help: 'What the gate answered: 1 pass, 2 fail, 3 inconclusive, 4 error; 10 more in shadow mode, which refuses nothing.',
    labels: gated,
    ...optional,
  },
  deployment_gate_asked_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the gate answered.',
    labels: gated,
    ...optional,
  },
  deployment_gate_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; which checks of the gate decided, and what they found.',
    labels: { ...gated, checks: labels.checks, message: labels.message },
    ...optional,
  },
  deployment_runner_queue_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'The longest that a job waited for this runner, from when it was created until it started.',
    labels: { ...deploymentLabels, runner: labels.runner },
    ...optional,
  },
  deployment_infrastructure_cost: {
    type: 'gauge',
    unit: 'currency',
    help: 'What this deployment cost on this resource.',
    labels: { ...deploymentLabels, resource },
    ...optionalAlsoCollector,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Everything that the pipeline pushes, under job "deployment-pipeline". */
export const pipelineMetrics = { ...deployments, ...stages, ...checkMetrics, ...events } as const;
/** Name of a pushed metric. */
export type PipelineMetric = keyof typeof pipelineMetrics;

/** The Pushgateway job of everything that belongs to the pipeline. */
export const pipelineJob = 'deployment-pipeline';
