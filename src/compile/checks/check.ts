import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Alert, Family } from '../../alerts/index.ts';
import type { BuiltDashboard, PlacedPanel, RowDefinition } from '../../dashboards/index.ts';
import type { Finding, Severity } from '../../lib/finding.ts';
import type { Rule, RuleGroup } from '../../metrics/index.ts';
import type { Pipeline } from '../../pipeline/index.ts';
import type { Parsed, Variable, Vocabulary } from '../../promql/index.ts';
import type { Objective } from '../../slo/index.ts';
import type { MetricDefinitions } from '../bundle.ts';

/** Where something is defined: what a person reads, and the file to edit. */
export interface Location {
  readonly place: readonly string[];
  readonly file: string;
}

/** A PromQL expression anywhere in the bundle. */
export interface LocatedExpression extends Location {
  readonly text: string;
  /** The dashboard's variables that it may use; none in rules. */
  readonly variables: readonly Variable[];
  readonly usage:
    | {
        readonly kind: 'panel';
        readonly dashboard: BuiltDashboard;
        readonly panel: PlacedPanel;
        readonly legend: string;
      }
    | { readonly kind: 'annotation'; readonly dashboard: BuiltDashboard; readonly texts: readonly string[] }
    | { readonly kind: 'variable'; readonly dashboard: BuiltDashboard; readonly query: string }
    | { readonly kind: 'rule'; readonly group: RuleGroup; readonly rule: Rule }
    /** Asked in a sentence of an alert, or in its runbook. */
    | { readonly kind: 'question'; readonly alert: Alert };
}

/** A rule and where it stands. */
export interface LocatedRule extends Location {
  readonly rule: Rule;
  readonly group: RuleGroup;
}

/** A rule group and where it stands. */
export interface LocatedGroup extends Location {
  readonly group: RuleGroup;
}

/** A row of a dashboard and where it stands. */
export interface LocatedRow extends Location {
  readonly row: RowDefinition;
  readonly dashboard: BuiltDashboard;
}

/** A dashboard and where it stands. */
export interface LocatedDashboard extends Location {
  readonly dashboard: BuiltDashboard;
}

/** A panel and where it stands. */
export interface LocatedPanel extends Location {
  readonly dashboard: BuiltDashboard;
  readonly placed: PlacedPanel;
  readonly panel: Panel;
}

/** The bundle as the checks walk over it: everything with its place. */
export interface View {
  readonly metrics: MetricDefinitions;
  /** The same as the PromQL checks read them. */
  readonly vocabulary: Vocabulary;
  /** Reads an expression without variables; each text once. */
  readonly parse: (text: string) => Parsed;
  readonly expressions: readonly LocatedExpression[];
  readonly groups: readonly LocatedGroup[];
  readonly rules: readonly LocatedRule[];
  readonly dashboards: readonly LocatedDashboard[];
  readonly rows: readonly LocatedRow[];
  readonly panels: readonly LocatedPanel[];
  /** Only alerts and objectives that have all their parts. */
  readonly families: readonly Family[];
  readonly pipeline: Pipeline;
  readonly objectives: readonly Objective[];
  /** Those that lack something, too. */
  readonly allFamilies: readonly Family[];
  readonly allObjectives: readonly Objective[];
  readonly allMetrics: MetricDefinitions;
  /** The oldest Prometheus that has to understand every expression: `2.42`. */
  readonly oldest: string;
}

/** A finding of a check; its id and severity are the check's, unless it says otherwise. */
export type Found = Omit<Finding, 'id' | 'severity'> & { readonly id?: string; readonly severity?: Severity };

/** One check: a small pure object. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly severity: Severity;
  /** Its demand, as a sentence. */
  readonly summary: string;
  /** Why: what goes wrong for whom without it. */
  readonly why: string;
  /** Rules by whose ids its findings go instead of its own, and what each finds. */
  readonly rules?: readonly { readonly id: string; readonly summary: string }[];
  readonly run: (view: View) => Iterable<Found>;
}
