import type { KnownMetric, KnownValues, Vocabulary } from '../../../src/promql/vocabulary.ts';

const environment = ['production', 'staging'];
const status = ['success', 'failure'];

function metric(
  type: KnownMetric['type'],
  labels: Readonly<Record<string, KnownValues>>,
  pushedOnce = false,
): KnownMetric {
  return { type, labels: new Map(Object.entries(labels)), ...(pushedOnce && { pushedOnce }) };
}

const target = { job: 'open', instance: 'open' } as const;
const event = { ...target, environment, deployment_id: 'open' } as const;

/** Metrics as the collector pushes them and the application exports them, and two that rules record. */
export const metrics: Readonly<Record<string, KnownMetric>> = {
  deployment_total: metric('counter', { ...event, service: 'open', stage: 'open', status }, true),
  deployment_rollback_total: metric('counter', { ...event, reason: ['manual', 'test_failed'], status }, true),
  smoke_test_total: metric('counter', { ...event, test_name: 'open', status }, true),
  migration_total: metric('counter', { ...event, migration_name: 'open', status }, true),
  deployment_in_progress: metric('gauge', { ...event, branch: 'open', triggered_by: 'open' }, true),
  deployment_stage_duration_seconds: metric(
    'gauge',
    { ...event, service: 'open', stage: 'open', status },
    true,
  ),
  api_health_check_latency_ms: metric('gauge', { ...event, status: ['healthy', 'unhealthy'] }, true),
  post_deployment_error_rate: metric('gauge', { ...event, service: 'open' }, true),
  deployment_infrastructure_cost: metric('gauge', { ...event, resource: 'open' }, true),
  deployment_info: metric('info', { ...event, branch: 'open', commit: 'open' }, true),
  time_to_deploy_seconds: metric('histogram', { ...target, environment }, true),
  http_requests_total: metric('counter', { ...target, method: 'open', status_code: 'open' }),
  http_request_duration_seconds: metric('histogram', { ...target, method: 'open', status_code: 'open' }),
  rpc_duration_seconds: metric('summary', { ...target, service: 'open' }),
  queue_depth: metric('gauge', { ...target, queue: ['mail', 'index'] }),
  up: metric('gauge', target),
  'deployment:success': metric('recorded', { environment, deployment_id: 'open' }),
  'environment:success:ratio': metric('recorded', { environment }),
  'environment:failures:count': metric('recorded', { environment, window: ['1d', '7d'] }),
  'deployment:outcome:code': {
    ...metric('recorded', { environment, deployment_id: 'open' }),
    codes: { running: 0, success: 1, failure: 2 },
  },
};

export const vocabulary: Vocabulary = {
  metric: (name) => metrics[name],
  names: () => Object.keys(metrics),
  describing: new Set(['job', 'instance', 'branch', 'commit']),
};
