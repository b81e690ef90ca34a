import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../../dashboards/index.ts';
import { uids } from '../../dashboards/links.ts';
import { type DashboardState, fillIn } from '../lib/panel-queries.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import { queryText, resolveState } from '../lib/variable-values.ts';
import type { Line } from './line.ts';
import { type Asked, queriesOf, refresh } from './refresh.ts';
import type { LoadedSystem } from './system.ts';

/** Milliseconds of evaluation that a refresh may cost, by deployments a day. */
const budgets: Readonly<Record<number, number>> = { 100: 500 };

/** What the variables ask, which Grafana asks again with every refresh of a span that ends now. */
const variablesOf = (dashboard: Dashboard, state: DashboardState): Asked[] =>
  (dashboard.templating?.list ?? []).flatMap((variable) => {
    const expr = /^query_result\((?<expr>.*)\)$/s.exec(fillIn(queryText(variable), state, 15))?.groups?.expr;
    return expr ? [{ expr, from: state.from, to: state.to, step: 0 }] : [];
  });

/** The dashboard on the deployment that finished last, on its own time span. */
async function lastFinished(prometheus: Prometheus, dashboard: Dashboard): Promise<DashboardState> {
  const name = 'recent_deployment:finished_timestamp_seconds:max{environment="production"}';
  const [last] = await prometheus.query(`topk(1, ${name})`);
  if (!last) throw new Error('No deployment has finished.');
  const [from, to] = [Math.floor(last.value - 600), Math.floor(last.value + 900)];
  const deployment = last.labels.deployment_id ?? '';
  return await resolveState(prometheus, dashboard, {
    variables: { environment: 'production', deployment },
    from,
    to: Math.min(to, Math.floor(Date.now() / 1000)),
  });
}

/** One refresh of the troubleshooting dashboard: every panel, annotation and variable, for one deployment. */
export async function troubleshootingLines({ prometheus, perDay, say }: LoadedSystem): Promise<Line[]> {
  const scale = `${perDay} a day`;
  say(`${scale}: refresh of the troubleshooting dashboard`);
  const found = dashboards().find(({ definition }) => definition.uid === uids.troubleshooting);
  if (!found) throw new Error(`There is no dashboard ${uids.troubleshooting}.`);
  const dashboard = found.json;
  const state = await lastFinished(prometheus, dashboard);
  const queries = [...queriesOf(dashboard, state), ...variablesOf(dashboard, state)];
  const { seconds } = await refresh(prometheus, queries);
  const budget = budgets[perDay];
  return [
    {
      what: 'refresh of the troubleshooting dashboard',
      scale,
      value: seconds * 1000,
      unit: 'ms',
      ...(budget !== undefined && { budget: { atMost: budget } }),
      note: `${queries.length} queries`,
    },
  ];
}
