import { type Alert, alert, type Family, subject, text, value, version } from '../src/alerts/index.ts';
import { custom, customAverage, customFact, lastOverTime, oneOf, type Vector } from '../src/metrics/index.ts';
import type { CustomMetricFile, Pipeline } from '../src/pipeline/index.ts';
import { whatWasDeployed } from './diagnosis.ts';
import * as stories from './examples/own.ts';
import { beyondLimit } from './expressions/own.ts';

const camel = (name: string): string =>
  name
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');

/** The label set of an alert about a deployment. */
type OfDeployment = Vector<'environment' | 'deployment_id'>;

function limitAlert(name: string, metric: CustomMetricFile, side: 'above' | 'below', limit: number): Alert {
  const labels = Object.keys(metric.labels ?? {});
  const than = `${side === 'above' ? 'more' : 'less'} than ${limit}`;
  const unit = metric.unit === 'none' || metric.unit === 'count' ? '' : ` ${metric.unit}`;
  return alert({
    name: `${camel(name)}${side === 'above' ? 'High' : 'Low'}`,
    severity: 'medium',
    about: 'deployment',
    // The build checks the labels, which the pipeline file says.
    expr: beyondLimit(name, side === 'above' ? '>' : '<', limit) as OfDeployment,
    forReason: 'None: the number of a deployment that has finished does not pass.',
    summary: text`${subject}: ${name} is ${value(2)}${unit}, ${than}`,
    description: text`${metric.help} ${version}.`,
    runbook: {
      meaning: `A deployment has ${than}${unit} of ${name}. ${metric.help}`,
      impact: 'What the metric stands for: the limit is in the pipeline file.',
      diagnosis: [
        {
          question: `What is it${labels.length > 0 ? `, by ${labels.join(' and ')}` : ''}?`,
          query: lastOverTime(
            custom(customFact(name), {
              environment: oneOf('environment'),
              deployment_id: oneOf('deployment_id'),
            }),
            '1d',
          ),
        },
        {
          question: 'What is usual?',
          query: custom(customAverage(name), { environment: oneOf('environment'), window: '30d' }),
        },
        whatWasDeployed,
      ],
      mitigation: [
        'Compare what was deployed with what was deployed before: the change that moved the number is between the two.',
        `If the new number is right, change the limit: \`metrics.${name}.${side}\` in the pipeline file.`,
      ],
    },
    examples: stories.beyondLimit(name, metric, side, limit, (id, environment, number) => [
      `Deployment ${id} to ${environment}: ${name} is ${number.toFixed(2)}${unit}, ${than}`,
      `${metric.help} Version 2.0.0 from main by ada.`,
    ]),
  });
}

/** Alerts about the metrics that the pipeline file defines, where it gives them a limit. */
export const own = ({ metrics }: Pipeline): Family => ({
  name: 'own',
  title: 'Own metrics',
  alerts: Object.entries(metrics).flatMap(([name, metric]) =>
    (['above', 'below'] as const).flatMap((side) => {
      const limit = metric[side];
      return limit === undefined ? [] : [limitAlert(name, metric, side, limit)];
    }),
  ),
  source: import.meta.url,
});
