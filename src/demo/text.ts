import { uids } from '../dashboards/index.ts';
import { projectPath } from '../lib/root.ts';
import type { Loaded } from '../pipeline/index.ts';
import type { History } from '../simulator/index.ts';
import type { DemoOptions } from './options.ts';
import type { DemoServers } from './servers.ts';

/** Addresses of what runs. */
export const addresses = ({
  prometheus,
  pushgateway,
  alertmanager,
}: DemoServers): Record<string, string> => ({
  prometheus: prometheus.url,
  pushgateway: pushgateway.url,
  alertmanager: alertmanager.url,
});

/** Content of the text that greets. */
export interface Welcome extends Pick<Loaded, 'pipeline' | 'generated'> {
  /** Address of the dashboards. */
  readonly dashboards: string;
  /** In the pipeline's own words. */
  readonly past: History;
}

/** The newest deployment of the past of one of these scenarios, on the troubleshooting dashboard. */
function linkTo({ dashboards, past }: Welcome, ...scenarios: readonly string[]): string {
  const found = past.deployments.findLast(
    (d) => scenarios.includes(d.scenario) && d.finished !== undefined && d.finished < past.end - 3_600,
  );
  if (!found) return `${dashboards}/d/${uids.overview}`;
  const search = new URLSearchParams({
    'var-environment': found.environment,
    'var-deployment': found.id,
    from: String(Math.round((found.triggered - 60) * 1_000)),
    to: String(
      Math.round(((found.rollbacks.at(-1)?.finished ?? found.finished ?? found.started) + 900) * 1_000),
    ),
  });
  return `${dashboards}/d/${uids.troubleshooting}?${search}`;
}

/** Addresses of the servers, and five things to try. */
export function welcome(servers: DemoServers, { every, speed, days }: DemoOptions, about: Welcome): string {
  const { prometheus, pushgateway, alertmanager } = servers;
  const { pipeline, generated, dashboards } = about;
  const [environment = 'production'] = Object.keys(pipeline.environments);
  const folder = projectPath(generated);
  const at = `PROMETHEUS_URL=${prometheus.url}`;
  const both = `${at} PUSHGATEWAY_URL=${pushgateway.url}`;
  const own =
    folder === 'generated' ? '' : ` --pipeline ${folder.replace(/generated$/, 'pipeline.config.ts')}`;
  return `The whole system runs on this machine. A deployment begins about every ${every} s and goes on ${speed === 1 ? 'as fast as in life' : `${speed} times faster than in life`}.

  Dashboards    ${dashboards}
  Prometheus    ${prometheus.url}
  Pushgateway   ${pushgateway.url}
  Alertmanager  ${alertmanager.url}

Five things to try:

  1. A deployment that failed: which stage, why, and what it did before.
     ${linkTo(about, 'build_failure', 'deploy_failure', 'migration_failure', 'smoke_failure')}
  2. One that was rolled back: the failed health checks, the reason, how long users had it.
     ${linkTo(about, 'health_rollback', 'smoke_rollback', 'error_rate_rollback', 'manual_rollback')}
  3. The gate: may ${environment} be deployed to now? Three checks: it refuses while another deployment runs (exit code 1), which here
     is most of the time, when the month's budget is spent, or when a critical alert fires.
     ${both} npm run gate -- --environment ${environment} --may deploy${own}
  4. The doctor: does telemetry flow? It does. It warns that no Grafana was asked, and of pushes that came late: those of what had
     begun before the demo did.
     ${both} npm run doctor${own ? ` --${own}` : ''}
  5. A backtest: which alerts about windows and budgets would have fired in ${Math.min(days, 7)} days, and which were false. Those about
     single deployments need every minute, and the past that was written has an hour between two moments.
     ${at} npm run backtest -- --since ${Math.min(days, 7)}d${own}

A Grafana of yours takes ${folder}/grafana/dashboards/*.json, with a Prometheus data source of that address.
Ctrl-C ends everything and removes its data.
`;
}
