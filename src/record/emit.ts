import type { Redact } from '../lib/redact.ts';
import { labels as catalogueLabels, type PipelineMetric, type pipelineMetrics } from '../metrics/index.ts';
import { definitionOf } from './pipeline.ts';

type Metrics = typeof pipelineMetrics;
/** Names of a pushed metric's labels. */
export type LabelName<M extends PipelineMetric> = keyof Metrics[M]['labels'] & string;
/** The values that a label of a pushed metric may take; `string` where it is open. */
export type LabelValue<M extends PipelineMetric, L extends string> = L extends keyof Metrics[M]['labels']
  ? Metrics[M]['labels'][L] extends readonly (infer V extends string)[]
    ? V
    : string
  : never;

/** Metrics that have every label of the grouping key G, and so can be pushed under it. */
export type MetricsOf<G extends string> = {
  [M in PipelineMetric]: [G] extends [LabelName<M>] ? M : never;
}[PipelineMetric];

type OwnNames<M extends PipelineMetric, G extends string> = Exclude<LabelName<M>, G | 'migration_name'>;
/** Labels of a metric beside its grouping key. `migration_name` is a grouping label or absent. */
export type OwnLabels<M extends PipelineMetric, G extends string> = [OwnNames<M, G>] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [L in OwnNames<M, G>]: LabelValue<M, L> };

/** One value of one metric; the labels beside the grouping key. */
export interface Sample {
  /** Of the catalogue, or of the pipeline file. */
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One request to the gateway: the samples of one group. */
export interface Push {
  /** PUT replaces the group; POST replaces only the metrics that it brings. */
  readonly method: 'PUT' | 'POST';
  readonly group: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  /** The event, as a person reads it in a warning. */
  readonly what: string;
}

/**
 * Emits samples of a group: a metric that the catalogue does not have, that does not belong under this grouping
 * key, or a label or value that it does not take, does not compile.
 */
export const samplesOf =
  <const G extends Readonly<Record<string, string>>>(_group: G) =>
  <M extends MetricsOf<keyof G & string>>(
    metric: M,
    labels: OwnLabels<M, keyof G & string>,
    value: number,
  ): Sample => ({ metric, labels, value });

/** The push without secrets in any of its open labels: an address, a branch or the name of a test can hold one too. */
export function withoutSecrets(push: Push, clean: Redact): Push {
  const cleaned = (labels: Push['group'], open: Readonly<Record<string, readonly string[] | 'open'>>) =>
    Object.fromEntries(
      Object.entries(labels).map(([name, text]) => [
        name,
        (open[name] ?? 'open') === 'open' ? clean(text) : text,
      ]),
    );
  const samples = push.samples.map((sample) => ({
    ...sample,
    labels: cleaned(sample.labels, definitionOf(sample.metric).labels),
  }));
  return { ...push, group: cleaned(push.group, catalogueLabels), samples };
}

/** Parts of a push that the catalogue does not have, in sentences; for values that types cannot see (from a command line or a caller). */
export function pushProblems(push: Push): string[] {
  const problems = new Set<string>();
  for (const { metric, labels, value } of push.samples) {
    const known = definitionOf(metric).labels;
    if (!Number.isFinite(value)) problems.add(`${metric} would be ${value}, which is not a number.`);
    for (const [name, text] of Object.entries({ ...push.group, ...labels })) {
      const values = known[name];
      if (values === undefined) problems.add(`${metric} has no label ${name}.`);
      else if (values !== 'open' && !values.includes(text))
        problems.add(`The ${name} "${text}" is not one of those known: ${values.join(', ')}.`);
    }
  }
  return [...problems];
}
