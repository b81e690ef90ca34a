import type { BuiltDashboard, PlacedPanel } from '../../../dashboards/lib/dashboard.ts';
import type { VariableDefinition } from '../../../dashboards/lib/variables.ts';
import { type LabelValues, labels } from '../../../metrics/labels.ts';
import type { Variable } from '../../../metrics/promql/variables.ts';
import { projectPath } from '../../lib/root.ts';
import type { Bundle } from '../bundle.ts';
import type { LocatedExpression, LocatedPanel, LocatedRule, View } from './check.ts';

/** Real values of a variable named like a label with a closed set, so that they are checked as well. */
function samplesOf({ model }: VariableDefinition): { samples?: readonly string[] } {
  const known: LabelValues | undefined = (labels as Readonly<Record<string, LabelValues>>)[model.name];
  const choices =
    typeof model.query === 'string' && model.type === 'custom' ? model.query.split(',') : undefined;
  const samples = choices ?? (known === 'open' ? undefined : known);
  return samples ? { samples } : {};
}

/** A dashboard's variables as the PromQL checks want them. */
export const variablesOf = (dashboard: BuiltDashboard): Variable[] =>
  dashboard.definition.variables.map((v) => ({
    name: v.model.name,
    kind: v.kind,
    ...samplesOf(v),
    ...(v.model.allValue !== undefined && { allValue: v.model.allValue }),
  }));

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
}

const panelFile = ({ row }: PlacedPanel): string => projectPath(row.source);

function panelExpressions(dashboard: BuiltDashboard, variables: Variable[]): LocatedExpression[] {
  return dashboard.panels.flatMap((placed) =>
    ((placed.panel.targets ?? []) as Target[]).map((target) => ({
      text: target.expr ?? '',
      place: [
        dashboard.definition.uid,
        placed.row.title,
        placed.panel.title ?? '',
        `query ${target.refId ?? ''}`,
      ],
      file: panelFile(placed),
      variables,
      usage: { kind: 'panel' as const, dashboard, panel: placed, legend: target.legendFormat ?? '' },
    })),
  );
}

function annotationExpressions(dashboard: BuiltDashboard, variables: Variable[]): LocatedExpression[] {
  const { definition } = dashboard;
  return definition.annotations.map((annotation) => ({
    text: annotation.expr.text,
    place: [definition.uid, 'annotations', annotation.name],
    file: projectPath(definition.source),
    variables,
    usage: { kind: 'annotation' as const, dashboard, texts: [annotation.title, annotation.text ?? ''] },
  }));
}

/** The expression inside `label_values(expr, label)` or `query_result(expr)`. */
export const variableExpression = (query: string): string | undefined =>
  /^label_values\((?<expr>.*),\s*\w+\)$/s.exec(query)?.groups?.expr ??
  /^query_result\((?<expr>.*)\)$/s.exec(query)?.groups?.expr;

function variableExpressions(dashboard: BuiltDashboard, variables: Variable[]): LocatedExpression[] {
  const { definition } = dashboard;
  return definition.variables.flatMap(({ model }) => {
    if (model.type !== 'query') return [];
    const query = typeof model.query === 'string' ? model.query : String(model.query?.query ?? '');
    return [
      {
        text: variableExpression(query) ?? query,
        place: [definition.uid, 'variables', model.name],
        file: projectPath(definition.source),
        variables,
        usage: { kind: 'variable' as const, dashboard },
      },
    ];
  });
}

const rulesOf = (bundle: Bundle): LocatedRule[] =>
  Object.entries(bundle.ruleFiles).flatMap(([fileName, groups]) =>
    groups.flatMap((group) =>
      group.rules.map((rule) => ({
        rule,
        group,
        fileName,
        place: [`${fileName}.yml`, group.name, rule.kind === 'record' ? rule.record : rule.alert],
        file: projectPath(group.source),
      })),
    ),
  );

/** Everything in the bundle with its place. */
export function viewOf(bundle: Bundle): View {
  const rules = rulesOf(bundle);
  const panels: LocatedPanel[] = bundle.dashboards.flatMap((dashboard) =>
    dashboard.panels.map((placed) => ({
      dashboard,
      placed,
      panel: placed.panel,
      place: [dashboard.definition.uid, placed.row.title, placed.panel.title ?? ''],
      file: panelFile(placed),
    })),
  );
  const expressions = bundle.dashboards.flatMap((dashboard) => {
    const variables = variablesOf(dashboard);
    return [
      ...panelExpressions(dashboard, variables),
      ...annotationExpressions(dashboard, variables),
      ...variableExpressions(dashboard, variables),
    ];
  });
  const ruleExpressions = rules.map(
    (located): LocatedExpression => ({
      text: located.rule.expr.text,
      place: located.place,
      file: located.file,
      variables: [],
      usage: { kind: 'rule', group: located.group, rule: located.rule },
    }),
  );
  return {
    bundle,
    rules,
    panels,
    expressions: [...expressions, ...ruleExpressions],
    dashboards: bundle.dashboards.map((dashboard) => ({
      dashboard,
      place: [dashboard.definition.uid],
      file: projectPath(dashboard.definition.source),
    })),
  };
}
