import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type GrafanaUnit,
  instant,
  lines,
  type PanelDefinition,
  type RowDefinition,
  range,
  stat,
} from '../../src/dashboards/index.ts';
import type { Vector } from '../../src/metrics/index.ts';
import { type Pipeline, stagesOf } from '../../src/pipeline/index.ts';
import { levels } from './levels.ts';
import * as queries from './queries.ts';

/** One of the four keys: a number, and the same number over time. */
interface Key {
  readonly title: string;
  readonly definition: string;
  readonly noData: string;
  readonly missing: string;
  readonly unit: GrafanaUnit;
  readonly decimals: number;
  readonly expr: () => Vector<'environment'>;
  readonly levels: Threshold[];
}

/** "a stage deploy, deploy_railway or deploy_vercel". */
const deployStages = (pipeline: Pipeline): string => {
  const names = stagesOf(pipeline, 'deploy');
  const last = names.at(-1);
  return names.length < 2
    ? `the stage ${last ?? 'that deploys'}`
    : `a stage ${names.slice(0, -1).join(', ')} or ${last}`;
};

const over = 'Over the 30 days up to the end of the time span.';

const keysOf = (pipeline: Pipeline): readonly Key[] => [
  {
    title: 'Deployment frequency',
    noData: 'No deployments yet',
    definition: `DORA: how often an organisation deploys to production. Here: deployments a day that reached users, also those that failed or were rolled back afterwards. A deployment has reached users when ${deployStages(pipeline)} of it succeeded; a pipeline that records no such stage is believed when it succeeds.`,
    missing:
      'No deployment reached production in 30 days. `record.mjs stage` around the deploy step and `finish` at the end emit it.',
    unit: 'suffix: / day',
    decimals: 1,
    expr: queries.frequency,
    levels: levels.frequency,
  },
  {
    title: 'Lead time for changes',
    noData: 'No commits known',
    definition:
      "DORA: how long it takes from a commit to that commit running in production. Here: the median from the time of the commit that is deployed to the finish, of deployments that succeeded. The time of the commit comes from GitHub's event; runs started by a click do not know it and are left out.",
    missing:
      'No deployment of 30 days succeeded and knew the time of its commit. `record.mjs start` emits it, from the event of a push or with --committed-at.',
    unit: 's',
    decimals: 1,
    expr: queries.leadTime,
    levels: levels.leadTime,
  },
  {
    title: 'Change failure rate',
    noData: 'No deployments yet',
    definition:
      'DORA: the share of deployments that cause a failure in production which has to be fixed. Here: of the deployments that reached users, those that failed, were abandoned or rolled back. A build that fails harms no user and is not counted here; it is in the success rate of the overview.',
    missing:
      'No deployment reached production in 30 days. `record.mjs stage` around the deploy step and `finish` at the end emit it.',
    unit: 'percentunit',
    decimals: 1,
    expr: queries.changeFailureRate,
    levels: levels.changeFailureRate,
  },
  {
    title: 'Time to restore',
    noData: 'Nothing to recover',
    definition:
      'DORA: how long it takes to recover from a failed deployment. Here the median of two sorts: a deployment that was rolled back took from the end of its last stage to the end of the rollback; any other bad one from its finish to the finish of the next one of the same environment that succeeded. What is not restored yet is not counted.',
    missing: 'No bad deployment of these 30 days was followed by a good one: there may have been none.',
    unit: 's',
    decimals: 1,
    expr: queries.timeToRestore,
    levels: levels.timeToRestore,
  },
];

const now = (key: Key): PanelDefinition =>
  stat({
    title: key.title,
    description: `${key.definition} ${over} Colours: green is elite or high, yellow medium, red low performance in DORA's report of 2023.`,
    noData: key.noData,
    missing: key.missing,
    unit: key.unit,
    decimals: key.decimals,
    width: 6,
    queries: [instant(key.expr(), { legend: '{{environment}}' })],
    thresholds: key.levels,
  });

const trend = (key: Key): PanelDefinition =>
  lines({
    title: `${key.title}, trend`,
    description: `${key.definition} At each point, over the 30 days before it.`,
    noData: key.noData,
    missing: key.missing,
    unit: key.unit,
    decimals: key.decimals,
    min: 0,
    width: 6,
    height: 7,
    interval: '10m',
    queries: [range(key.expr(), { legend: '{{environment}}' })],
  });

/** How fast and how safely changes reach production. */
export const fourKeys = (pipeline: Pipeline): RowDefinition => ({
  title: 'DORA: the four keys',
  height: 5,
  panels: [...keysOf(pipeline).map(now), ...keysOf(pipeline).map(trend)],
  source: import.meta.url,
});
