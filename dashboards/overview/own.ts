import {
  colour,
  currencyUnit,
  type GrafanaUnit,
  lines,
  type RowDefinition,
  range,
  steps,
} from '../../src/dashboards/index.ts';
import type { CustomMetricFile, Pipeline } from '../../src/pipeline/index.ts';
import { customTrend } from '../queries.ts';

/** Those of time and size keep to one unit per axis, whose steps are round. */
const units: Readonly<Record<CustomMetricFile['unit'], GrafanaUnit>> = {
  seconds: 'suffix:s',
  milliseconds: 'suffix:ms',
  ratio: 'percentunit',
  percent: 'percent',
  bytes: 'decbytes',
  count: 'short',
  currency: currencyUnit,
  none: 'short',
};

/** Red beyond what is told of, on either side. */
const limits = ({ above, below }: CustomMetricFile) =>
  steps(
    below === undefined ? colour.good : colour.bad,
    ...(below === undefined ? [] : ([[below, colour.good]] as const)),
    ...(above === undefined ? [] : ([[above, colour.bad]] as const)),
  );

const trend = (name: string, metric: CustomMetricFile) => {
  const labels = Object.keys(metric.labels ?? {});
  const told = metric.above !== undefined || metric.below !== undefined;
  return lines({
    title: name,
    noData: 'None known',
    description: `${metric.help} At each point, the average of the deployments of the day before.${told ? ' Dashed: beyond it a deployment is told of.' : ''}`,
    missing: `No deployment of the time span shown had it. \`record.mjs metric --name ${name}\` emits it.`,
    unit: units[metric.unit],
    width: 8,
    queries: [
      range(customTrend(name), {
        legend: ['environment', ...labels].map((label) => `{{${label}}}`).join(' · '),
      }),
    ],
    ...(told && { thresholds: limits(metric), targetLine: true }),
  });
};

/** The metrics that the pipeline file defines; no row where it defines none. */
export const own = ({ metrics }: Pipeline): readonly RowDefinition[] =>
  Object.keys(metrics).length === 0
    ? []
    : [
        {
          title: 'Own metrics',
          height: 7,
          panels: Object.entries(metrics).map(([name, metric]) => trend(name, metric)),
          source: import.meta.url,
        },
      ];
