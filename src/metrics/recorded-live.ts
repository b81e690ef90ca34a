import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentLabels, recorded, stageLabels } from './recorded-series.ts';

const { environment, service } = labels;
const serviceLabels = { ...deploymentLabels, service } as const;

const ofEnvironment = {
  'environment:last_finished_timestamp_seconds:max': recorded(
    'unix seconds',
    { environment },
    'When a deployment to the environment finished last, up to ninety days ago.',
  ),
  'environment:last_event_timestamp_seconds:max': recorded(
    'unix seconds',
    { environment },
    'When anything was heard last of any deployment to the environment.',
  ),
  'environment:usual_deployments:count': recorded(
    'count',
    { environment, window: ['30d'] },
    'The most deployments that any thirty days had which ended in the last thirty: what was usual before a silence.',
  ),
} as const satisfies Record<string, MetricDefinition>;

/** Series about deployments that the Pushgateway holds, for alerts. Times are values. */
export const liveMetrics = {
  ...ofEnvironment,
  'deployment_observability:gateway_scraped_timestamp_seconds:max': {
    ...recorded('unix seconds', {}, 'When the Pushgateway was last scraped with success, up to a day ago.'),
    rare: true,
  },
  'deployment:failed_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When a stage of it failed, or the run said that it failed.',
  ),
  'deployment:migration_failed_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When a run of its migrations failed.',
  ),
  'deployment:smoke_tests_failed:count': recorded(
    'count',
    deploymentLabels,
    'Its smoke tests that failed in the last quarter of an hour and have not passed since.',
  ),
  'deployment:rollback_failed_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When a rollback of it failed.',
  ),
  'deployment:rolled_back_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When it was rolled back, and no rollback of it failed.',
  ),
  'deployment:superseded:bool': recorded(
    'boolean',
    deploymentLabels,
    '1 when a deployment to the same environment that began later has succeeded.',
  ),
  'deployment_stage:running_since_timestamp_seconds:min': recorded(
    'unix seconds',
    stageLabels,
    'When a stage began that runs now.',
  ),
  'deployment_service:health_checks_failed_in_a_row:count': recorded(
    'count',
    serviceLabels,
    'Health checks that failed since the last one that passed.',
  ),
  'deployment_service:health_checks_passed_in_a_row:count': recorded(
    'count',
    serviceLabels,
    'Health checks that passed since the last one that failed.',
  ),
  'deployment_service:health_check_failed_timestamp_seconds:max': recorded(
    'unix seconds',
    serviceLabels,
    'When a health check failed last.',
  ),
  'deployment_service:health_check_success:ratio5m': recorded(
    'ratio',
    serviceLabels,
    'Share of the health checks of five minutes that passed.',
  ),
  'deployment_service:health_check_latency_seconds:avg5m': recorded(
    'seconds',
    serviceLabels,
    'Average time to answer the health checks of five minutes that passed.',
  ),
} as const satisfies Record<string, MetricDefinition>;
