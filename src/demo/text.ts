import { projectPath } from '../lib/root.ts';
import { type Loaded, stagesOf } from '../pipeline/index.ts';
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

/** Addresses of the servers, and where to look first. */
export function welcome(
  servers: DemoServers,
  { every, speed }: DemoOptions,
  { pipeline, generated }: Pick<Loaded, 'pipeline' | 'generated'>,
): string {
  const { prometheus, pushgateway, alertmanager } = servers;
  const [service] = Object.keys(pipeline.services);
  const [stage = Object.keys(pipeline.stages)[0]] = stagesOf(pipeline, 'build');
  const folder = projectPath(generated);
  return `The whole system runs on this machine:

  Prometheus    ${prometheus.url}
  Pushgateway   ${pushgateway.url}
  Alertmanager  ${alertmanager.url}

A deployment begins about every ${every} s and goes on ${speed === 1 ? 'as fast as in life' : `${speed} times faster than in life`}. Look at

  - the dashboards, in another terminal:
      npm run preview -- --prometheus ${prometheus.url}${folder === 'generated' ? '' : ` --dashboards ${folder}/grafana/dashboards`}
    or in a Grafana of yours: add a Prometheus data source with that address, and import
    ${folder}/grafana/dashboards/*.json
  - the ledger, one row of facts for each deployment:
      ${prometheus.url}/graph?g0.tab=1&g0.expr=${encodeURIComponent('last_over_time(deployment:outcome:code[1h])')}
  - what the pipeline pushed, group by group: ${pushgateway.url}
  - rules and alerts: ${prometheus.url}/alerts
  - your own deployment:
      PUSHGATEWAY_URL=${pushgateway.url} node ${folder}/record.mjs start --deployment-id mine
      PUSHGATEWAY_URL=${pushgateway.url} node ${folder}/record.mjs stage --deployment-id mine --service ${service} --stage ${stage} -- sleep 5
      PUSHGATEWAY_URL=${pushgateway.url} node ${folder}/record.mjs finish --deployment-id mine --outcome success

Ctrl-C ends everything and removes its data.
`;
}
