import {
  and,
  applicationJob,
  avgOverTime,
  binary,
  constant,
  matches,
  max,
  metric,
  or,
  type PerDeployment,
  perDeployment,
  type Range,
  type RangeOptions,
  rate,
  sum,
  target,
  times,
  topk,
  unless,
  type Vector,
} from '../../src/metrics/index.ts';
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

/** The newest deployment to the environment that the application serves. */
const newestIn = (environment: string): Vector<PerDeployment> =>
  topk(
    1,
    within(
      metric('recent_deployment:finished_timestamp_seconds:max', { environment }),
      target('eventSeconds'),
    ),
  );

/** Share of failing requests of a day: it takes hours of errors until they are what is usual. */
const ofDay = binary(
  avgOverTime(metric('job:http_requests_failed:rate5m', { job }), '1d'),
  '/',
  avgOverTime(metric('job:http_requests:rate5m', { job }), '1d'),
);

/** The alert that asks: it remembers by itself which deployment it began with. */
export const errorSpikeAlert = 'PostDeploymentErrorRateSpike';
const firing = max(metric('ALERTS', { alertname: errorSpikeAlert, alertstate: 'firing' }), {
  by: perDeployment,
});

/**
 * Share of failing requests of live traffic, when it is far above that of the hour before the deployment. It has to
 * begin soon after the deployment; once it fires it goes on as long as the errors do, because the hour before would
 * by and by be an hour of errors, too.
 */
export const errorSpike = (environment: string): Vector<PerDeployment> => {
  const before = failing('1h', { offset: '20m' });
  const high = and(
    binary(failing('5m'), '>', target('errorRate.spike.share')),
    binary(requests('5m'), '>', target('errorRate.spike.requestsPerSecond')),
    {
      on: [],
    },
  );
  // Where there was no error before, anything above the least share is a spike.
  const asBefore = binary(failing('5m'), '<=', times(target('errorRate.spike.times'), before));
  const usual = binary(failing('5m'), '<=', times(target('errorRate.spike.over'), ofDay), { on: [] });
  const blamed = or(
    unless(constant(1, newestIn(environment), { by: perDeployment }), asBefore, { on: [] }),
    unless(firing, usual, { on: [] }),
  );
  return binary(blamed, '*', high, { on: [], groupLeft: [] });
};
