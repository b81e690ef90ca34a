import type { LabelsOf } from './labels.ts';

/** The values a label can take: a closed set, or anything. */
export type KnownValues = readonly string[] | 'open';

/** A metric's type, labels and unit. */
export interface KnownMetric {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'recorded';
  /** Every label that its series can have, `job` and `instance` included where they can. */
  readonly labels: ReadonlyMap<string, KnownValues>;
  /** Pushed once per event and never changed after it: its rate is always 0, also of a counter. */
  readonly pushedOnce?: boolean;
  /** Names of its values, where it is an enumeration. */
  readonly codes?: Readonly<Record<string, number>>;
}

/** The metrics that expressions may use. */
export interface Vocabulary {
  metric(name: string): KnownMetric | undefined;
  names(): Iterable<string>;
  /** Labels that say more about a series and do not identify it: a deployment has one branch. */
  readonly describing?: ReadonlySet<string>;
}

const childSuffix = /_(bucket|count|sum)$/;

/** The metric that `name` is a part of by its suffix, when that metric is known: x for x_bucket. */
export function parentOf(
  vocabulary: Vocabulary,
  name: string,
): { name: string; suffix: string; metric: KnownMetric } | undefined {
  const suffix = childSuffix.exec(name)?.[0];
  if (suffix === undefined) return undefined;
  const parent = name.slice(0, -suffix.length);
  const metric = vocabulary.metric(parent);
  return metric && { name: parent, suffix, metric };
}

/** A metric by the name of one of its series: also the buckets, count and sum of a histogram or summary. */
export function knownMetric(vocabulary: Vocabulary, name: string): KnownMetric | undefined {
  const itself = vocabulary.metric(name);
  if (itself) return itself.type === 'summary' ? withLabel(itself, 'quantile') : itself;
  const parent = parentOf(vocabulary, name);
  if (!parent) return undefined;
  const { type, labels, pushedOnce } = parent.metric;
  const counter: KnownMetric = { type: 'counter', labels, ...(pushedOnce && { pushedOnce }) };
  if (type === 'histogram') return parent.suffix === '_bucket' ? withLabel(counter, 'le') : counter;
  return type === 'summary' && parent.suffix !== '_bucket' ? counter : undefined;
}

const withLabel = (metric: KnownMetric, label: string): KnownMetric => ({
  ...metric,
  labels: new Map([...metric.labels, [label, 'open']]),
});

/** The labels of the vocabulary's metrics, for `outputLabels`. */
export function labelsIn(vocabulary: Vocabulary): LabelsOf {
  return (name) => {
    const metric = knownMetric(vocabulary, name);
    return metric && new Set(metric.labels.keys());
  };
}
