import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { uids } from '../dashboards/index.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import { outcomes } from '../metrics/index.ts';
import { type DashboardState, resolveState, variableQueries } from '../panels/index.ts';
import type { Line } from './line.ts';
import { asked, queriesOf, refreshes } from './refresh.ts';
import type { LoadedSystem } from './system.ts';

/** Milliseconds of evaluation that opening the dashboard may cost, by deployments a day. */
const budgets: Readonly<Record<number, number>> = { 100: 500 };

/** How many of the most expensive queries are named. */
const named = 10;

/** The dashboard on the deployment of production that ended last in one of these ways, on its own time span. */
async function lastOf(
  prometheus: Prometheus,
  dashboard: Dashboard,
  ways: readonly number[],
): Promise<DashboardState> {
  const on = 'environment="production"';
  const ended = `last_over_time(deployment:finished_timestamp_seconds:max{${on}}[30d])`;
  const fits = ways
    .map((way) => `last_over_time(deployment:outcome:code{${on}}[30d]) == ${way}`)
    .join(' or ');
  const [last] = await prometheus.query(`topk(1, ${ended} and (${fits}))`);
  if (!last) throw new Error('No such deployment has finished.');
  const [from, to] = [Math.floor(last.value - 600), Math.floor(last.value + 900)];
  const deployment = last.labels.deployment_id ?? '';
  return await resolveState(prometheus, dashboard, {
    variables: { environment: 'production', deployment },
    from,
    to: Math.min(to, Math.floor(Date.now() / 1000)),
  });
}

/** Deployments that the dashboard is opened on: failures have more to show than successes. */
const openedOn = [
  { which: 'a success', ways: [outcomes.success] },
  { which: 'a failure', ways: [outcomes.failure] },
  { which: 'a rollback', ways: [outcomes.rolled_back] },
] as const;

/** One opening of the troubleshooting dashboard: every panel, annotation and variable, for one deployment. */
export async function troubleshootingLines({
  bundle,
  prometheus,
  perDay,
  say,
}: LoadedSystem): Promise<Line[]> {
  const scale = `${perDay} a day`;
  say(`${scale}: opening of the troubleshooting dashboard`);
  const found = bundle.dashboards.find(({ definition }) => definition.uid === uids.troubleshooting);
  if (!found) throw new Error(`There is no dashboard ${uids.troubleshooting}.`);
  const dashboard = found.json;
  const budget = budgets[perDay];
  const lines: Line[] = [];
  for (const { which, ways } of openedOn) {
    const state = await lastOf(prometheus, dashboard, ways);
    const queries = [...queriesOf(dashboard, state), ...variableQueries(dashboard, state).map(asked)];
    const { seconds, each, passes } = await refreshes(prometheus, queries);
    lines.push({
      what: `troubleshooting opened on ${which}`,
      scale,
      value: seconds * 1000,
      unit: 'ms',
      ...(budget !== undefined && { budget: { atMost: budget } }),
      note: `${queries.length} queries, median of ${passes} passes`,
    });
    for (const one of each.slice(0, named))
      lines.push({ what: `of it ${one.what}`, scale, value: one.seconds * 1000, unit: 'ms', detail: true });
  }
  return lines;
}
