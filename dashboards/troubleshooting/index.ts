import { metric, variable } from '../../metrics/expression.ts';
import type { DashboardDefinition } from '../lib/dashboard.ts';
import { stat } from '../lib/panels.ts';
import { instant } from '../lib/query.ts';
import { outcomeMappings } from '../lib/style.ts';
import { datasourceVariable, environmentVariable, labelVariable } from '../lib/variables.ts';
import { uids } from '../links.ts';

/** Why a deployment failed. */
export const troubleshooting: DashboardDefinition = {
  uid: uids.troubleshooting,
  title: 'Deployment Troubleshooting',
  description: 'Why did this deployment fail?',
  tags: ['deployments'],
  from: 'now-24h',
  refresh: '10s',
  variables: [
    datasourceVariable,
    environmentVariable,
    labelVariable({
      name: 'deployment',
      label: 'Deployment',
      description: 'The deployment that is looked at.',
      metric: 'recent_deployment:started_timestamp_seconds:min',
      matchers: { environment: variable('environment') },
      of: 'deployment_id',
    }),
  ],
  annotations: [],
  rows: [
    {
      title: 'Context',
      height: 5,
      panels: [
        stat({
          title: 'Outcome',
          description: 'How the deployment ended.',
          noData: 'No such deployment. `record.mjs finish` emits it.',
          unit: 'none',
          width: 6,
          queries: [
            instant(
              metric('recent_deployment:outcome:code', {
                environment: variable('environment'),
                deployment_id: variable('deployment'),
              }),
              { legend: '{{deployment_id}}' },
            ),
          ],
          mappings: outcomeMappings,
        }),
      ],
      source: import.meta.url,
    },
  ],
  source: import.meta.url,
};
