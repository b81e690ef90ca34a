import { type Pipeline, recordedEnvironments } from '../pipeline/index.ts';
import { applicationMetrics, applicationNames } from './application.ts';
import { customMetrics, customRecorded } from './custom.ts';
import type { MetricDefinition } from './definition.ts';
import type { LabelValues } from './labels.ts';
import { pipelineMetrics } from './pipeline.ts';
import { recordedMetrics } from './recorded.ts';
import { systemMetrics } from './system.ts';

/**
 * Every series that anything in this project may emit, record or select, by name. The recorder, the rules, the
 * dashboards, the doctor and the reference page all read it; nothing else names a metric.
 */
export const catalogue = {
  ...pipelineMetrics,
  ...applicationMetrics,
  ...systemMetrics,
  ...recordedMetrics,
} as const satisfies Record<string, MetricDefinition>;

type Catalogue = typeof catalogue;
/** Name of a metric of the catalogue. */
export type MetricName = keyof Catalogue;
/** Names of a metric's own labels. */
export type LabelName<M extends MetricName> = keyof Catalogue[M]['labels'] & string;
/** The values that a label of a metric may take; `string` where it is open. */
export type LabelValue<M extends MetricName, L extends LabelName<M>> = L extends keyof Catalogue[M]['labels']
  ? Catalogue[M]['labels'][L] extends readonly (infer V extends string)[]
    ? V
    : string
  : never;
/** Names of all metrics of one type. */
export type MetricOfType<T extends MetricDefinition['type']> = {
  [M in MetricName]: Catalogue[M]['type'] extends T ? M : never;
}[MetricName];
/** Metrics of one type on which `rate()` means something: not those that are pushed once and never change. */
type Live<T extends MetricDefinition['type']> = {
  [M in MetricName]: Catalogue[M] extends { type: T }
    ? Catalogue[M] extends { pushedOnce: true }
      ? never
      : M
    : never;
}[MetricName];
/** Counters that count. */
export type LiveCounter = Live<'counter'>;
/** Histograms that fill. */
export type LiveHistogram = Live<'histogram'>;

/** Labels whose values are the pipeline file's. */
const namesIn = (pipeline: Pipeline): Readonly<Record<string, LabelValues>> => ({
  environment: recordedEnvironments(pipeline),
  service: Object.keys(pipeline.services),
  stage: Object.keys(pipeline.stages),
  // Without a list, every resource is recorded.
  resource: pipeline.cost.resources.length > 0 ? pipeline.cost.resources : 'open',
});

/** Recorded of the application's metrics. */
const ofApplication = (name: string): boolean => /^job(_le)?:/.test(name);

/** The application's metrics by the names that the pipeline gives them; those that it has. */
function applicationOf({ application }: Pipeline): [string, MetricDefinition][] {
  if (!application) return [];
  const { status } = application.requests;
  const names = applicationNames(application);
  return Object.entries<MetricDefinition>(applicationMetrics).flatMap(([name, metric]) => {
    const called = names[name as keyof typeof names];
    const labels = Object.entries(metric.labels).map(([label, values]) => [
      label === 'status_code' ? status : label,
      values,
    ]);
    return called ? [[called, { ...metric, labels: Object.fromEntries(labels) }]] : [];
  });
}

/** The catalogue of a pipeline: its names as closed sets, and the application's metrics as it calls them. */
export function catalogueOf(pipeline: Pipeline): Readonly<Record<string, MetricDefinition>> {
  const names = namesIn(pipeline);
  const closed = (metric: MetricDefinition): MetricDefinition => ({
    ...metric,
    labels: Object.fromEntries(
      Object.entries(metric.labels).map(([label, values]) => [label, names[label] ?? values]),
    ),
  });
  const of = (metrics: Readonly<Record<string, MetricDefinition>>) =>
    Object.entries(metrics)
      .filter(([name]) => pipeline.application !== undefined || !ofApplication(name))
      .map(([name, metric]) => [name, closed(metric)] as const);
  return Object.fromEntries([
    ...of(pipelineMetrics),
    ...of(customMetrics(pipeline)),
    ...applicationOf(pipeline),
    ...of(systemMetrics),
    ...of(recordedMetrics),
    ...of(customRecorded(pipeline)),
  ]);
}

/** True when a label of this kind takes this value. */
export const allows = (values: LabelValues, value: string): boolean =>
  values === 'open' || values.includes(value);
