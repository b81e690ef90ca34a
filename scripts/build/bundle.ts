import { dashboards } from '../../dashboards/index.ts';
import type { BuiltDashboard } from '../../dashboards/lib/dashboard.ts';
import type { RuleGroup } from '../../metrics/rule.ts';
import { ruleFiles } from '../../slo/index.ts';

/** Everything that is defined, before it is written. The checks read it, the renderers write it. */
export interface Bundle {
  readonly dashboards: readonly BuiltDashboard[];
  /** Rule groups by the name of their file (without `.yml`). */
  readonly ruleFiles: Readonly<Record<string, readonly RuleGroup[]>>;
}

/** The bundle that this project defines. */
export const loadBundle = (): Bundle => ({ dashboards: dashboards(), ruleFiles });
