import type { LabelValues, MetricDefinition } from '../../metrics/index.ts';
import type { KnownMetric, Vocabulary } from '../../promql/index.ts';
import type { MetricDefinitions } from '../bundle.ts';

/** Labels that a scrape gives to every series that is no recorded one. */
const scrapeLabels: readonly (readonly [string, LabelValues])[] = [
  ['job', 'open'],
  ['instance', 'open'],
];

function known({ type, labels, pushedOnce }: MetricDefinition): KnownMetric {
  const own = Object.entries(labels);
  return {
    type,
    labels: new Map(type === 'recorded' ? own : [...scrapeLabels, ...own]),
    ...(pushedOnce && { pushedOnce: true }),
  };
}

/** Metrics as the PromQL checks read them. */
export function vocabularyOf(metrics: MetricDefinitions): Vocabulary {
  const names = new Map(Object.entries(metrics).map(([name, definition]) => [name, known(definition)]));
  return { metric: (name) => names.get(name), names: () => names.keys() };
}
