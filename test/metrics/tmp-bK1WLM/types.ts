/**
 * What does not compile, and what does. Compiled by `npm run typecheck`, and by types.test.ts, which also proves that
 * each of these lines is an error without its comment. Nothing here is executed.
 */
import { expectTypeOf } from 'vitest';
import type { LabelName, LabelValue } from '../../../src/metrics/catalogue.ts';
import {
  and,
  anyOf,
  avg,
  binary,
  buckets,
  constant,
  countValues,
  histogramQuantile,
  increase,
  labelReplace,
  lastOverTime,
  matches,
  metric,
  not,
  observations,
  oneOf,
  quantile,
  rate,
  setLabel,
  sum,
  topk,
  type Vector,
  variable,
} from '../../../src/metrics/expression.ts';
import { record } from '../../../src/metrics/rule.ts';

export function refused(): void {
  const up = metric('up');
  const perDeployment = metric('deployment:outcome:code');


  metric('deployment_totl');

  metric('deployments_total');

  metric('up', { stage: 'build' });

  metric('deployment_total', { status: 'sucess' });

  metric('deployment_total', { status: anyOf('success', 'broken') });

  metric('deployment_total', { environment: not('prod') });

  metric('deployment_total', { status: matches('succ.*') });

  rate(metric('queue_depth_total'), '5m');

  rate(metric('deployment_total'), '5m');

  increase(metric('deployment_rollback_total'), '1h');

  rate(metric('http_request_duration_seconds'), '5m');

  rate(buckets('time_to_deploy_seconds'), '5m');

  rate(sum(metric('http_requests_total')), '5m');

  buckets('deployment_stage_duration_seconds');

  observations('http_requests_total');

  lastOverTime(sum(perDeployment), '1d');

  lastOverTime(perDeployment, '30');

  sum(up, { by: ['stage'] });

  avg(sum(perDeployment, { by: ['environment'] }), { by: ['deployment_id'] });

  quantile(0.95, up, { by: ['service'] });

  topk(1, up, { by: ['service'] });

  and(up, perDeployment, { on: ['environment'] });

  constant(1, up, { by: ['stage'] });

  countValues('code', up, { by: ['stage'] });

  labelReplace(up, 'name', '$1', 'stage', '(.*)');

  binary(up, '&&', up);

  record('environment:deployment_sucess:ratio', up);

  record('deployment_total', up);
}

export function accepted(): void {
  metric('up');
  metric('deployment_total', { status: 'success', stage: not('rollback'), service: anyOf('api', 'web') });
  metric('deployment_total', { status: not(''), environment: variable('environment') });
  metric('environment:deployment_success:ratio', { window: oneOf('window') });
  metric('deployment:outcome:code', { deployment_id: 'any text' });
  metric('http_requests_total', { endpoint: matches('/api/.*') });
  rate(metric('http_requests_total'), '$__rate_interval');
  rate(observations('http_request_duration_seconds'), '5m');
  record('environment:deployment_success:ratio', metric('up'), { window: '1d' });
}

export function results(): void {
  const http = metric('http_requests_total');
  const outcome = metric('deployment:outcome:code');
  expectTypeOf<LabelName<'deployment:outcome:code'>>().toEqualTypeOf<'environment' | 'deployment_id'>();
  expectTypeOf<LabelValue<'deployment_total', 'environment'>>().toEqualTypeOf<'production' | 'staging'>();
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
