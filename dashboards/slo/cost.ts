import {
  barGauge,
  colour,
  currencyUnit,
  graded,
  instant,
  lines,
  type RowDefinition,
  range,
  stat,
} from '../../src/dashboards/index.ts';
import * as queries from './queries.ts';

const missing =
  'No cost was recorded. `record.mjs cost --resource NAME` emits it, and `record.mjs jobs` what its runners cost that have a price in the pipeline file.';

const total = () =>
  stat({
    title: 'Cost of the month',
    noData: 'No costs known',
    description:
      'What the deployments of this calendar month (UTC) cost so far, of those that said what they cost.',
    missing,
    unit: currencyUnit,
    decimals: 2,
    width: 4,
    queries: [instant(queries.totalMonthlyCost(), { legend: '{{environment}}' })],
    color: colour.neutral,
  });

const perDeployment = () =>
  stat({
    title: 'Per deployment',
    noData: 'No costs known',
    description: 'Average of this month, of the deployments that said what they cost.',
    missing,
    unit: currencyUnit,
    decimals: 2,
    width: 4,
    queries: [instant(queries.costPerDeployment(), { legend: '{{environment}}' })],
    color: colour.neutral,
  });

const onFailures = () =>
  stat({
    title: 'Spent on failures',
    noData: 'Nothing',
    description:
      'What the deployments of this calendar month (UTC) cost that did not succeed: failed, rolled back, cancelled or abandoned. A re-run is a deployment of its own, so that the attempt before it is in here and the one that succeeds is not.',
    missing: 'No deployment of this month that said what it cost ended otherwise than as a success.',
    unit: currencyUnit,
    decimals: 2,
    width: 4,
    queries: [instant(queries.failedMonthlyCost(), { legend: '{{environment}}' })],
    color: colour.neutral,
  });

const byResource = () =>
  barGauge({
    title: 'Cost by resource',
    noData: 'No costs known',
    description:
      'What each resource cost this calendar month (UTC). A runner is its jobs by the list price of a minute in the pipeline file; the others are as they were recorded.',
    missing,
    unit: currencyUnit,
    decimals: 2,
    min: 0,
    width: 6,
    queries: [instant(queries.monthlyCost(), { legend: '{{resource}} · {{environment}}' })],
    thresholds: graded(0, colour.running),
    nameAbove: true,
  });

const trend = () =>
  lines({
    title: 'Cost by day',
    noData: 'No costs known',
    description: 'At each point, what the deployments of the day before it cost.',
    missing,
    unit: currencyUnit,
    decimals: 2,
    min: 0,
    width: 6,
    queries: [range(queries.dailyCost(), { legend: '{{resource}} · {{environment}}' })],
  });

/** Cost of deployments. */
export const cost: RowDefinition = {
  title: 'Cost',
  height: 7,
  panels: [total(), perDeployment(), onFailures(), byResource(), trend()],
  source: import.meta.url,
};
