import {
  and,
  binary,
  lastOverTime,
  metric,
  type PerDeployment,
  perDeployment,
  target,
  times,
  type Vector,
} from '../../src/metrics/index.ts';
import { within } from './common.ts';

const ofEnvironment = { on: ['environment'], groupLeft: [] };

/** Cost of a deployment, when that is far more than usual. */
export const costUnusual = (): Vector<PerDeployment> => {
  const cost = lastOverTime(metric('deployment:cost_usd:sum'), '15m');
  const finished = lastOverTime(metric('deployment:finished_timestamp_seconds:max'), '15m');
  const usual = metric('environment:deployment_cost_usd:avg', { window: '30d' });
  const known = binary(metric('environment:deployments:count', { window: '30d' }), '>=', target('usualFrom'));
  const high = and(
    binary(cost, '>', times(target('cost.times'), usual), ofEnvironment),
    binary(binary(cost, '-', usual, ofEnvironment), '>', target('cost.extra')),
  );
  return and(and(high, within(finished, target('eventSeconds')), { on: perDeployment }), known, {
    on: ['environment'],
  });
};
