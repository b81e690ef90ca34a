import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';

const prometheus = { producers: ['prometheus'], required: false } as const;
const pushgateway = { producers: ['pushgateway'], required: true } as const;
/** The grouping key of a push, as far as a group has it. */
const group = {
  job: 'open',
  environment: labels.environment,
  deployment_id: 'open',
  service: labels.service,
  stage: labels.stage,
  migration_name: 'open',
  test_name: 'open',
  resource: labels.resource,
  runner: labels.runner,
  gate: labels.gate,
  metric: 'open',
} as const;

/** Prometheus' and the Pushgateway's own metrics. */
export const systemMetrics = {
  up: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 when the last scrape of the target succeeded.',
    labels: { job: 'open', instance: 'open' },
    producers: ['prometheus'],
    required: true,
  },
  ALERTS: {
    type: 'gauge',
    unit: 'boolean',
    help: '1 while an alert is pending or firing.',
    labels: {
      alertname: 'open',
      alertstate: ['pending', 'firing'],
      severity: ['critical', 'high', 'medium', 'info'],
      environment: labels.environment,
      deployment_id: 'open',
      service: labels.service,
      stage: labels.stage,
      slo: 'open',
    },
    ...prometheus,
  },
  push_time_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the group was last pushed successfully, by the clock of the Pushgateway.',
    labels: group,
    ...pushgateway,
  },
  push_failure_time_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When a push of the group was last refused, by the clock of the Pushgateway; 0 if never. The recorder writes it by remote write.',
    labels: group,
    ...pushgateway,
  },
  pushgateway_http_requests_total: {
    type: 'counter',
    unit: 'count',
    help: 'Requests that the Pushgateway answered.',
    labels: { job: 'open', instance: 'open', code: 'open', handler: 'open', method: 'open' },
    ...pushgateway,
  },
  process_start_time_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the process started.',
    labels: { job: 'open', instance: 'open' },
    ...prometheus,
  },
  prometheus_rule_evaluation_failures_total: {
    type: 'counter',
    unit: 'count',
    help: 'Rule evaluations that failed.',
    labels: { job: 'open', instance: 'open', rule_group: 'open' },
    ...prometheus,
  },
  prometheus_rule_group_last_evaluation_timestamp_seconds: {
    type: 'gauge',
    unit: 'unix seconds',
    help: 'When the rule group was last evaluated.',
    labels: { job: 'open', instance: 'open', rule_group: 'open' },
    ...prometheus,
  },
  prometheus_rule_group_iterations_missed_total: {
    type: 'counter',
    unit: 'count',
    help: 'Evaluations that were skipped because the one before was still running.',
    labels: { job: 'open', instance: 'open', rule_group: 'open' },
    ...prometheus,
  },
  prometheus_notifications_alertmanagers_discovered: {
    type: 'gauge',
    unit: 'count',
    help: 'Alertmanagers that Prometheus knows.',
    labels: { job: 'open', instance: 'open' },
    ...prometheus,
  },
  prometheus_notifications_errors_total: {
    type: 'counter',
    unit: 'count',
    help: 'Alerts that could not be sent to an Alertmanager.',
    labels: { job: 'open', instance: 'open', alertmanager: 'open' },
    ...prometheus,
  },
} as const satisfies Record<string, MetricDefinition>;

/** The scrape job of Prometheus itself. */
export const prometheusJob = 'prometheus';

/** The scrape job of the Pushgateway. */
export const pushgatewayJob = 'pushgateway';
