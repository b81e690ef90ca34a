import { metric, oneOf } from '../metrics/expression.ts';
import { deployment } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whichStages } from './diagnosis.ts';
import { costUnusual } from './expressions/cost.ts';
import { subject, thisDeployment, version } from './parts.ts';
import { each, text, value } from './text.ts';

/** Ten deployments for ten cents each, and one that costs so much. */
const costing = (usd: number) =>
  Array.from({ length: 11 }, (_, i) =>
    deployment({
      id: `10${i}`,
      started: 60 + i * 120,
      finished: 150 + i * 120,
      costs: [{ resource: 'railway_compute', time: 150 + i * 120, usd: i === 10 ? usd : 0.1 }],
    }),
  );

const deploymentCostUnusual: Alert = alert({
  name: 'DeploymentCostUnusual',
  severity: 'medium',
  about: 'deployment',
  expr: costUnusual(),
  hold: 'None: the price of a deployment does not change any more.',
  summary: text`${subject} cost ${value(2)} USD, far more than usual`,
  description: text`By resource: ${each(
    {
      query: metric('deployment_infrastructure_cost', thisDeployment),
      by: 'resource',
      otherwise: 'unknown',
    },
    (row) => text`${row.label('resource')} ${row.value(2)} USD`,
  )}. ${version}.`,
  runbook: {
    meaning:
      'A deployment cost more than three times the average of the last thirty days, and at least ten cents more.',
    impact: 'Money. If it stays like this, the month costs several times what was planned.',
    diagnosis: [
      {
        question: 'What did it cost, by resource?',
        query: metric('deployment_infrastructure_cost', thisDeployment),
      },
      {
        question: 'What is usual?',
        query: metric('environment:deployment_cost_usd:avg', {
          environment: oneOf('environment'),
          window: '30d',
        }),
      },
      whichStages,
    ],
    mitigation: [
      'Compare the durations of the stages with their usual ones: a cache that is lost costs minutes of compute in every build.',
      'If the new price is right, nothing has to be done: the average follows.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'After ten deployments for ten cents each, one costs a dollar.',
        deployments: costing(1),
        at: 1440,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1010' },
            summary: 'Deployment 1010 to production cost 1.00 USD, far more than usual',
            description: 'By resource: railway_compute 1.00 USD. Version 2.0.0 from main by ada.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'After ten deployments for ten cents each, one costs twenty-five.',
        deployments: costing(0.25),
        at: 1440,
      },
    ],
  },
});

/** What deployments cost. */
export const cost: Family = {
  name: 'cost',
  title: 'Cost',
  alerts: [deploymentCostUnusual],
  source: import.meta.url,
};
