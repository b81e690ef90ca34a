import type { Bundle } from '../compile/index.ts';
import {
  buildDashboard,
  choiceVariable,
  datasourceVariable,
  environmentVariable,
  lines,
  range,
} from '../dashboards/index.ts';
import {
  and,
  binary,
  buckets,
  clampMin,
  histogramQuantile,
  labelJoin,
  maxOverTime,
  metric,
  oneOf,
  perDeployment,
  rate,
  sum,
  topk,
  type Vector,
  variable,
} from '../metrics/index.ts';

const environment = variable('environment');

/** Ten expressions as dashboards have them; the id makes each a text of its own. */
function expressions(id: string): Vector<string>[] {
  const outcome = metric('recent_deployment:outcome:code', { environment, deployment_id: id });
  const finish = metric('recent_deployment:finished_timestamp_seconds:max', {
    environment,
    deployment_id: id,
  });
  const passed = metric('smoke_test_success', { environment, deployment_id: id });
  const slow = buckets('http_request_duration_seconds', { endpoint: id });
  return [
    outcome,
    and(outcome, topk(1, finish, { by: ['environment'] }), { on: perDeployment }),
    clampMin(binary(finish, '-', Number(id)), 0),
    sum(maxOverTime(metric('push_time_seconds', { environment, deployment_id: id }), '1h'), {
      by: ['environment'],
    }),
    binary(
      sum(passed, { by: ['environment'] }),
      '/',
      sum(binary(passed, '>=', 0, { bool: true }), { by: ['environment'] }),
    ),
    histogramQuantile(0.95, sum(rate(slow, '$__rate_interval'), { by: ['le', 'endpoint'] })),
    metric('environment:deployment_success:ratio', { environment, window: oneOf('window') }),
    labelJoin(outcome, 'where', '/', 'environment', 'deployment_id'),
    sum(rate(metric('http_requests_total', { endpoint: id }), '5m'), { by: ['status_code'] }),
    binary(outcome, '==', 1, { bool: true }),
  ];
}

const windowVariable = choiceVariable({
  name: 'window',
  label: 'Window',
  description: 'How far back.',
  values: ['1d', '7d'],
  current: '7d',
});

const dashboard = (index: number) =>
  buildDashboard({
    uid: `many-${index}`,
    title: `Dashboard ${index}`,
    description: 'One of many.',
    tags: [],
    from: 'now-1h',
    refresh: '1m',
    variables: [datasourceVariable, environmentVariable, windowVariable],
    annotations: [],
    rows: [
      {
        title: 'Row',
        height: 6,
        panels: expressions(String(1_000_000 + index)).map((expr, i) =>
          lines({
            title: `Panel ${i}`,
            description: 'What it means.',
            noData: 'Nothing yet',
            missing: '`record.mjs finish` emits it.',
            unit: 'none',
            width: 8,
            queries: [range(expr, { legend: `series ${i}` })],
          }),
        ),
        source: import.meta.url,
      },
    ],
    source: import.meta.url,
  });

/** This project's rules, and so many dashboards of ten expressions in the place of its own. */
export const manyDashboards = (bundle: Bundle, count: number): Bundle => ({
  ...bundle,
  dashboards: Array.from({ length: count }, (_, index) => dashboard(index)),
});
