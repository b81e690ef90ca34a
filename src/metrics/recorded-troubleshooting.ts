import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentLabels, recorded } from './recorded-series.ts';

const { environment, service, stage, window } = labels;

/** Series recorded for the troubleshooting dashboard: what one can choose from, stage history, the application. */
export const troubleshootingMetrics = {
  'deployment_choice:started_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When it started; of those that run and the newest of thirty days, among which one can choose.',
  ),
  'deployment_choice:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When it finished; of the same deployments.',
  ),
  'deployment_choice:outcome:code': recorded(
    'code',
    deploymentLabels,
    'How it ended, 0 while it runs; of the same deployments.',
  ),
  'deployment_choice:listing:code': recorded(
    'code',
    deploymentLabels,
    'Start and outcome as digits, YYYYMMDDhhmmss (UTC) and the code; of the same deployments.',
  ),
  'recent_deployment:listing:code': recorded(
    'code',
    deploymentLabels,
    'The same of the last ten deployments of each environment, all the time.',
  ),
  'environment_stage:duration_seconds:p50': recorded(
    'seconds',
    { environment, window, service, stage },
    'Median duration of a successful stage.',
  ),
  'environment_stage:duration_seconds:sum': recorded(
    'seconds',
    { environment, window, service, stage },
    'How long a stage took in all its successful runs together.',
  ),
  'environment_stage:durations_today:count': recorded(
    'count',
    { environment, service, stage, le: 'open' },
    'Successful stages of the deployments of this day (UTC) that took no longer than `le` seconds.',
  ),
  'job:http_requests:rate5m': recorded('count', { job: 'open' }, 'Requests a second, of five minutes.'),
  'job:http_requests_failed:rate5m': recorded(
    'count',
    { job: 'open' },
    'Requests a second that were answered with a status of 500 or more, of five minutes.',
  ),
  'job_le:http_request_duration_seconds_bucket:rate5m': recorded(
    'count',
    { job: 'open', le: 'open' },
    'Requests a second that were answered within `le` seconds, of five minutes.',
  ),
} as const satisfies Record<string, MetricDefinition>;
