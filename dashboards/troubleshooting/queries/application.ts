import {
  binary,
  buckets,
  firstOf,
  histogramQuantile,
  lastOverTime,
  matches,
  max,
  metric,
  oneOf,
  type Range,
  type RangeOptions,
  rate,
  sum,
  sumOverTime,
  times,
  unless,
  type Vector,
} from '../../../src/metrics/index.ts';
import { fact } from './deployment.ts';

/** Metrics of the application itself: it knows no deployments, so it is asked about the time before and after one. */

const job = { job: oneOf('job') } as const;
const requests = metric('job:http_requests:rate5m', job);
const failures = metric('job:http_requests_failed:rate5m', job);
const latency = metric('job_le:http_request_duration_seconds_bucket:rate5m', job);
const serverError = { ...job, status_code: matches('5..') } as const;

/** None failed is no series, and means 0. */
const share = (bad: Vector<string>, all: Vector<string>): Vector<never> =>
  binary(firstOf([], sum(bad), times(0, sum(all))) as Vector<never>, '/', binary(sum(all), '>', 0));

/** Milliseconds, so that a panel has one unit: Grafana would write each number of seconds in one of its own. */
const milliseconds = <L extends string>(seconds: Vector<L>): Vector<L> => times(1000, seconds);
export const latencyQuantile = (q: number): Vector<never> =>
  milliseconds(histogramQuantile(q, sum(latency, { by: ['le'] })));
export const requestRate = (): Vector<never> => sum(requests);

/** A part of time around the deployment. */
export type Phase = 'before' | 'during' | 'after' | 'aWeekAgo' | 'afterCompared';
interface Span {
  readonly range: Range;
  readonly at: RangeOptions;
}
/** Spans of the raw requests. */
const spans: Readonly<Record<Phase, Span>> = {
  before: { range: '1h', at: { at: '${started_at}' } },
  during: { range: '${lasted}s' as Range, at: { at: '${ended_at}' } },
  after: { range: '5m', at: { at: '${ended_at}', offset: '-5m' } },
  // The hour up to five minutes after the end, seven days earlier.
  aWeekAgo: { range: '1h', at: { at: '${ended_at}', offset: '10075m' } },
  afterCompared: { range: '5m', at: { at: '${compared_ended_at}', offset: '-5m' } },
};
/**
 * A recorded rate looks back five minutes itself: an hour of requests is 55 minutes of rates. They are added up and not
 * averaged: failures are not recorded before the first one, and their average is of fewer samples than that of all.
 */
const hourOfRates: Range = '55m';

/** Requests (or failed ones) in a phase, by a measure that is the same for both: of an hour from what was recorded. */
type Rate = 'requests' | 'failures';
function rateIn(phase: Phase, what: Rate): Vector<string> {
  const { range, at } = spans[phase];
  if (range === '1h')
    return what === 'requests'
      ? sumOverTime(requests, hourOfRates, at)
      : sumOverTime(failures, hourOfRates, at);
  return rate(metric('http_requests_total', what === 'requests' ? job : serverError), range, at);
}

/** Events after a deployment that never reached production are not its doing. */
const itsDoing = (phase: Phase, v: Vector<never>): Vector<never> =>
  phase === 'after'
    ? unless(v, binary(max(fact('deployment:reached_production:bool')), '==', 0), { on: [] })
    : v;

/** Share of requests that failed in a phase. */
export const failureShareIn = (phase: Phase): Vector<never> =>
  itsDoing(phase, share(rateIn(phase, 'failures'), rateIn(phase, 'requests')));

const bucketsIn = (phase: Phase): Vector<'le'> => {
  const { range, at } = spans[phase];
  if (range === '1h') return sum(sumOverTime(latency, hourOfRates, at), { by: ['le'] });
  if (phase === 'during')
    return sum(rate(buckets('http_request_duration_seconds', job), range, at), { by: ['le'] });
  return sum(lastOverTime(latency, '2m', at), { by: ['le'] });
};
/** p95 of the latency in a phase, milliseconds. */
export const latencyIn = (phase: Phase): Vector<never> =>
  itsDoing(phase, milliseconds(histogramQuantile(0.95, bucketsIn(phase))));

const each: Range = '$__rate_interval';
export const external = {
  calls: (by: string) => sum(rate(metric('external_api_calls_total', job), each), { by: [by as never] }),
  latency: (by: string) =>
    milliseconds(
      histogramQuantile(
        0.95,
        sum(rate(buckets('external_api_duration_seconds', job), each), { by: [by as 'service', 'le'] }),
      ),
    ),
  errors: (by: string) => sum(rate(metric('external_api_errors_total', job), each), { by: [by as never] }),
} as const;

export const database = {
  slowQueries: () => sum(rate(metric('database_slow_queries_total', job), each)),
  storeQueries: (by: string) =>
    histogramQuantile(
      0.95,
      sum(rate(buckets('memory_query_latency_ms', job), each), { by: [by as 'stage', 'le'] }),
    ),
  pool: () => metric('database_pool_utilization_percent', job),
} as const;
