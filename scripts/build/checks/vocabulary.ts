import { catalogue, findMetric } from '../../../metrics/catalogue.ts';
import type { LabelValues } from '../../../metrics/labels.ts';
import type { KnownMetric, Vocabulary } from '../../../metrics/promql/vocabulary.ts';

/** Labels that a scrape gives to every series that is no recorded one. */
const scrapeLabels: readonly (readonly [string, LabelValues])[] = [
  ['job', 'open'],
  ['instance', 'open'],
];

function known(name: string): KnownMetric | undefined {
  const definition = findMetric(name);
  if (!definition) return undefined;
  const own = Object.entries(definition.labels);
  return {
    type: definition.type,
    labels: new Map(definition.type === 'recorded' ? own : [...scrapeLabels, ...own]),
    ...(definition.pushedOnce && { pushedOnce: true }),
  };
}

const cache = new Map<string, KnownMetric | undefined>();

/** The catalogue as the PromQL checks read it. */
export const vocabulary: Vocabulary = {
  metric(name) {
    if (!cache.has(name)) cache.set(name, known(name));
    return cache.get(name);
  },
  names: () => Object.keys(catalogue),
};
