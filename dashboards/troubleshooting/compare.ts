import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  barGauge,
  cell,
  colour,
  type GrafanaUnit,
  graded,
  instant,
  outcomeMappings,
  type RowDefinition,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { failureShareIn, latencyIn, type Phase } from './queries/application.ts';
import { durations, failuresFor, latency, versions } from './queries/comparison.ts';

const nothingToCompare =
  'There is nothing to compare: no deployment is chosen, or none succeeded before it. Choose one at "Compared with".';

/** Of a commit's forty. */
const sevenLetters: ValueMapping = {
  type: MappingType.RegexToText,
  options: { pattern: '^(.{7}).*$', result: { text: '$1', index: 0 } },
};

const bothVersions = () =>
  tablePanel({
    title: 'Both versions',
    noData: 'Nothing to compare',
    description: 'The chosen deployment and the one that it is compared with.',
    missing: nothingToCompare,
    unit: 'none',
    width: 24,
    height: 5,
    queries: [
      table(versions.info(), { refId: 'Info' }),
      table(cell(versions.outcome(), 'which'), { refId: 'Outcome' }),
      table(versions.finished(), { refId: 'Finished' }),
      table(cell(versions.duration(), 'which'), { refId: 'Duration' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: {
            Time: true,
            environment: true,
            run_url: true,
            repository_url: true,
            'Value #Info': true,
          },
          indexByName: Object.fromEntries(
            [
              'which',
              'deployment_id',
              'version',
              'branch',
              'commit',
              'actor',
              'Value #Outcome',
              'Value #Finished',
              'Value #Duration',
            ].map((name, index) => [name, index]),
          ),
          renameByName: {
            which: 'Which',
            deployment_id: 'Deployment',
            version: 'Version',
            branch: 'Branch',
            commit: 'Commit',
            actor: 'Who',
            'Value #Outcome': 'Outcome',
            'Value #Finished': 'Finished',
            'Value #Duration': 'Time to deploy',
          },
        },
      },
    ],
    overrides: [
      {
        name: 'Outcome',
        mappings: outcomeMappings,
        custom: { cellOptions: { type: 'color-text' }, width: 120, align: 'left' },
      },
      { name: 'Finished', unit: 'dateTimeAsIso', custom: { width: 165 } },
      { name: 'Commit', unit: 'string', mappings: [sevenLetters], custom: { width: 85 } },
      ...['Deployment', 'Version', 'Branch'].map((name) => ({
        name,
        unit: 'string' as const,
        custom: { wrapText: true },
      })),
      { name: 'Time to deploy', unit: 'suffix:s', decimals: 0, custom: { width: 115 } },
    ],
    sortBy: { column: 'Which', descending: true },
  });

interface Comparison {
  readonly title: string;
  readonly description: string;
  readonly unit: GrafanaUnit;
  readonly decimals: number;
  readonly of: typeof durations;
  readonly noData: string;
  readonly missing: string;
  /** From how much on a difference is no longer good, and from how much on it is bad. */
  readonly worse: readonly [worse: number, bad: number];
}

const comparison = ({ title, description, noData, missing, unit, decimals, of, worse }: Comparison) => {
  // A query for each measure is one that a person can read; a row has the difference of one of them.
  const differences = of.differences().map((query, i) => table(query, { refId: `Difference${i + 1}` }));
  const columns = differences.map(({ refId }) => `Value #${refId}`);
  return tablePanel({
    title,
    description,
    noData,
    missing,
    unit,
    decimals,
    width: 8,
    height: 9,
    queries: [
      table(of.chosen(), { refId: 'This' }),
      table(of.compared(), { refId: 'Before' }),
      ...differences,
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'calculateField',
        options: {
          mode: 'reduceRow',
          reduce: { include: columns, reducer: 'lastNotNull' },
          alias: 'Difference',
        },
      },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(['Time', ...columns].map((name) => [name, true])),
          indexByName: { name: 0, 'Value #Before': 1, 'Value #This': 2, Difference: 3 },
          renameByName: {
            name: 'Of what',
            'Value #Before': 'Compared with',
            'Value #This': 'This deployment',
          },
        },
      },
    ],
    overrides: [
      {
        name: 'Difference',
        thresholds: graded(-1_000_000, colour.good, [worse[0], colour.neutral], [worse[1], colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 90 },
      },
      { name: 'Of what', unit: 'string', custom: { minWidth: 110, wrapText: true } },
      { name: 'Compared with', custom: { width: 115 } },
      { name: 'This deployment', custom: { width: 120 } },
    ],
    sortBy: { column: 'Of what' },
  });
};

const applicationScraped =
  'Prometheus has to scrape the API, and "Application job" has to name that scrape job.';
const phases: readonly (readonly [phase: Phase, legend: string, refId: string])[] = [
  ['before', 'hour before', 'Before'],
  ['during', 'during, until it was over', 'During'],
  ['after', '5 min after', 'After'],
];
const over = 'from the start of the deployment until it was finished or rolled back';
/** Bars have room for a few words only. */
const noRequests = 'No requests then: is the application job scraped?';

const errorPhases = ({ targets }: Pipeline) =>
  barGauge({
    title: 'Error rate before, during and after',
    noData: 'Not measured',
    description: `Share of requests that were answered with a status of 500 or more; during means ${over}. After a rollback the third bar is the old version again.`,
    missing: noRequests,
    unit: 'percentunit',
    decimals: 2,
    min: 0,
    width: 12,
    queries: phases.map(([phase, legend, refId]) => instant(failureShareIn(phase), { legend, refId })),
    thresholds: graded(
      0,
      colour.good,
      [targets.errorRate.warning, colour.warning],
      [targets.errorRate.rollback, colour.bad],
    ),
  });

const latencyPhases = () =>
  barGauge({
    title: 'API p95 before, during and after',
    noData: 'Not measured',
    description: `How long 95 % of the requests took at most; during means ${over}.`,
    missing: noRequests,
    unit: 'suffix:ms',
    decimals: 0,
    min: 0,
    width: 12,
    queries: phases.map(([phase, legend, refId]) => instant(latencyIn(phase), { legend, refId })),
    thresholds: graded(0, colour.running),
  });

const apiCompared = () =>
  comparison({
    title: 'API p95 compared',
    noData: 'Not measured',
    description:
      'How long 95 % of the requests took at most, in the five minutes after each of the two. Green is faster, or slower by less than 100 ms; red is slower by 500 ms or more.',
    missing: `No request was measured after either of the two. ${applicationScraped}`,
    unit: 'suffix:ms',
    decimals: 0,
    of: latency,
    worse: [100, 500],
  });

/** The chosen deployment beside another one, and the application before, during and after it. */
export const compare = (pipeline: Pipeline): RowDefinition => ({
  title: 'Before and after',
  height: 6,
  panels: [
    bothVersions(),
    comparison({
      title: 'Durations compared',
      noData: 'Nothing to compare',
      description:
        'Each stage, and from push to finish. Differences are those of stages that succeeded, once the deployment is over, and of the whole if that succeeded: a failure’s time is neither good nor bad. Green is faster, or slower by less than 10 s; red is slower by 60 s or more.',
      missing: nothingToCompare,
      unit: 'suffix:s',
      decimals: 0,
      of: durations,
      worse: [10, 60],
    }),
    ...(pipeline.application ? [apiCompared()] : []),
    comparison({
      title: 'Failures compared',
      noData: 'Nothing to compare',
      description: `Share of ${pipeline.application ? 'requests, ' : ''}health checks and smoke tests that failed: less is better. Green is no more than with the other one, red from ${Number((pipeline.targets.errorRate.rollback * 100).toFixed(3))} percentage points.`,
      missing: `Neither of the two has health checks or smoke tests yet (\`record.mjs health\` and \`smoke-test\` emit them)${pipeline.application ? ', and no request was counted after them' : ''}.`,
      unit: 'percentunit',
      decimals: 1,
      of: failuresFor(pipeline),
      worse: [0.000_1, pipeline.targets.errorRate.rollback],
    }),
    ...(pipeline.application ? [errorPhases(pipeline), latencyPhases()] : []),
  ],
  source: import.meta.url,
});
