import type { Examples } from '../../src/alerts/index.ts';
import type { CustomMetricFile } from '../../src/pipeline/index.ts';
import { deployment } from '../../src/simulator/index.ts';
import { says } from './says.ts';

/** A value for each label of a metric. */
const labelsOf = ({ labels = {} }: CustomMetricFile): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).map(([label, values]) => [label, values === 'open' ? 'some' : (values[0] ?? '')]),
  );

/** The examples of an alert about a metric of the pipeline file: around its limit. */
export function beyondLimit(
  name: string,
  metric: CustomMetricFile,
  side: 'above' | 'below',
  limit: number,
  sentences: (
    id: string,
    environment: string,
    value: number,
  ) => readonly [summary: string, description: string],
): Examples {
  const labels = labelsOf(metric);
  // A step that is seen in the two decimals that are said.
  const step = Math.max(0.01, Math.abs(limit) / 100);
  const beyond = side === 'above' ? limit + step : limit - step;
  const after = (value: number, measured = 1340) => [
    deployment({
      started: 1000,
      finished: 1350,
      metrics: [{ name, labels, time: measured, value }],
    }),
  ];
  const told = says({ deployment_id: '1001', ...labels }, ...sentences('1001', 'production', beyond));
  return {
    fires: [
      {
        title: `A deployment has a little ${side === 'above' ? 'more' : 'less'} than the limit.`,
        deployments: after(beyond),
        at: 1440,
        notifications: [told],
      },
      {
        title: 'It is measured when the deployment has finished.',
        deployments: after(beyond, 1400),
        at: 1440 + 60,
        notifications: [told],
      },
    ],
    silent: [{ title: 'A deployment is at the limit.', deployments: after(limit), at: 1440 }],
    over: [
      { title: 'It finished twenty minutes ago.', deployments: after(beyond), at: 1350 + 900 + 300 + 30 },
    ],
  };
}
