import type { BuiltDashboard, VariableDefinition } from '../../dashboards/index.ts';
import { projectPath } from '../../lib/root.ts';
import { type LabelValues, labels } from '../../metrics/index.ts';
import type { Variable } from '../../promql/index.ts';
import type { LocatedExpression, LocatedRule } from './check.ts';
import { type Target, targetsOf } from './targets.ts';

/** Real values of a variable named like a label with a closed set, so that they are checked as well. */
function samplesOf({ model }: VariableDefinition): { samples?: readonly string[] } {
  const known: LabelValues | undefined = (labels as Readonly<Record<string, LabelValues>>)[model.name];
  const choices =
    typeof model.query === 'string' && model.type === 'custom' ? model.query.split(',') : undefined;
  const samples = choices ?? (known === 'open' ? undefined : known);
  return samples ? { samples } : {};
}

/** A dashboard's variables as the PromQL checks want them. */
export const promqlVariables = (dashboard: BuiltDashboard): Variable[] =>
  dashboard.definition.variables.map((v) => ({
    name: v.model.name,
    kind: v.kind,
    ...samplesOf(v),
    ...(v.model.allValue !== undefined && { allValue: v.model.allValue }),
  }));

/** Logs are asked of a log store, in its own language. */
const isPromql = (target: Target): boolean => (target.datasource?.type ?? 'prometheus') === 'prometheus';

const inPanels = (dashboard: BuiltDashboard, variables: readonly Variable[]): LocatedExpression[] =>
  dashboard.panels.flatMap((panel) =>
    targetsOf(panel.panel)
      .filter(isPromql)
      .map((target) => ({
        text: target.expr ?? '',
        place: [
          dashboard.definition.uid,
          panel.row.title,
          panel.panel.title ?? '',
          `query ${target.refId ?? ''}`,
        ],
        file: projectPath(panel.row.source),
        variables,
        usage: { kind: 'panel', dashboard, panel, legend: target.legendFormat ?? '' },
      })),
  );

const inAnnotations = (dashboard: BuiltDashboard, variables: readonly Variable[]): LocatedExpression[] =>
  dashboard.definition.annotations.map((annotation) => ({
    text: annotation.expr.text,
    place: [dashboard.definition.uid, 'annotations', annotation.name],
    file: projectPath(dashboard.definition.source),
    variables,
    usage: { kind: 'annotation', dashboard, texts: [annotation.title, annotation.text ?? ''] },
  }));

/** The expression inside `label_values(expr, label)` or `query_result(expr)`. */
const variableExpression = (query: string): string | undefined =>
  /^label_values\((?<expr>.*),\s*\w+\)$/s.exec(query)?.groups?.expr ??
  /^query_result\((?<expr>.*)\)$/s.exec(query)?.groups?.expr;

const inVariables = (dashboard: BuiltDashboard, variables: readonly Variable[]): LocatedExpression[] =>
  dashboard.definition.variables.flatMap(({ model }) => {
    if (model.type !== 'query') return [];
    const query = typeof model.query === 'string' ? model.query : String(model.query?.query ?? '');
    return [
      {
        text: variableExpression(query) ?? query,
        place: [dashboard.definition.uid, 'variables', model.name],
        file: projectPath(dashboard.definition.source),
        variables,
        usage: { kind: 'variable', dashboard, query },
      },
    ];
  });

/** Every expression of a dashboard: of its panels, annotations and variables. */
export function dashboardExpressions(dashboard: BuiltDashboard): LocatedExpression[] {
  const variables = promqlVariables(dashboard);
  return [
    ...inPanels(dashboard, variables),
    ...inAnnotations(dashboard, variables),
    ...inVariables(dashboard, variables),
  ];
}

const none: readonly Variable[] = [];

/** The expression of a rule. */
export const ruleExpression = ({ rule, group, place, file }: LocatedRule): LocatedExpression => ({
  text: rule.expr.text,
  place,
  file,
  variables: none,
  usage: { kind: 'rule', group, rule },
});
