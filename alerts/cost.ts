import {
  type Alert,
  alert,
  each,
  type Family,
  subject,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { spokenCount } from '../src/lib/spoken.ts';
import { metric, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { whichStages } from './diagnosis.ts';
import * as stories from './examples/cost.ts';
import { costUnusual } from './expressions/cost.ts';

const deploymentCostUnusual = (pipeline: Pipeline): Alert => {
  const {
    targets,
    cost: { currency },
  } = pipeline;
  return alert({
    name: 'DeploymentCostUnusual',
    severity: 'medium',
    about: 'deployment',
    expr: costUnusual(),
    forReason: 'None: the price of a deployment does not change any more.',
    summary: text`${subject} cost ${value(2)} ${currency}, far more than usual`,
    description: text`By resource: ${each(
      {
        query: metric('deployment_infrastructure_cost', thisDeployment),
        by: 'resource',
        otherwise: 'unknown',
      },
      (row) => text`${row.label('resource')} ${row.value(2)} ${currency}`,
    )}. ${version}.`,
    runbook: {
      meaning: `A deployment cost more than ${spokenCount(targets.cost.times)} times the average of the last thirty days, and at least ${targets.cost.extra} ${currency} more.`,
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
    examples: stories.deploymentCostUnusual(pipeline),
  });
};

/** Alerts about the cost of deployments. */
export const cost = (pipeline: Pipeline): Family => ({
  name: 'cost',
  title: 'Cost',
  alerts: [deploymentCostUnusual].map((one) => one(pipeline)),
  source: import.meta.url,
});
