import type { Family } from '../alerts/index.ts';
import type { BuiltDashboard } from '../dashboards/index.ts';
import type { MetricDefinition, RuleGroup } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import type { Objective } from '../slo/index.ts';

/** Metrics by name. */
export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

/** Everything that is defined, before it is written. The checks read it, the renderers write it. */
export interface Bundle {
  /** The pipeline that it is made for. */
  readonly pipeline: Pipeline;
  /** Every metric that may be read or recorded. */
  readonly metrics: MetricDefinitions;
  readonly dashboards: readonly BuiltDashboard[];
  /** Rule groups by the name of their file (without `.yml`). */
  readonly ruleFiles: Readonly<Record<string, readonly RuleGroup[]>>;
  /** The alerts that the rules are made from, with their examples and runbooks. */
  readonly families: readonly Family[];
  readonly objectives: readonly Objective[];
}
