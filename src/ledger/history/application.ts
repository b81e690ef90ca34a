import { buckets, matches, metric, type RuleGroup, rate, record, sum } from '../../metrics/index.ts';

/**
 * The application's requests without endpoint and method: what a deployment did to the API is asked of the hour
 * before it and of a week ago, and that would be every bucket of every endpoint.
 */
export const applicationGroup: RuleGroup = {
  name: 'deployment-application',
  interval: 30,
  rules: [
    record('job:http_requests:rate5m', sum(rate(metric('http_requests_total'), '5m'), { by: ['job'] })),
    record(
      'job:http_requests_failed:rate5m',
      sum(rate(metric('http_requests_total', { status_code: matches('5..') }), '5m'), { by: ['job'] }),
    ),
    record(
      'job_le:http_request_duration_seconds_bucket:rate5m',
      sum(rate(buckets('http_request_duration_seconds'), '5m'), { by: ['job', 'le'] }),
    ),
  ],
  source: import.meta.url,
};
