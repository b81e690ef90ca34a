import type { ApplicationFile } from '../pipeline/index.ts';
import type { MetricDefinition } from './definition.ts';

const application = { producers: ['application'], required: false } as const;

/**
 * Metrics of an application itself, by the names that expressions use: those of a pipeline file that calls them
 * otherwise are put in when something is built ({@link applicationNames}).
 */
export const applicationMetrics = {
  http_requests_total: {
    type: 'counter',
    unit: 'count',
    help: 'Requests answered by the application.',
    labels: { job: 'open', method: 'open', endpoint: 'open', status_code: 'open' },
    ...application,
  },
  http_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'How long the application took to answer.',
    labels: { job: 'open', method: 'open', endpoint: 'open', status_code: 'open' },
    ...application,
  },
  external_api_calls_total: {
    type: 'counter',
    unit: 'count',
    help: 'Calls to other services.',
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
    producers: ['none yet'],
    required: false,
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
    producers: ['none yet'],
    required: false,
  },
} as const satisfies Record<string, MetricDefinition>;

/** The scrape job of the application in expressions, until the pipeline's is put in. */
export const applicationJob = 'pipeline:application';

/** The names of the application's metrics in expressions, and what the pipeline calls them; '' where it has none. */
export const applicationNames = ({
  requests,
  duration,
  external,
  database,
}: ApplicationFile): Readonly<Partial<Record<keyof typeof applicationMetrics, string>>> => ({
  http_requests_total: requests.metric,
  http_request_duration_seconds: duration.metric,
  external_api_calls_total: external?.calls ?? '',
  external_api_duration_seconds: external?.duration ?? '',
  external_api_errors_total: external?.errors ?? '',
  memory_query_latency_ms: database?.store?.metric ?? '',
  database_pool_utilization_percent: database?.pool?.metric ?? '',
  database_slow_queries_total: database?.slow ?? '',
});
