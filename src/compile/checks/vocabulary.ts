import { codesOf, describing, type LabelValues, type MetricDefinition } from '../../metrics/index.ts';
import type { KnownMetric, Vocabulary } from '../../promql/index.ts';
import type { MetricDefinitions } from '../bundle.ts';

/** Labels that a scrape gives to every series that is no recorded one. */
const scrapeLabels: readonly (readonly [string, LabelValues])[] = [
  ['job', 'open'],
  ['instance', 'open'],
];

/** A push and a target have one of each, too. */
const describingHere = new Set([...describing, ...scrapeLabels.map(([label]) => label)]);

function known(name: string, { type, unit, labels, pushedOnce }: MetricDefinition): KnownMetric {
  const own = Object.entries(labels);
  const codes = unit === 'code' ? codesOf(name) : undefined;
  return {
    type,
    labels: new Map(type === 'recorded' ? own : [...scrapeLabels, ...own]),
    ...(pushedOnce && { pushedOnce: true }),
    ...(codes && { codes }),
  };
}

/** Values of labels that definitions give: names of alerts, ids of SLOs. */
export type DefinedValues = Readonly<Record<'alertname' | 'slo', readonly string[]>>;

function withDefined(metric: KnownMetric, defined: DefinedValues): KnownMetric {
  const values = Object.entries(defined).filter(([name, list]) => metric.labels.has(name) && list.length > 0);
  return values.length === 0 ? metric : { ...metric, labels: new Map([...metric.labels, ...values]) };
}

/** Metrics as the PromQL checks read them. */
export function vocabularyOf(
  metrics: MetricDefinitions,
  defined: DefinedValues = { alertname: [], slo: [] },
): Vocabulary {
  const names = new Map(
    Object.entries(metrics).map(([name, definition]) => [
      name,
      withDefined(known(name, definition), defined),
    ]),
  );
  return { metric: (name) => names.get(name), names: () => names.keys(), describing: describingHere };
}
