import { MappingType, type Threshold, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type GrafanaUnit,
  instant,
  lines,
  type PanelDefinition,
  type RowDefinition,
  range,
  stat,
  table,
  tablePanel,
  troubleshootCell,
} from '../../src/dashboards/index.ts';
import { binary, type Vector } from '../../src/metrics/index.ts';
import { type Pipeline, stagesOf } from '../../src/pipeline/index.ts';
import { levels } from './levels.ts';
import * as queries from './queries.ts';

/** One of DORA's metrics: a number, and the same number over time. */
interface Metric {
  readonly title: string;
  /** Above the graph. */
  readonly short: string;
  readonly definition: string;
  readonly noData: string;
  readonly missing: string;
  readonly unit: GrafanaUnit;
  readonly decimals: number;
  readonly width: number;
  readonly expr: () => Vector<'environment'>;
  /** The same over time, in the unit of its axis; without it as the number. */
  readonly trend?: { readonly expr: () => Vector<'environment'>; readonly unit: GrafanaUnit };
  readonly levels?: Threshold[];
}

const over = 'Over the 30 days up to the end of the time span.';
const deployStages =
  '`record.mjs stage` around the deploy step and `record.mjs finish` at the end of the pipeline emit it.';
const intervention =
  'A deployment needed immediate intervention when it reached users and was rolled back, or when a later one says that it fixes it: `record.mjs start --rework-of ID`, `start --hotfix` (the one before it), or a commit that `git revert` made.';

/** "a stage deploy, deploy_railway or deploy_vercel". */
const deployStagesOf = (pipeline: Pipeline): string => {
  const names = stagesOf(pipeline, 'deploy');
  const last = names.at(-1);
  return names.length < 2
    ? `the stage ${last ?? 'that deploys'}`
    : `a stage ${names.slice(0, -1).join(', ')} or ${last}`;
};

/** Seconds as minutes: Grafana makes the steps of an axis of seconds round in seconds and names them in minutes. */
const inMinutes = (seconds: () => Vector<'environment'>) => ({
  expr: () => binary(seconds(), '/', 60),
  unit: 'suffix:min' as const,
});

/** How fast changes reach users. */
const throughput = (pipeline: Pipeline): readonly Metric[] => [
  {
    title: 'Change lead time',
    short: 'Lead time',
    definition:
      "DORA: from a change's commit to version control until it is deployed in production. Here: the median from the time of the commit that is deployed to the finish, of deployments that succeeded. The time of the commit comes from GitHub's event; runs started by a click do not know it and are left out.",
    noData: 'No commits known',
    missing:
      'No deployment of 30 days succeeded and knew the time of its commit. `record.mjs start` emits it, from the event of a push or with `--committed-at`.',
    unit: 's',
    decimals: 1,
    width: 5,
    expr: queries.leadTime,
    trend: inMinutes(queries.leadTime),
    levels: levels.leadTime,
  },
  {
    title: 'Deployment frequency',
    short: 'Frequency',
    definition: `DORA: deployments over a given period. Here: deployments a day that reached users, of the days since the first one, at most thirty. A deployment has reached users when ${deployStagesOf(pipeline)} of it succeeded; a pipeline that records no such stage is believed when it succeeds.`,
    noData: 'No deployments known',
    missing: `No deployment reached production in 30 days. ${deployStages}`,
    unit: 'suffix:/ day',
    decimals: 1,
    width: 5,
    expr: queries.frequency,
    levels: levels.frequency,
  },
  {
    title: 'Failed deployment recovery time',
    short: 'Recovery time',
    definition: `DORA: the time to recover from a deployment that fails and requires immediate intervention. Here the median: a rollback took from the end of the last stage to its own end, a fix from the end of what it fixes to its own. What is not fixed yet is not counted. ${intervention}`,
    noData: 'Nothing to recover',
    missing: 'No failed change of these 30 days has been taken back or fixed: there may have been none.',
    unit: 's',
    decimals: 1,
    width: 6,
    expr: queries.recoveryTime,
    trend: inMinutes(queries.recoveryTime),
    levels: levels.recoveryTime,
  },
];

/** How often that goes wrong. */
const instability: readonly Metric[] = [
  {
    title: 'Change fail rate',
    short: 'Fail rate',
    definition: `DORA: the ratio of deployments that require immediate intervention. ${intervention} A run that fails before production harms no user and counts in the success rate of the overview, not here.`,
    noData: 'No deployments known',
    missing: `No deployment reached production in 30 days. ${deployStages}`,
    unit: 'percentunit',
    decimals: 1,
    width: 4,
    expr: queries.changeFailRate,
    levels: levels.changeFailRate,
  },
  {
    title: 'Rework rate',
    short: 'Rework rate',
    definition:
      'DORA, deployment rework rate: the ratio of deployments that are unplanned and happen as a result of an incident in production. Here: of those that reached users the share that says that it fixes an earlier one: `record.mjs start --hotfix`, `start --rework-of ID`, or a commit that `git revert` made. No colour: DORA publishes no levels.',
    noData: 'No deployments known',
    missing: `No deployment reached production in 30 days. ${deployStages}`,
    unit: 'percentunit',
    decimals: 1,
    width: 4,
    expr: queries.reworkRate,
  },
];
const metricsOf = (pipeline: Pipeline) => [...throughput(pipeline), ...instability];

const now = (metric: Metric): PanelDefinition =>
  stat({
    title: metric.title,
    description: `${metric.definition} ${over}${metric.levels ? " Colours: green is elite or high, yellow medium, red low performance in DORA's report of 2023, the last with levels." : ''}`,
    noData: metric.noData,
    missing: metric.missing,
    unit: metric.unit,
    decimals: metric.decimals,
    width: metric.width,
    queries: [instant(metric.expr(), { legend: '{{environment}}' })],
    ...(metric.levels && { thresholds: metric.levels }),
  });

const trend = (metric: Metric): PanelDefinition =>
  lines({
    title: `${metric.short} trend`,
    description: `${metric.definition} At each point, over the 30 days before it.`,
    noData: metric.noData,
    missing: metric.missing,
    unit: metric.trend?.unit ?? metric.unit,
    // As many as the steps of the axis need.
    ...(!metric.trend && { decimals: metric.decimals }),
    min: 0,
    ...(metric.unit === 'percentunit' && { max: 1 }),
    width: metric.width,
    height: 7,
    interval: '10m',
    queries: [range((metric.trend ?? metric).expr(), { legend: '{{environment}}' })],
  });

/** Of a change that nothing has fixed so far. */
const notYet: ValueMapping = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'not fixed yet', index: 0 } },
};

const counted = (): PanelDefinition =>
  tablePanel({
    title: 'Failed changes and rework',
    description: `The deployments that "Change fail rate" and "Rework rate" counted in the 30 days up to the end of the time span, newest first. ${intervention}`,
    noData: 'None counted',
    missing: 'No deployment of these 30 days was rolled back, fixed by another one, or a fix itself.',
    unit: 'string',
    width: 24,
    height: 6,
    queries: [table(queries.countedAs(), { refId: 'Counted' })],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { Value: 0, deployment_id: 1, counted_as: 2, environment: 3 },
          renameByName: {
            Value: 'When',
            deployment_id: 'Deployment',
            counted_as: 'Counted as',
            environment: 'Environment',
          },
        },
      },
    ],
    overrides: [
      { name: 'When', unit: 'dateTimeAsIso', mappings: [notYet], custom: { width: 170 } },
      {
        name: 'Deployment',
        links: [{ title: 'Why: stages, errors and what came after', url: troubleshootCell }],
        custom: { width: 150 },
      },
      { name: 'Counted as', custom: { minWidth: 190 } },
      { name: 'Environment', custom: { width: 150 } },
    ],
    sortBy: { column: 'When', descending: true },
  });

/** DORA's two factors: throughput, and instability. */
export const doraMetrics = (pipeline: Pipeline): RowDefinition => ({
  title: 'DORA: throughput (three) and instability (two)',
  height: 4,
  panels: [...metricsOf(pipeline).map(now), ...metricsOf(pipeline).map(trend), counted()],
  source: import.meta.url,
});
