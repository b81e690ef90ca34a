import {
  barGauge,
  colour,
  graded,
  instant,
  lines,
  ownSpan,
  type RowDefinition,
  range,
  steps,
} from '../../src/dashboards/index.ts';
import type { ApplicationFile, Pipeline } from '../../src/pipeline/index.ts';
import * as application from './queries/application.ts';
import { whereShown } from './queries/deployment.ts';

const scraped =
  'The application emits it: Prometheus has to scrape the API, and the variable "Application job" has to name that scrape job.';

/** Of graphs over the time span shown, which the deployment may lie outside of. */
const overTime = {
  noData: 'Not measured, or outside the chosen range',
  panelLinks: [{ title: 'Show the time span of this deployment', url: ownSpan }],
} as const;
const graph: typeof range = (expr, options) => range(whereShown(expr), options);

const latency = () =>
  lines({
    ...overTime,
    title: 'API latency',
    description:
      'Median, 95th and 99th percentile of all requests, of five minutes up to each point. The marked region is the deployment.',
    missing: `No request was measured in the time span shown. ${scraped}`,
    unit: 'suffix:ms',
    decimals: 0,
    min: 0,
    width: 12,
    queries: [
      graph(application.latencyQuantile(0.5), { legend: 'p50' }),
      graph(application.latencyQuantile(0.95), { legend: 'p95' }),
      graph(application.latencyQuantile(0.99), { legend: 'p99' }),
    ],
  });

const requests = () =>
  lines({
    ...overTime,
    title: 'Request rate',
    description: 'Requests a second, of five minutes up to each point. The marked region is the deployment.',
    missing: `No request was counted in the time span shown. ${scraped}`,
    unit: 'reqps',
    min: 0,
    width: 6,
    queries: [graph(application.requestRate(), { legend: 'requests' })],
  });

const firstMinutes = ({ targets }: Pipeline) =>
  barGauge({
    title: 'Error rate: the first 5 minutes',
    noData: 'Not measured',
    description:
      'Share of requests that were answered with a status of 500 or more: in the five minutes after the deployment was over, in the hour before it started, and in the same hour a week ago.',
    missing:
      'No requests then: is the application job scraped? After a deployment that never reached production nothing is shown: it is not its doing.',
    unit: 'percentunit',
    decimals: 2,
    min: 0,
    width: 6,
    queries: [
      instant(application.failureShareIn('after'), { legend: 'first 5 min after', refId: 'After' }),
      instant(application.failureShareIn('before'), { legend: 'hour before', refId: 'Before' }),
      instant(application.failureShareIn('aWeekAgo'), { legend: 'a week ago', refId: 'WeekAgo' }),
    ],
    thresholds: graded(
      0,
      colour.good,
      [targets.errorRate.warning, colour.warning],
      [targets.errorRate.rollback, colour.bad],
    ),
  });

const slowQueries = () =>
  lines({
    ...overTime,
    title: 'Slow database queries',
    description: 'Queries a second that were slower than the threshold of the slow query log.',
    missing: `The application counts them, as docs/slow-queries.md says. ${scraped}`,
    unit: 'short',
    min: 0,
    width: 8,
    queries: [graph(application.database.slowQueries(), { legend: 'slow queries a second', refId: 'Slow' })],
  });

type Store = NonNullable<NonNullable<ApplicationFile['database']>['store']>;
const storeQueries = ({ title, metric, by }: Store) =>
  lines({
    ...overTime,
    title: `${title}, p95`,
    description: `How long 95 % of these queries took at most, by ${by}.`,
    missing: `The application reports ${metric} only while it is used.`,
    unit: 'suffix:ms',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [graph(application.database.storeQueries(by), { legend: `{{${by}}}`, refId: 'Memory' })],
  });

const pool = (by: string) =>
  lines({
    ...overTime,
    title: 'Database connections in use',
    description: 'Share of each connection pool in use. A pool that is full makes everything wait.',
    missing: `No connection pool was measured. ${scraped}`,
    unit: 'percent',
    decimals: 0,
    min: 0,
    max: 100,
    width: 8,
    queries: [graph(application.database.pool(), { legend: `{{${by}}}` })],
    thresholds: steps(colour.good, [80, colour.bad]),
    targetLine: true,
  });

type External = NonNullable<ApplicationFile['external']>;
const externalCalls = ({ by, examples }: External) =>
  lines({
    ...overTime,
    title: 'External calls',
    description: `Calls a second to other services${examples ? `, such as ${examples}` : ''}.`,
    missing: `No call to another service was counted. ${scraped}`,
    unit: 'reqps',
    min: 0,
    width: 8,
    queries: [graph(application.external.calls(by), { legend: `{{${by}}}` })],
  });

const externalLatency = ({ by }: External) =>
  lines({
    ...overTime,
    title: 'External calls, p95',
    description: 'How long 95 % of the calls to each other service took at most.',
    missing: `No call to another service was measured. ${scraped}`,
    unit: 'suffix:ms',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [graph(application.external.latency(by), { legend: `{{${by}}}` })],
  });

const externalErrors = ({ by }: External) =>
  lines({
    ...overTime,
    title: 'External calls that failed',
    description: 'Failed calls a second, by the service that was called.',
    missing: `The application counts them, as docs/slow-queries.md says. ${scraped}`,
    unit: 'reqps',
    min: 0,
    width: 8,
    queries: [graph(application.external.errors(by), { legend: `{{${by}}}` })],
    color: colour.bad,
  });

/** Panels about what else the application measures, as far as it does; four of them share a row. */
const others = (file: ApplicationFile) => {
  const panels = measured(file);
  return panels.length === 4 ? panels.map((panel) => ({ ...panel, width: 6 })) : panels;
};
const measured = ({ external, database = {} }: ApplicationFile) => [
  ...(database.slow ? [slowQueries()] : []),
  ...(database.store ? [storeQueries(database.store)] : []),
  ...(database.pool ? [pool(database.pool.by)] : []),
  ...(external ? [externalCalls(external), externalLatency(external)] : []),
  ...(external?.errors ? [externalErrors(external)] : []),
];

/** Effects of the new version on the application. None, where that has no metrics. */
export const after = (pipeline: Pipeline): readonly RowDefinition[] =>
  pipeline.application
    ? [
        {
          title: 'After the deployment',
          height: 7,
          panels: [latency(), requests(), firstMinutes(pipeline), ...others(pipeline.application)],
          source: import.meta.url,
        },
      ]
    : [];
