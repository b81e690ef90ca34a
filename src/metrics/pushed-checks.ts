import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { alsoCollector, optional, optionalAlsoCollector, pushed } from './pushed.ts';
import { deploymentLabels } from './recorded-series.ts';

const { service, test_name } = labels;

/** Checks of the new version. Groups: health by service; smoke test by test_name. */
export const checkMetrics = {
  deployment_health_check_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When this attempt of the health check ran.',
    labels: { ...deploymentLabels, service, attempt: labels.attempt },
    ...pushed,
  },
  deployment_health_check_success: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 when this attempt of the health check was answered with status 200 in time.',
    labels: { ...deploymentLabels, service, attempt: labels.attempt },
    ...pushed,
  },
  deployment_health_check_latency_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long this attempt of the health check took.',
    labels: { ...deploymentLabels, service, attempt: labels.attempt },
    ...pushed,
  },
  api_health_check_latency_ms: {
    type: 'gauge',
    unit: 'milliseconds',
    help: 'Latency of the last health check with this status.',
    labels: { ...deploymentLabels, service, status: labels.health_status },
    ...alsoCollector,
  },
  post_deployment_error_rate: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of failing requests (or health checks) in the first minutes of the new version, 0 to 1.',
    labels: { ...deploymentLabels, service },
    ...optionalAlsoCollector,
  },
  smoke_test_total: {
    type: 'counter',
    unit: 'count',
    help: 'A smoke test that ran; always 1.',
    labels: { ...deploymentLabels, test_name, status: labels.test_status },
    ...alsoCollector,
  },
  smoke_test_success: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 when the smoke test passed.',
    labels: { ...deploymentLabels, test_name },
    ...pushed,
  },
  smoke_test_finished_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the smoke test ended.',
    labels: { ...deploymentLabels, test_name },
    ...pushed,
  },
  smoke_test_duration_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the smoke test took.',
    labels: { ...deploymentLabels, test_name },
    ...pushed,
  },
  smoke_test_error_info: {
    type: 'info',
    unit: 'none',
    help: 'Always 1; why the smoke test failed, as a short message without secrets.',
    labels: { ...deploymentLabels, test_name, message: labels.message },
    ...optional,
  },
} as const satisfies Record<string, MetricDefinition>;
