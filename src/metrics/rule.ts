import type { LabelName, LabelValue } from './catalogue.ts';
import type { CustomRecorded } from './custom.ts';
import type { Vector } from './expression.ts';
import type { RecordedMetric } from './recorded.ts';

/** A recording rule: what it writes, and from what. */
export interface RecordingRule {
  readonly kind: 'record';
  readonly record: RecordedMetric | CustomRecorded;
  readonly labels: Readonly<Record<string, string>>;
  readonly expr: Vector<string>;
}

/** An alerting rule as Prometheus has it. Durations are Prometheus' (`2m`); annotations are Go templates. */
export interface AlertingRule {
  readonly kind: 'alert';
  readonly alert: string;
  readonly expr: Vector<string>;
  readonly for?: string;
  readonly keepFiringFor?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The file that defines it, where that is not the group's. */
  readonly source?: string;
}

/** Constant labels of a recorded series. */
export type ConstantLabels<M extends RecordedMetric> = { readonly [L in LabelName<M>]?: LabelValue<M, L> };

/** Either kind of rule. */
export type Rule = RecordingRule | AlertingRule;

/** A recording rule of a metric that the pipeline file defines; the build checks its labels. */
export const recordCustom = (
  name: CustomRecorded,
  expr: Vector<string>,
  labels: Readonly<Record<string, string>> = {},
): RecordingRule => ({ kind: 'record', record: name, labels, expr });

/** A rule group: its rules are evaluated one after the other at one time stamp, so that later ones see earlier ones. */
export interface RuleGroup<R extends Rule = Rule> {
  readonly name: string;
  /** Seconds between evaluations. */
  readonly interval: number;
  readonly rules: readonly R[];
  /** The file that defines it (`import.meta.url`). */
  readonly source: string;
}

/**
 * A recording rule. The result has no labels but those that the series is declared with, and constant labels take
 * values that they are declared with.
 * @param labels constant labels that are added to the result
 */
export const record = <M extends RecordedMetric>(
  name: M,
  expr: Vector<LabelName<NoInfer<M>>>,
  labels: ConstantLabels<NoInfer<M>> = {},
): RecordingRule => ({ kind: 'record', record: name, labels: labels as Record<string, string>, expr });
