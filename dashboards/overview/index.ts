import {
  choiceVariable,
  colour,
  type DashboardDefinition,
  datasourceVariable,
  environmentVariable,
  newestEnvironmentVariable,
  siblingsOf,
  titles,
  uids,
} from '../../src/dashboards/index.ts';
import { labels } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';
import { telemetryStrip } from '../telemetry.ts';
import { checks } from './checks.ts';
import { keyMetrics } from './key-metrics.ts';
import { own } from './own.ts';
import { recent } from './recent.ts';
import { stages } from './stages.ts';
import { trends } from './trends.ts';

const windowVariable = choiceVariable({
  name: 'window',
  label: 'Window',
  description: 'How far back the numbers without a time axis look.',
  values: labels.window,
  current: '7d',
});

/** Whether deployments work, at a glance. */
export const overview = (pipeline: Pipeline): DashboardDefinition => ({
  uid: uids.overview,
  title: titles.overview,
  description:
    'Do deployments work? Success rate, time to deploy, health, tests and the last ten deployments.',
  tags: ['deployments'],
  from: 'now-7d',
  refresh: '10s',
  variables: [datasourceVariable, environmentVariable, newestEnvironmentVariable, windowVariable],
  links: siblingsOf('overview'),
  annotations: [
    {
      name: 'Firing alerts',
      expr: queries.firingAlerts(),
      color: colour.bad,
      title: '{{alertname}}',
      text: '{{environment}} {{service}} {{stage}}',
      tags: ['severity', 'environment'],
    },
    {
      name: 'Deployments',
      expr: queries.finishedDeployments(),
      color: colour.running,
      title: 'Deployment {{deployment_id}}',
      text: '{{environment}}',
      tags: ['environment'],
      valueIsTime: true,
    },
  ],
  top: telemetryStrip(pipeline),
  // Stage durations are asked for in the first ten seconds, their history is not.
  rows: [
    keyMetrics(pipeline),
    stages,
    trends(pipeline),
    checks(pipeline),
    ...own(pipeline),
    recent(pipeline),
  ],
  source: import.meta.url,
});
