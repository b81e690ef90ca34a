/** One query of the design document, and what is to be said of it: `id: the part of the text`. */
export interface DesignQuery {
  readonly where: string;
  readonly text: string;
  readonly said: readonly string[];
}

const event = (...functions: string[]): string[] => functions.map((name) => `rate-of-event: ${name}`);
const noHistogram = (...names: string[]): string[] => names.map((name) => `not-a-histogram: ${name}`);

const rateOf = (status: string): string => `rate(deployment_total${status}[5m])`;
const latency = 'api_health_check_latency_ms';

/** Every distinct query of the design, in its order. */
export const designQueries: readonly DesignQuery[] = [
  {
    where: 'success rate, last hour',
    text: 'sum(increase(deployment_total{status="success"}[1h]))\n/\nsum(increase(deployment_total[1h]))',
    said: event('increase', 'increase'),
  },
  {
    where: 'success rate, trend',
    text: `${rateOf('{status="success"}')}\n/\n${rateOf('')}`,
    said: [...event('rate'), 'ratio-of-itself: /', ...event('rate')],
  },
  {
    where: 'alert DeploymentSuccessRateLow',
    text: '(sum(rate(deployment_total{status="success"}[1h])) by (environment)\n/ sum(rate(deployment_total[1h])) by (environment)) < 0.95',
    said: event('rate', 'rate'),
  },
  {
    where: 'time to deploy, 24 hours',
    text: 'histogram_quantile(0.95, rate(time_to_deploy_seconds_bucket{environment="production"}[24h]))',
    said: event('rate'),
  },
  {
    where: 'time to deploy, over time',
    text: 'histogram_quantile(0.95, rate(time_to_deploy_seconds_bucket{environment="production"}[1h]))',
    said: event('rate'),
  },
  {
    where: 'stage breakdown of the API',
    text: 'deployment_stage_duration_seconds{environment="production", service="api"}',
    said: [],
  },
  {
    where: 'health check success',
    text: `(sum(increase(${latency}_count{status="healthy"}[5m]))\n/ sum(increase(${latency}_count[5m]))) * 100`,
    said: noHistogram(`${latency}_count`, `${latency}_count`),
  },
  {
    where: 'health check latency',
    text: `histogram_quantile(0.95, rate(${latency}_bucket[5m]))`,
    said: noHistogram(`${latency}_bucket`),
  },
  {
    where: 'alert PostDeploymentHealthChecksFailing',
    text: `(sum(increase(${latency}_count{status="healthy"}[5m]))\n/ sum(increase(${latency}_count[5m]))) < 0.90`,
    said: noHistogram(`${latency}_count`, `${latency}_count`),
  },
  {
    where: 'migration success',
    text: 'sum(increase(migration_total{status="success"}[30d]))\n/\nsum(increase(migration_total[30d]))',
    said: event('increase', 'increase'),
  },
  { where: 'migration duration', text: 'deployment_stage_duration_seconds{stage="migration"}', said: [] },
  {
    where: 'smoke tests, by test',
    text: 'sum(increase(smoke_test_total{status="success"}[1h])) by (test_name)\n/\nsum(increase(smoke_test_total[1h])) by (test_name)',
    said: event('increase', 'increase'),
  },
  {
    where: 'smoke tests, overall',
    text: 'sum(increase(smoke_test_total{status="success"}[1h]))\n/\nsum(increase(smoke_test_total[1h]))',
    said: event('increase', 'increase'),
  },
  {
    where: 'rollbacks per hour',
    text: 'rate(deployment_rollback_total{status="success"}[1h])',
    said: event('rate'),
  },
  {
    where: 'rollback reasons',
    text: 'sum(increase(deployment_rollback_total[7d])) by (reason)',
    said: event('increase'),
  },
  {
    where: 'alert RollbacksIncreasing',
    text: 'increase(deployment_rollback_total{status="success"}[7d]) > 3',
    said: event('increase'),
  },
  {
    where: 'average stage duration',
    text: 'avg(deployment_stage_duration_seconds{environment="production"}) by (stage)',
    said: [],
  },
  {
    where: 'stage duration, p95',
    text: 'histogram_quantile(0.95, rate(deployment_stage_duration_seconds_bucket{environment="production"}[1h])) by (stage)',
    said: ['promql-syntax: by'],
  },
  {
    where: 'stage duration, heat map',
    text: 'deployment_stage_duration_seconds{environment="production", stage="migration"}',
    said: [],
  },
  {
    where: 'dashboard: success rate, 7 days',
    text: "sum(increase(deployment_total{status='success'}[1d])) by (time) / sum(increase(deployment_total[1d])) by (time)",
    said: [...event('increase'), 'grouping-label: time', ...event('increase'), 'grouping-label: time'],
  },
  {
    where: 'dashboard: recent deployments',
    text: "topk(10, deployment_in_progress{environment='production'}) or topk(10, sort_desc(timestamp))",
    said: ['metric-unknown: timestamp'],
  },
  {
    where: 'monthly cost',
    text: 'sum(increase(deployment_infrastructure_cost[30d])) by (resource)',
    said: event('increase'),
  },
  { where: 'cost per deployment', text: 'sum(deployment_infrastructure_cost) by (deployment_id)', said: [] },
  { where: 'quick: success', text: 'rate(deployment_total{status="success"}[1h])', said: event('rate') },
  { where: 'quick: tests', text: 'smoke_test_total', said: [] },
  {
    where: 'quick: alert DeploymentFailed',
    text: 'increase(deployment_total{status="failure"}[5m]) > 0',
    said: event('increase'),
  },
  { where: 'quick: alert HighErrorRatePostDeploy', text: 'post_deployment_error_rate > 0.05', said: [] },
];
