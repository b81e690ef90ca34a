import type { Family } from '../../alerts/alert.ts';
import { families } from '../../alerts/index.ts';
import { dashboards } from '../../dashboards/index.ts';
import type { BuiltDashboard } from '../../dashboards/lib/dashboard.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricDefinition } from '../../metrics/definition.ts';
import type { RuleGroup } from '../../metrics/rule.ts';
import { ruleFiles } from '../../slo/index.ts';
import { objectives } from '../../slo/objectives/index.ts';
import type { Objective } from '../../slo/objectives/objective.ts';
import { alertFile, alertGroups } from './alerts/rules.ts';

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

/** The bundle that this project defines. */
export const loadBundle = (): Bundle => ({
  metrics: catalogue,
  dashboards: dashboards(),
  ruleFiles: { ...ruleFiles, [alertFile]: alertGroups(families) },
  families,
  objectives,
});
