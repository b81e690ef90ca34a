import {
  colour,
  graded,
  heatmap,
  heatmapRange,
  lines,
  type Override,
  type RowDefinition,
  range,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { type Pipeline, recordedEnvironments, type StageKind, stagesOf } from '../../src/pipeline/index.ts';
import * as queries from './queries.ts';

/** Colours of a stage and its band by its kind, in turn. None of a status: a stage is not good or bad by its name. */
const colours: Readonly<Record<StageKind, readonly [string, ...string[]]>> = {
  build: ['blue', 'light-blue', 'semi-dark-blue'],
  migrate: ['purple'],
  deploy: ['semi-dark-orange'],
  check: ['light-purple'],
  test: ['gray', 'gray', 'light-blue'],
  rollback: ['semi-dark-purple'],
  other: ['light-blue'],
};
const colourOf = (pipeline: Pipeline, stage: string): string => {
  const { kind } = pipeline.stages[stage] ?? { kind: 'other' };
  const [first, ...more] = colours[kind];
  const turn = stagesOf(pipeline, kind).indexOf(stage);
  return [first, ...more][turn % (more.length + 1)] ?? first;
};

/** The band of a stage reaches from its median up to its 95th percentile; bands go together by the names of their lines. */
const bandOf = (name: string, color: string): Override[] => {
  const edge = { lineWidth: 0, hideFrom: { legend: true, tooltip: false, viz: false } };
  return [
    { name, color, custom: { fillOpacity: 0 } },
    { name: `${name} median`, color, custom: { ...edge, fillOpacity: 0 } },
    { name: `${name} p95`, color, custom: { ...edge, fillOpacity: 18, fillBelowTo: `${name} median` } },
  ];
};
const bands = (pipeline: Pipeline): Override[] =>
  recordedEnvironments(pipeline).flatMap((environment) =>
    Object.keys(pipeline.stages).flatMap((stage) =>
      bandOf(`${environment} ${stage}`, colourOf(pipeline, stage)),
    ),
  );

const durations = (pipeline: Pipeline) =>
  lines({
    title: 'Stage durations',
    noData: 'No stages known',
    description:
      'The line is the average duration of a stage on the day before each point, the band around it reaches from the median to the 95th percentile of the 30 days before. A line that climbs out of its band is a stage that gets slower. Successful runs only.',
    missing: 'No stage succeeded. `record.mjs stage` around each step of the pipeline emits the durations.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    width: 14,
    interval: '10m',
    queries: [
      range(queries.ofTheDay(), { legend: '{{environment}} {{stage}}' }),
      range(queries.usual('p50'), { legend: '{{environment}} {{stage}} median' }),
      range(queries.usual('p95'), { legend: '{{environment}} {{stage}} p95' }),
    ],
    overrides: bands(pipeline),
  });

const slowdown = () =>
  tablePanel({
    title: 'Getting slower?',
    noData: 'No stages known',
    description:
      'Usual duration of each stage over 30 days, and how much longer it took in the last seven days than in those thirty, on average. Green below 10 % more, red from 25 %.',
    missing: 'No stage succeeded in 30 days. `record.mjs stage` emits the durations.',
    unit: 'suffix:s',
    decimals: 0,
    width: 10,
    queries: [
      table(queries.usual('p50'), { refId: 'Median' }),
      table(queries.usual('p95'), { refId: 'P95' }),
      table(queries.slowdown(), { refId: 'Change' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, service: true },
          indexByName: {
            environment: 0,
            stage: 1,
            'Value #Median': 2,
            'Value #P95': 3,
            'Value #Change': 4,
          },
          renameByName: {
            environment: 'Environment',
            stage: 'Stage',
            'Value #Median': 'Median',
            'Value #P95': 'p95',
            'Value #Change': 'Last 7 days',
          },
        },
      },
    ],
    overrides: [
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Stage', custom: { width: 130 } },
      { name: 'Median', custom: { width: 90 } },
      { name: 'p95', custom: { width: 90 } },
      {
        name: 'Last 7 days',
        unit: 'percentunit',
        decimals: 0,
        thresholds: graded(-1_000_000, colour.good, [0.1, colour.neutral], [0.25, colour.bad]),
        custom: { cellOptions: { type: 'color-text' } },
      },
    ],
    sortBy: { column: 'Last 7 days', descending: true },
  });

const spread = () =>
  heatmap({
    title: 'Stage durations by day',
    noData: 'No stages known',
    description:
      'How many stages took how long on each day (UTC), of the services and stages that are chosen. Choose one stage to see whether its runs spread or move up. Successful runs only.',
    missing: 'No stage succeeded. `record.mjs stage` emits the durations.',
    unit: 'short',
    decimals: 0,
    bucketUnit: 's',
    width: 24,
    height: 8,
    queries: [heatmapRange(queries.durationsPerDay(), { interval: '1d' })],
  });

/** Is build getting slower? One row for each service. */
export const stageHistory = (pipeline: Pipeline): RowDefinition => ({
  title: 'Stages of $service',
  height: 9,
  repeat: 'service',
  panels: [durations(pipeline), slowdown(), spread()],
  source: import.meta.url,
});
