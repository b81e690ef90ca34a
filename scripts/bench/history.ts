import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../../dashboards/index.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricDefinition } from '../../metrics/definition.ts';
import type { LabelValues } from '../../metrics/labels.ts';
import { panelQueries } from '../lib/panel-queries.ts';
import type { SeriesSamples, TimeSpan } from './blocks.ts';
import { factsOf, type MadeUp, samplesOf } from './facts.ts';

/** How long the ledger is looked back on, days; one more than the longest window. */
export const historyDays = 31;

/** The longest that facts of a deployment are written after its finish, seconds. */
const tail = 7_200 + 315;

/** Facts of the ledger with samples in a span of time. */
export function* ledgerSamples(history: readonly MadeUp[], { from, to }: TimeSpan): Iterable<SeriesSamples> {
  for (const deployment of history) {
    if (deployment.finished + tail < from || deployment.finished >= to) continue;
    const times = samplesOf(deployment);
    for (const { series, value } of factsOf(deployment)) yield { series, value, times };
  }
}

/** Labels that indicators are drawn by, with values as they come; others have one value. */
const drawn: Readonly<Record<string, readonly string[]>> = {
  environment: ['production', 'staging'],
  window: ['1d'],
  test_name: ['api_health', 'knowledge_api', 'web_beta'],
};
const valuesOf = (label: string, values: LabelValues): readonly string[] =>
  drawn[label] ?? (values === 'open' ? ['any'] : values.slice(0, 3));

/** Every combination of the values of some labels. */
function combinations(labels: MetricDefinition['labels']): string[] {
  return Object.entries(labels).reduce<string[]>(
    (sets, [label, values]) =>
      sets.flatMap((set) => valuesOf(label, values).map((value) => `${set}${set && ','}${label}="${value}"`)),
    [''],
  );
}

/** Indicators that panels draw over time: what they read must be there as densely as the rules write it. */
function drawnIndicators(): string[] {
  const state = { variables: {}, from: 0, to: 86_400 };
  const expressions = dashboards().flatMap(({ json }) =>
    panelQueries(json as Dashboard, state)
      .filter(({ kind }) => kind === 'range')
      .map(({ expr }) => expr),
  );
  return Object.keys(catalogue).filter(
    (name) => name.startsWith('environment') && expressions.some((expr) => expr.includes(`${name}{`)),
  );
}

/** How far back panels draw indicators, seconds, and how often they were written. */
const drawnBack = 8 * 86_400;
const drawnEvery = 30;

/** Indicators over the last days, as the rules would have written them. */
export function* indicatorSamples(end: number, { from, to }: TimeSpan): Iterable<SeriesSamples> {
  const first = Math.max(from, end - drawnBack);
  const times: number[] = [];
  for (let time = first - (first % drawnEvery) + drawnEvery; time < Math.min(to, end); time += drawnEvery)
    times.push(time);
  if (times.length === 0) return;
  for (const name of drawnIndicators())
    for (const labels of combinations(
      (catalogue as Readonly<Record<string, MetricDefinition>>)[name]!.labels,
    ))
      yield { series: `${name}{${labels}}`, value: 0.95, times };
}
