import { isComplete } from '../../alerts/index.ts';
import type { BuiltDashboard } from '../../dashboards/index.ts';
import { projectPath } from '../../lib/root.ts';
import { isComplete as isCompleteObjective } from '../../slo/index.ts';
import { questionsOf } from '../alerts/questions.ts';
import type { Bundle } from '../bundle.ts';
import type { LocatedGroup, LocatedPanel, LocatedRow, LocatedRule, Location, View } from './check.ts';
import { dashboardExpressions, ruleExpression } from './expressions.ts';
import { completeMetrics } from './metric-shape.ts';
import { rememberingParser, resultLabels } from './tree.ts';
import { vocabularyOf } from './vocabulary.ts';

const groupsOf = ({ ruleFiles }: Bundle): LocatedGroup[] =>
  Object.entries(ruleFiles).flatMap(([fileName, groups]) =>
    groups.map((group) => ({
      group,
      place: [`${fileName}.yml`, group.name],
      file: projectPath(group.source),
    })),
  );

const rulesOf = ({ group, place, file }: LocatedGroup): LocatedRule[] =>
  group.rules.map((rule) => ({
    rule,
    group,
    place: [...place, rule.kind === 'record' ? rule.record : rule.alert],
    file: rule.kind === 'alert' && rule.source ? projectPath(rule.source) : file,
  }));

const rowsOf = (dashboard: BuiltDashboard): LocatedRow[] =>
  dashboard.definition.rows.map((row) => ({
    row,
    dashboard,
    place: [dashboard.definition.uid, row.title],
    file: projectPath(row.source),
  }));

const panelsOf = (dashboard: BuiltDashboard): LocatedPanel[] =>
  dashboard.panels.map((placed) => ({
    dashboard,
    placed,
    panel: placed.panel,
    place: [dashboard.definition.uid, placed.row.title, placed.panel.title ?? ''],
    file: projectPath(placed.row.source),
  }));

/** Everything in the bundle with its place. */
export function viewOf(bundle: Bundle): View {
  const groups = groupsOf(bundle);
  const metrics = completeMetrics(bundle.metrics);
  const rules = groups.flatMap(rulesOf);
  const families = bundle.families.map((family) => ({
    ...family,
    alerts: family.alerts.filter(isComplete),
  }));
  const view: View = {
    metrics,
    allMetrics: bundle.metrics,
    oldest: bundle.pipeline.prometheus,
    vocabulary: vocabularyOf(metrics, {
      alertname: rules.flatMap(({ rule }) => (rule.kind === 'alert' ? [rule.alert] : [])),
      slo: bundle.objectives.map(({ id }) => id),
    }),
    parse: rememberingParser(),
    groups,
    rules,
    dashboards: bundle.dashboards.map((dashboard) => ({
      dashboard,
      place: [dashboard.definition.uid],
      file: projectPath(dashboard.definition.source),
    })),
    rows: bundle.dashboards.flatMap(rowsOf),
    panels: bundle.dashboards.flatMap(panelsOf),
    expressions: [...bundle.dashboards.flatMap(dashboardExpressions), ...rules.map(ruleExpression)],
    families,
    objectives: bundle.objectives.filter(isCompleteObjective),
    allFamilies: bundle.families,
    allObjectives: bundle.objectives,
    pipeline: bundle.pipeline,
  };
  return { ...view, expressions: [...view.expressions, ...questionsOf(families, alertLabels(view))] };
}

/** Where rules, rows and panels are defined. */
export function locationsOf(bundle: Bundle): Location[] {
  return [
    ...groupsOf(bundle).flatMap((group) => [group, ...rulesOf(group)]),
    ...bundle.dashboards.flatMap((dashboard) => [...rowsOf(dashboard), ...panelsOf(dashboard)]),
  ].map(({ place, file }) => ({ place, file }));
}

/** The labels that the expression of each alert leaves. */
const alertLabels =
  (view: View) =>
  (alert: string): ReadonlySet<string> => {
    const own = view.expressions.find(
      ({ usage }) => usage.kind === 'rule' && usage.rule.kind === 'alert' && usage.rule.alert === alert,
    );
    return (own && resultLabels(own, view)) ?? new Set();
  };
