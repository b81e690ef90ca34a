import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentInfo, deploymentLabels, recorded, stageLabels } from './recorded-series.ts';

const { service, test_name, migration_name } = labels;

/** Pushes of a deployment from any producer, as long as the Pushgateway holds them. */
export const seamMetrics = {
  'deployment:heard_of_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When anything was heard of the deployment last, by the gateway’s clock.',
  ),
  'deployment:reported_trigger_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When the push happened, as reported; the start where only that was.',
  ),
  'deployment:reported_start_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When the deployment started, as reported; the push where only that was.',
  ),
  'deployment:reported_finish_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When the run said that it finished.',
  ),
  'deployment:reported_outcome:code': recorded(
    'code',
    deploymentLabels,
    'How the run said that it ended; what its stages and rollbacks say may differ.',
  ),
  'deployment:running_since_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When a deployment began that runs now.',
  ),
  'deployment:running:bool': recorded('boolean', deploymentLabels, '1 while the deployment runs.'),
  'deployment:reported_info:last': recorded(
    'none',
    deploymentInfo,
    'Always 1; what is deployed, by whom and from which run, as reported.',
  ),
  'deployment:reported_commit_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When the commit was made that is deployed, as reported.',
  ),
  'deployment:lost_start_timestamp_seconds:min': {
    ...recorded(
      'unix seconds',
      deploymentLabels,
      'When a deployment began that ran when the Pushgateway restarted empty: the ledger remembers what it saw of it.',
    ),
    rare: true,
  },
  'deployment_stage:reported_status:code': recorded(
    'code',
    stageLabels,
    'How a stage or a rollback ended; the worst of what was reported.',
  ),
  'deployment_stage:reported_start_timestamp_seconds:min': recorded(
    'unix seconds',
    stageLabels,
    'When a stage or a rollback began, as reported.',
  ),
  'deployment_stage:reported_finish_timestamp_seconds:max': recorded(
    'unix seconds',
    stageLabels,
    'When a stage or a rollback ended, as reported.',
  ),
  'deployment_test:reported_passed:bool': recorded(
    'boolean',
    { ...deploymentLabels, test_name },
    '1 for a smoke test that passed, 0 for one that failed.',
  ),
  'deployment_migration:reported_passed:bool': recorded(
    'boolean',
    { ...deploymentLabels, migration_name },
    '1 for a run of migrations that succeeded, 0 for one that failed.',
  ),
  'deployment_migration:reported_duration_seconds:last': recorded(
    'seconds',
    { ...deploymentLabels, migration_name },
    'How long a run of migrations took, as reported.',
  ),
  'deployment_service:reported_health_checks:count': recorded(
    'count',
    { ...deploymentLabels, service },
    'Health checks of the service that were made.',
  ),
  'deployment_service:reported_health_checks_passed:count': recorded(
    'count',
    { ...deploymentLabels, service },
    'Health checks of the service that passed.',
  ),
  'deployment_stage:reported_error_type:code': recorded(
    'code',
    stageLabels,
    'Type of the error that a stage reported; of several the lowest code.',
  ),
} as const satisfies Record<string, MetricDefinition>;
