import { colour, type DashboardDefinition, titles, uids } from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { telemetryStrip } from '../telemetry.ts';
import { after } from './after.ts';
import { compare } from './compare.ts';
import { context } from './context.ts';
import { errors } from './errors.ts';
import { logs } from './logs.ts';
import { alertsToMark } from './queries/around.ts';
import { deploymentRegion } from './queries/waterfall.ts';
import { variables } from './variables.ts';
import { waterfall } from './waterfall.ts';

/** Why a deployment failed. */
export const troubleshooting = (pipeline: Pipeline): DashboardDefinition => ({
  uid: uids.troubleshooting,
  title: titles.troubleshooting,
  description:
    'Why did this deployment fail? Which stage, with what error, how long it took, whether it was rolled back, and what it did to the application.',
  tags: ['deployments'],
  from: 'now-2h',
  refresh: '10s',
  variables: variables(pipeline),
  annotations: [
    {
      name: 'This deployment',
      expr: deploymentRegion(),
      color: colour.running,
      title: 'Deployment {{deployment_id}}',
      text: '{{environment}}',
      tags: ['environment'],
      step: '15s',
    },
    {
      name: 'Firing alerts',
      expr: alertsToMark(),
      color: colour.bad,
      title: '{{alertname}}',
      text: '{{environment}}',
      tags: ['severity', 'environment'],
    },
  ],
  top: telemetryStrip(pipeline),
  rows: [context(pipeline), waterfall, errors, ...after(pipeline), compare(pipeline), logs(pipeline)],
  source: import.meta.url,
});
