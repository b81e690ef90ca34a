/**
 * Code that does not compile, and code that does. Compiled by `npm run typecheck`, and by types.test.ts, which also proves that
 * each of these lines is an error without its comment. Nothing here is executed.
 */
import { expectTypeOf } from 'vitest';
import type { LabelName, LabelValue } from '../../src/metrics/catalogue.ts';
import {
  and,
  anyOf,
  avg,
  binary,
  buckets,
  constant,
  count,
  countValues,
  histogramQuantile,
  increase,
  labelReplace,
  lastOverTime,
  matches,
  metric,
  not,
  observed,
  oneOf,
  quantile,
  rate,
  setLabel,
  sum,
  topk,
  type Vector,
  variable,
} from '../../src/metrics/index.ts';
import { record } from '../../src/metrics/rule.ts';

export function refused(): void {
  const up = metric('up');
  const perDeployment = metric('deployment:outcome:code');

  // @ts-expect-error a metric that nothing emits
  metric('deployment_totl');
  // @ts-expect-error the collector's names are not invented anew
  metric('deployments_total');
  // @ts-expect-error a label that the metric does not have
  metric('up', { stage: 'build' });
  // @ts-expect-error a value outside of a closed set
  metric('deployment_total', { status: 'sucess' });
  // @ts-expect-error one wrong value of several
  metric('deployment_total', { status: anyOf('success', 'broken') });
  // @ts-expect-error a wrong value, excluded
  metric('deployment_total', { status: not('sucess') });
  // @ts-expect-error a regular expression on a closed set
  metric('deployment_total', { status: matches('succ.*') });
  // @ts-expect-error the rate of a gauge
  rate(metric('database_pool_utilization_percent'), '5m');
  // @ts-expect-error the rate of a series that is pushed once and never changes
  rate(metric('deployment_total'), '5m');
  // @ts-expect-error so is its increase
  increase(metric('deployment_rollback_total'), '1h');
  // @ts-expect-error the rate of a histogram by its own name
  rate(metric('http_request_duration_seconds'), '5m');
  // @ts-expect-error the rate of the buckets of a pushed histogram
  rate(buckets('time_to_deploy_seconds'), '5m');
  // @ts-expect-error the rate of an expression
  rate(sum(metric('http_requests_total')), '5m');
  // @ts-expect-error the buckets of a gauge
  buckets('deployment_stage_duration_seconds');
  // @ts-expect-error the sum of the observations of a counter
  observed('http_requests_total');
  // @ts-expect-error a range over something that is no selector
  lastOverTime(sum(perDeployment), '1d');
  // @ts-expect-error a range without a unit
  lastOverTime(perDeployment, '30');
  // @ts-expect-error by a label that the metric does not have
  sum(up, { by: ['stage'] });
  // @ts-expect-error by a label that was aggregated away
  avg(sum(perDeployment, { by: ['environment'] }), { by: ['deployment_id'] });
  // @ts-expect-error a quantile by a label that is not there
  quantile(0.95, up, { by: ['service'] });
  // @ts-expect-error the largest by a label that is not there
  topk(1, up, { by: ['service'] });
  // @ts-expect-error joined on a label that the left side does not have
  and(up, perDeployment, { on: ['environment'] });
  // @ts-expect-error a constant by a label that is not there
  constant(1, up, { by: ['stage'] });
  // @ts-expect-error counted by a label that is not there
  countValues('code', up, { by: ['stage'] });
  // @ts-expect-error read from a label that is not there
  labelReplace(up, 'name', '$1', 'stage', '(.*)');
  // @ts-expect-error an operator that PromQL does not have
  binary(up, '&&', up);
  // @ts-expect-error a recorded series that the catalogue does not have
  record('environment:deployment_sucess:ratio', up);
  // @ts-expect-error a pushed metric is not recorded
  record('deployment_total', up);
  // @ts-expect-error a label that the series is not declared with
  record('environment:deployment_success:ratio', perDeployment);
  // @ts-expect-error a constant label that the series is not declared with
  record('deployment:outcome:code', perDeployment, { window: '1d' });
  // @ts-expect-error a value that the constant label cannot have
  record('environment:deployments:count', count(perDeployment, { by: ['environment'] }), { window: '8d' });
}

export function accepted(): void {
  metric('up');
  metric('deployment_total', { status: 'success', stage: not('rollback'), service: anyOf('api', 'web') });
  metric('deployment_total', { status: not(''), environment: variable('environment') });
  metric('environment:deployment_success:ratio', { window: oneOf('window') });
  metric('deployment:outcome:code', { deployment_id: 'any text' });
  metric('http_requests_total', { endpoint: matches('/api/.*') });
  rate(metric('http_requests_total'), '$__rate_interval');
  rate(observed('http_request_duration_seconds'), '5m');
  record(
    'environment:deployment_success:ratio',
    avg(metric('deployment:outcome:code'), { by: ['environment'] }),
    {
      window: '1d',
    },
  );
}

export function results(): void {
  const http = metric('http_requests_total');
  const outcome = metric('deployment:outcome:code');
  expectTypeOf<LabelName<'deployment:outcome:code'>>().toEqualTypeOf<'environment' | 'deployment_id'>();
  expectTypeOf<LabelValue<'deployment_total', 'environment'>>().toEqualTypeOf<string>();
  expectTypeOf<LabelValue<'deployment_total', 'deployment_id'>>().toEqualTypeOf<string>();
  expectTypeOf(sum(outcome)).toEqualTypeOf<Vector<never>>();
  expectTypeOf(sum(outcome, { by: ['environment'] })).toEqualTypeOf<Vector<'environment'>>();
  expectTypeOf(rate(http, '5m')).toEqualTypeOf<Vector<'job' | 'method' | 'endpoint' | 'status_code'>>();
  const slow = rate(buckets('http_request_duration_seconds'), '5m');
  expectTypeOf(histogramQuantile(0.95, sum(slow, { by: ['le', 'endpoint'] }))).toEqualTypeOf<
    Vector<'endpoint'>
  >();
  expectTypeOf(setLabel(sum(outcome), 'outcome', 'success')).toEqualTypeOf<Vector<'outcome'>>();
  expectTypeOf(countValues('code', outcome, { by: ['environment'] })).toEqualTypeOf<
    Vector<'environment' | 'code'>
  >();
  const info = metric('deployment:info:last');
  expectTypeOf(
    binary(outcome, '*', info, { on: ['environment', 'deployment_id'], groupLeft: ['branch'] }),
  ).toEqualTypeOf<Vector<'environment' | 'deployment_id' | 'branch'>>();
}
