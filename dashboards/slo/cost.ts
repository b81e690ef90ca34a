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

const missing = 'No cost was recorded. `record.mjs cost --resource NAME` after a deployment emits it.';

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

const byResource = () =>
  barGauge({
    title: 'Cost by resource',
    noData: 'No costs known',
    description: 'What each resource cost this calendar month (UTC).',
    missing,
    unit: currencyUnit,
    decimals: 2,
    min: 0,
    width: 8,
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
    width: 8,
    queries: [range(queries.dailyCost(), { legend: '{{resource}} · {{environment}}' })],
  });

/** Cost of deployments. */
export const cost: RowDefinition = {
  title: 'Cost',
  height: 7,
  panels: [total(), perDeployment(), byResource(), trend()],
  source: import.meta.url,
};
