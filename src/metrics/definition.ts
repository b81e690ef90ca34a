import type { LabelValues } from './labels.ts';

/** Units as the catalogue names them. */
export const units = [
  'seconds',
  'milliseconds',
  'unix seconds',
  'ratio',
  'percent',
  'bytes',
  'currency',
  'count',
  'code',
  'boolean',
  'none',
] as const;
/** Units as the catalogue names them; dashboards translate them into Grafana's (`s`, `percentunit`, …). */
export type Unit = (typeof units)[number];

/** Who emits metrics. */
export const producers = [
  'recorder',
  'collector',
  'application',
  'prometheus',
  'pushgateway',
  'rules',
  'none yet',
] as const;
/** Who emits a metric. */
export type Producer = (typeof producers)[number];

/** A command that asks recorded series by itself. */
export type ReadingCommand = `npm run ${'doctor' | 'gate' | 'diff'}`;

/** One metric, completely described. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'info' | 'recorded';
  readonly unit: Unit;
  readonly help: string;
  /** Labels beside the metric's name; for histograms without `le`. */
  readonly labels: Readonly<Record<string, LabelValues>>;
  readonly producers: readonly Producer[];
  /** Required metrics make the doctor fail when they are missing; optional ones are only mentioned. */
  readonly required: boolean;
  /**
   * Pushed once per event and never changed. `rate()` and `increase()` of such a series
   * are always 0, so expressions must not use them.
   */
  readonly pushedOnce?: boolean;
  /** A fact that few deployments have, so that a panel may look for it over days. */
  readonly rare?: boolean;
  /** A command of this project that reads a recorded series which no panel, alert or rule reads. */
  readonly readBy?: ReadingCommand;
}
