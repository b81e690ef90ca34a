import { objectives } from '../../slo/index.ts';
import {
  barGauge,
  colour,
  graded,
  instant,
  lines,
  type Override,
  type RowDefinition,
  range,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { percentText } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { burnWindows, factorOf } from '../../src/slo/index.ts';
import * as queries from './queries.ts';

/** Colours of SLOs where these are lines, in their order, for both themes. None of a status: how much is left says that. */
const palette = [
  'blue',
  'semi-dark-orange',
  'purple',
  'light-purple',
  'light-blue',
  'semi-dark-purple',
  'semi-dark-blue',
];
/** Each narrower than those drawn before it, in the order of their names: so all are seen where they lie on each other. */
const bySlo = (pipeline: Pipeline): Override[] =>
  objectives(pipeline)
    .map(({ id }, i) => ({ id, color: palette[i % palette.length] ?? 'blue' }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, color }, i, all) => ({
      name: `${id} · .*`,
      regex: true,
      color,
      custom: { fillOpacity: 0, lineWidth: Math.min(10, 2 * (all.length - i)) },
    }));

/** A weight, in words. */
const share = (weight: number): string =>
  weight === 1 ? 'one' : weight === 0.5 ? 'half of one' : `${percentText(weight)} of one`;

const leftNow = ({ targets }: Pipeline) =>
  barGauge({
    title: 'Error budget left',
    noData: 'Nothing measured',
    nameAbove: true,
    description: `Share of this month’s error budget that is left. A failed build, deployment, smoke test or migration spends ${share(targets.budget.failed)} failed deployment, a rollback for health ${share(targets.budget.rolledBackForHealth)}.`,
    missing: 'No deployment finished this month, so none of the budget is spent.',
    unit: 'percentunit',
    decimals: 0,
    min: 0,
    max: 1,
    width: 8,
    queries: [instant(queries.budgetLeft(), { legend: '{{slo}} · {{environment}}' })],
    thresholds: graded(
      -1_000_000,
      colour.bad,
      [0.000001, colour.warning],
      [targets.budget.half, colour.good],
    ),
  });

const burnDown = (pipeline: Pipeline) =>
  lines({
    title: 'Burn-down of the month',
    noData: 'No deployments this month',
    description:
      'What is left of the budget over the calendar month (UTC), against an even spending of it (dashed). Below the dashed line it is spent too fast; it begins anew on the first.',
    missing: 'No deployment finished this month.',
    unit: 'percentunit',
    decimals: 0,
    // A line at 100 % lies below the edge.
    max: 1.1,
    width: 16,
    queries: [
      range(queries.budgetLeft(), { legend: '{{slo}} · {{environment}}' }),
      range(queries.idealLeft(), { legend: 'spent evenly' }),
    ],
    overrides: [
      { name: '.*', regex: true, custom: { axisSoftMin: 0 } },
      ...bySlo(pipeline),
      {
        name: 'spent evenly',
        color: 'gray',
        custom: { lineStyle: { fill: 'dash', dash: [10, 10] }, fillOpacity: 0 },
      },
    ],
  });

/** Windows of the table, with the rate from which a page or a ticket comes. */
const burning = burnWindows.flatMap((pair) => {
  const [window] = (['1h', '6h', '3d'] as const).filter((w) => w === pair.long);
  if (!window) return [];
  const rate = factorOf(pair);
  const heading = `${window}, ${pair.severity} from ${rate}`;
  return [{ window, rate, heading }];
});

const burnRate = () =>
  tablePanel({
    title: 'Burn rate',
    noData: 'No deployments known',
    description:
      'How many times faster than allowed the budget is spent just now, over an hour, six hours and three days, with the rates from which an alert pages or opens a ticket. At 1 a whole month of it uses up the budget exactly. With few deployments one failure is a high rate, which is why alerts want a number of failures as well.',
    missing: 'No deployment finished in these windows.',
    unit: 'suffix:×',
    decimals: 1,
    width: 24,
    height: 8,
    queries: burning.map(({ window }) => table(queries.burnRate(window), { refId: window })),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(
            ['slo', ...burning.map(({ window }) => `Value #${window}`), 'environment'].map((name, i) => [
              name,
              i,
            ]),
          ),
          renameByName: {
            slo: 'SLO',
            environment: 'Environment',
            ...Object.fromEntries(burning.map(({ window, heading }) => [`Value #${window}`, heading])),
          },
        },
      },
    ],
    overrides: [
      { name: 'SLO', custom: { width: 220 } },
      ...burning.map(({ heading, rate }) => ({
        name: heading,
        thresholds: graded(0, colour.neutral, [rate, colour.bad]),
        custom: { cellOptions: { type: 'color-text' } },
      })),
      { name: 'Environment', custom: { width: 130 } },
    ],
    sortBy: { column: 'SLO' },
  });

/** How much may still fail, and how fast it is used up. */
export const budget = (pipeline: Pipeline): RowDefinition => ({
  title: 'Error budget',
  height: 9,
  panels: [leftNow(pipeline), burnDown(pipeline), burnRate()],
  source: import.meta.url,
});
