import type { Bundle } from '../compile/index.ts';
import { choicesGroup, offered, recentGroups } from '../ledger/index.ts';
import {
  catalogue,
  type LabelValues,
  type MetricDefinition,
  outcomes,
  type RuleGroup,
} from '../metrics/index.ts';
import { panelQueries } from '../panels/index.ts';
import { indicatorIntervals, recentDeployments } from '../pipeline/index.ts';
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

const namesIn = (groups: readonly RuleGroup[], start: string): string[] =>
  groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.kind === 'record' && rule.record.startsWith(start) ? [rule.record] : [])),
  );
const recentNames = namesIn(recentGroups, 'recent_deployment:');
const choiceNames = namesIn([choicesGroup], 'deployment_choice:');
const hour = 3_600;

/** A success, with the time at which it started where the code has that as well. */
function listedAs(name: string, time: number): number {
  const digits = new Date(time * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return name.endsWith('listing:code') ? Number(`${digits}${outcomes.success}`) : outcomes.success;
}

/** Series behind lists of deployments: dense over the last day and a half, and sparse before. */
export function* listSamples(
  history: readonly MadeUp[],
  end: number,
  { from, to }: TimeSpan,
): Iterable<SeriesSamples> {
  const within = (first: number, last: number, every: number): number[] => {
    const start = Math.ceil(Math.max(first, from) / every) * every;
    const count = Math.max(0, Math.ceil((Math.min(last, to) - start) / every));
    return Array.from({ length: count }, (_, i) => start + i * every);
  };
  const dense = end - 36 * hour;
  for (const environment of ['production', 'staging'] as const) {
    const own = history.filter((d) => d.environment === environment);
    for (const [i, { id, finished }] of own.entries()) {
      const labels = `{environment="${environment}",deployment_id="${id}"}`;
      const listed = Math.min(own[i + offered]?.finished ?? end, finished + 30 * 24 * hour);
      const choice = [
        ...within(finished, Math.min(listed, dense), 6 * hour),
        ...within(Math.max(finished, dense), listed, indicatorIntervals['30d']),
      ];
      const recent = within(finished, own[i + recentDeployments]?.finished ?? end, 120);
      const value = (name: string): number => (name.endsWith(':code') ? listedAs(name, finished) : finished);
      for (const name of choiceNames) yield { series: name + labels, value: value(name), times: choice };
      for (const name of recentNames) yield { series: name + labels, value: value(name), times: recent };
    }
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
function drawnIndicators(dashboards: Bundle['dashboards']): string[] {
  const state = { variables: {}, from: 0, to: 86_400 };
  const expressions = dashboards.flatMap(({ json }) =>
    panelQueries(json, state)
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
export function* indicatorSamples(
  dashboards: Bundle['dashboards'],
  end: number,
  { from, to }: TimeSpan,
): Iterable<SeriesSamples> {
  const first = Math.max(from, end - drawnBack);
  const times: number[] = [];
  for (let time = first - (first % drawnEvery) + drawnEvery; time < Math.min(to, end); time += drawnEvery)
    times.push(time);
  if (times.length === 0) return;
  for (const name of drawnIndicators(dashboards))
    for (const labels of combinations(
      (catalogue as Readonly<Record<string, MetricDefinition>>)[name]!.labels,
    ))
      yield { series: `${name}{${labels}}`, value: 0.95, times };
}
