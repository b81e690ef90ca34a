import type { MetricDefinition } from './definition.ts';

const application = { producers: ['application'], required: false } as const;

/** Metrics of the Relay application itself, scraped by Prometheus from the API under job "relay-production". */
export const applicationMetrics = {
  http_requests_total: {
    type: 'counter',
    unit: 'count',
    help: 'Requests answered by the API.',
    labels: { job: 'open', method: 'open', endpoint: 'open', status_code: 'open' },
    ...application,
  },
  http_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'How long the API took to answer.',
    labels: { job: 'open', method: 'open', endpoint: 'open', status_code: 'open' },
    ...application,
  },
  external_api_calls_total: {
    type: 'counter',
    unit: 'count',
    help: 'Calls to other services, such as Supabase and the embeddings API.',
    labels: { job: 'open', service: 'open', operation: 'open' },
    ...application,
  },
  external_api_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'How long calls to other services took.',
    labels: { job: 'open', service: 'open', operation: 'open' },
    ...application,
  },
  external_api_errors_total: {
    type: 'counter',
    unit: 'count',
    help: 'Calls to other services that failed.',
    labels: { job: 'open', service: 'open', operation: 'open' },
    producers: ['nobody yet'],
    required: false,
  },
  queue_job_latency_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'How long a job waited and ran in the queue.',
    labels: { job: 'open' },
    ...application,
  },
  queue_depth_total: {
    type: 'gauge',
    unit: 'count',
    help: 'Jobs waiting in the queue.',
    labels: { job: 'open' },
    ...application,
  },
  memory_query_latency_ms: {
    type: 'histogram',
    unit: 'milliseconds',
    help: 'How long queries of the memory store took.',
    labels: { job: 'open', stage: 'open', status: 'open', user_id: 'open' },
    ...application,
  },
  database_pool_utilization_percent: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the connection pool in use.',
    labels: { job: 'open', pool: 'open' },
    ...application,
  },
  database_slow_queries_total: {
    type: 'counter',
    unit: 'count',
    help: 'Queries slower than the threshold of the slow query log.',
    labels: { job: 'open' },
    producers: ['nobody yet'],
    required: false,
  },
} as const satisfies Record<string, MetricDefinition>;

/** The scrape job of the application. */
export const applicationJob = 'relay-production';
