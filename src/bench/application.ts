import type { SeriesSamples, TimeSpan } from './blocks.ts';

/** The application's own series, as far as the troubleshooting dashboard asks for them: what was scraped lately, and a week of what was recorded of it. */

const job = 'job="relay-production"';
const endpoints = ['/api/v1/knowledge', '/api/v1/notes', '/api/v1/search', '/beta'];
const bounds = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '+Inf'];
const services = ['supabase', 'embeddings'];
const withBuckets = (name: string, labels: string): string[] =>
  bounds.map((le) => `${name}_bucket{${labels},le="${le}"}`);

const scraped: readonly string[] = [
  ...endpoints.flatMap((endpoint) => {
    const own = `${job},method="GET",endpoint="${endpoint}"`;
    return [
      ...['200', '404', '500'].map((code) => `http_requests_total{${own},status_code="${code}"}`),
      ...withBuckets('http_request_duration_seconds', `${own},status_code="200"`),
    ];
  }),
  ...services.flatMap((service) => {
    const own = `${job},service="${service}",operation="query"`;
    return [
      `external_api_calls_total{${own},status="success"}`,
      ...withBuckets('external_api_duration_seconds', own),
    ];
  }),
  ...withBuckets('memory_query_latency_ms', `${job},stage="search",status="success",user_id="1"`),
  `database_pool_utilization_percent{${job},pool="main"}`,
];
const recorded: readonly string[] = [
  `job:http_requests:rate5m{${job}}`,
  `job:http_requests_failed:rate5m{${job}}`,
  ...bounds.map((le) => `job_le:http_request_duration_seconds_bucket:rate5m{${job},le="${le}"}`),
];

const day = 86_400;
/** How far back the series reach, and how often they were written, seconds. */
const parts = [
  { all: scraped, back: day, every: 15 },
  { all: recorded, back: 8 * day, every: 30 },
] as const;

/** The application's series in a span of time. What its counters say does not matter to what asking them costs. */
export function* applicationSamples(end: number, { from, to }: TimeSpan): Iterable<SeriesSamples> {
  for (const { all, back, every } of parts) {
    const first = Math.ceil(Math.max(from, end - back) / every) * every;
    const count = Math.max(0, Math.ceil((Math.min(to, end) - first) / every));
    const times = Array.from({ length: count }, (_, i) => first + i * every);
    if (count > 0) for (const series of all) yield { series, value: 10, times };
  }
}
