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
  steps,
} from '../../src/dashboards/index.ts';
import { percentText } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { burnWindows, factorOf } from '../../src/slo/index.ts';
import * as queries from './queries.ts';

/** Colours of SLOs where these are lines, in their order. None of a status: how much is left says that. */
const palette = [
  'blue',
  'orange',
  'purple',
  'super-light-purple',
  'super-light-blue',
  'dark-purple',
  'dark-blue',
];
const bySlo = (pipeline: Pipeline): Override[] =>
  objectives(pipeline).map(({ id }, i) => ({
    name: `${id} · .*`,
    regex: true,
    color: palette[i % palette.length] ?? 'blue',
    custom: { fillOpacity: 0 },
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
    width: 16,
    queries: [
      range(queries.budgetLeft(), { legend: '{{slo}} · {{environment}}' }),
      range(queries.idealLeft(), { legend: 'spent evenly' }),
    ],
    overrides: [
      ...bySlo(pipeline),
      {
        name: 'spent evenly',
        color: 'gray',
        custom: { lineStyle: { fill: 'dash', dash: [10, 10] }, fillOpacity: 0 },
      },
    ],
  });

/** Rates from which alerts fire, the lowest first: a ticket's in yellow, a page's in red. */
const alertingRates = burnWindows
  .map((pair) => [factorOf(pair), pair.severity === 'page' ? colour.bad : colour.warning] as const)
  .sort(([a], [b]) => a - b);

const burnRate = (pipeline: Pipeline) =>
  lines({
    title: 'Burn rate',
    noData: 'No deployments yet',
    description:
      'How many times faster than allowed the budget is spent, over an hour (solid), six hours (dashed) and three days (dotted), on a scale on which a spike leaves room for the rest. At 1 a whole month of it uses up the budget exactly. With few deployments one failure is a high rate, which is why alerts want a number of failures as well. Lines: the rates from which alerts fire.',
    missing: 'No deployment finished in these windows.',
    unit: 'short',
    decimals: 1,
    min: 0,
    width: 24,
    queries: (['1h', '6h', '3d'] as const).map((window) =>
      range(queries.burnRate(window), { legend: `{{slo}} · {{environment}} · ${window}` }),
    ),
    overrides: [
      ...bySlo(pipeline),
      { name: '.* · 6h', regex: true, custom: { lineStyle: { fill: 'dash', dash: [10, 6] } } },
      { name: '.* · 3d', regex: true, custom: { lineStyle: { fill: 'dot', dash: [2, 6] } } },
      {
        name: '.*',
        regex: true,
        custom: { scaleDistribution: { type: 'symlog', log: 10, linearThreshold: 1 } },
      },
    ],
    thresholds: steps(colour.good, ...alertingRates),
    targetLine: true,
  });

/** How much may still fail, and how fast it is used up. */
export const budget = (pipeline: Pipeline): RowDefinition => ({
  title: 'Error budget',
  height: 9,
  panels: [leftNow(pipeline), burnDown(pipeline), burnRate(pipeline)],
  source: import.meta.url,
});
