import { applicationJob } from '../../metrics/application.ts';
import {
  and,
  binary,
  constant,
  matches,
  metric,
  type Range,
  type RangeOptions,
  rate,
  sum,
  times,
  topk,
  unless,
  type Vector,
} from '../../metrics/expression.ts';
import { type Deployment, deployment } from '../../slo/ledger/raw.ts';
import { alertThresholds as limits } from '../thresholds.ts';
import { within } from './common.ts';

const job = applicationJob;
const requests = (range: Range, o?: RangeOptions) =>
  sum(rate(metric('http_requests_total', { job }), range, o));
/** Share of requests that the application answered with a server error. */
const failing = (range: Range, o?: RangeOptions): Vector<never> =>
  binary(
    sum(rate(metric('http_requests_total', { job, status_code: matches('5..') }), range, o)),
    '/',
    requests(range, o),
  );

/** The application serves production. */
const newest: Vector<Deployment> = topk(
  1,
  within(
    and(
      metric('recent_deployment:finished_timestamp_seconds:max'),
      metric('recent_deployment:started_timestamp_seconds:min', { environment: 'production' }),
    ),
    limits.event,
  ),
);

/** Share of failing requests of live traffic, when it is far above that of the hour before the deployment. */
export const errorSpike = (): Vector<Deployment> => {
  const { times: factor, share, requestsPerSecond } = limits.errorSpike;
  const before = failing('1h', { offset: '20m' });
  const high = and(binary(failing('5m'), '>', share), binary(requests('5m'), '>', requestsPerSecond), {
    on: [],
  });
  // Where there was no error before, anything above the least share is a spike.
  const spike = unless(high, binary(failing('5m'), '<=', times(factor, before)), { on: [] });
  return binary(constant(1, newest, { by: deployment }), '*', spike, { on: [], groupLeft: [] });
};
