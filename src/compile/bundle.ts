import type { Family } from '../alerts/alert.ts';
import type { BuiltDashboard } from '../dashboards/dashboard.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import type { RuleGroup } from '../metrics/rule.ts';
import type { Objective } from '../slo/objective.ts';

/** Metrics by name. */
export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

/** Everything that is defined, before it is written. The checks read it, the renderers write it. */
export interface Bundle {
  /** Every metric that may be read or recorded. */
  readonly metrics: MetricDefinitions;
  readonly dashboards: readonly BuiltDashboard[];
  /** Rule groups by the name of their file (without `.yml`). */
  readonly ruleFiles: Readonly<Record<string, readonly RuleGroup[]>>;
  /** The alerts that the rules are made from, with their examples and runbooks. */
  readonly families: readonly Family[];
  readonly objectives: readonly Objective[];
}
