import type { Vector } from './expression.ts';
import type { RecordedMetric } from './recorded.ts';

/** A recording rule: what it writes, and from what. */
export interface RecordingRule {
  readonly kind: 'record';
  readonly record: RecordedMetric;
  readonly labels: Readonly<Record<string, string>>;
  readonly expr: Vector<string>;
}

/** A rule group: its rules are evaluated one after the other at one time stamp, so that later ones see earlier ones. */
export interface RuleGroup<R = RecordingRule> {
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
