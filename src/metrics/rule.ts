import type { Vector } from './expression.ts';
import type { RecordedMetric } from './recorded.ts';

/** A recording rule: what it writes, and from what. */
export interface RecordingRule {
  readonly kind: 'record';
  readonly record: RecordedMetric;
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

/** Either kind of rule. */
export type Rule = RecordingRule | AlertingRule;

/** A rule group: its rules are evaluated one after the other at one time stamp, so that later ones see earlier ones. */
export interface RuleGroup<R extends Rule = Rule> {
  readonly name: string;
  /** Seconds between evaluations. */
  readonly interval: number;
  readonly rules: readonly R[];
  /** The file that defines it (`import.meta.url`). */
  readonly source: string;
}

/** A recording rule. @param labels constant labels that are added to the result */
export const record = (
  name: RecordedMetric,
  expr: Vector<string>,
  labels: Readonly<Record<string, string>> = {},
): RecordingRule => ({ kind: 'record', record: name, labels, expr });
