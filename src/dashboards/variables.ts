import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type LabelName,
  lastOverTime,
  type Matchers,
  type MetricName,
  max,
  metric,
  productionEnvironment,
  topk,
  type Vector,
  variable,
} from '../metrics/index.ts';
import { newestEnvironment } from './links.ts';
import { plain } from './plain.ts';
import { datasource } from './query.ts';

/** How the PromQL checks read a variable: what it stands for where it is used. */
export type VariableKind = 'label-value' | 'interval' | 'datasource' | 'number' | 'label-name';

/** A dashboard variable and what it stands for. */
export interface VariableDefinition {
  readonly kind: VariableKind;
  readonly model: VariableModel;
}

/** The Prometheus that all queries ask. */
export const datasourceVariable: VariableDefinition = {
  kind: 'datasource',
  model: new DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .description('The Prometheus that scrapes the Pushgateway and evaluates the rules of this bundle.')
    .type('prometheus')
    .build(),
};

/** Settings of a variable that is filled from the values of a label. */
export interface LabelVariable<M extends MetricName> {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly metric: M;
  readonly matchers?: Matchers<M>;
  readonly of: LabelName<M>;
  /** Adds "All" (as `.*`) and allows several. */
  readonly all?: boolean;
  readonly current?: string;
  readonly sort?: VariableSort;
}

/** A variable filled with the values of a label of a metric. */
export function labelVariable<M extends MetricName>(v: LabelVariable<M>): VariableDefinition {
  const query = `label_values(${metric(v.metric, v.matchers)}, ${v.of})`;
  const builder = new QueryVariableBuilder(v.name)
    .label(v.label)
    .description(v.description)
    .datasource(datasource)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    // The values change with the time span: a deployment of last month is found when one looks at last month.
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(v.sort ?? VariableSort.AlphabeticalAsc);
  if (v.all) builder.multi(true).includeAll(true).allValue('.*');
  if (v.current)
    builder.current({ text: v.all ? [v.current] : v.current, value: v.all ? [v.current] : v.current });
  return { kind: 'label-value', model: plain(builder.build()) };
}

/** A variable with fixed choices. */
export function choiceVariable(v: {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly values: readonly string[];
  readonly current: string;
}): VariableDefinition {
  const model = plain(
    new CustomVariableBuilder(v.name)
      .label(v.label)
      .description(v.description)
      .values(v.values.join(','))
      .current({ text: v.current, value: v.current })
      .build(),
  );
  const options = v.values.map((value) => ({ text: value, value, selected: value === v.current }));
  return { kind: 'label-value', model: { ...model, query: v.values.join(','), options } };
}

/** Settings of a variable that is filled from the series of an expression. */
export interface ResultVariable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly expr: Vector<string>;
  /** Takes each series' line, `{label="value"} number time`, apart: groups `text` and `value`, or one group. */
  readonly regex: string;
  readonly sort?: VariableSort;
  readonly current?: { readonly text: string; readonly value: string };
  /** Never shown: computed for the queries, always anew. */
  readonly hidden?: boolean;
}

/** A variable filled with what an expression answers. */
function resultModel(v: ResultVariable): VariableModel {
  const query = `query_result(${v.expr})`;
  const builder = new QueryVariableBuilder(v.name)
    .label(v.label)
    .description(v.description)
    .datasource(datasource)
    .query({ qryType: 3, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .regex(v.regex)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(v.sort ?? VariableSort.Disabled);
  if (v.current) builder.current(v.current);
  if (v.hidden) builder.hide(VariableHide.HideVariable);
  return { ...plain(builder.build()), ...(v.hidden && { skipUrlSync: true }) };
}

/** A choice among series. Something that is not among them can be typed: a link may name what is older. */
export const resultVariable = (v: ResultVariable): VariableDefinition => ({
  kind: 'label-value',
  model: { ...resultModel(v), ...(!v.hidden && { allowCustomValue: true }) },
});

/** The number that an expression with one series answers, for places where PromQL takes only a number. */
export const numberVariable = (
  v: Omit<ResultVariable, 'regex' | 'hidden' | 'label'>,
): VariableDefinition => ({
  kind: 'number',
  model: resultModel({ ...v, label: v.name, regex: '/\\} (\\d+(?:\\.\\d+)?)/', hidden: true }),
});

/** The log store, where there is one. */
export const lokiVariable: VariableDefinition = {
  kind: 'datasource',
  model: new DatasourceVariableBuilder('loki')
    .label('Logs')
    .description(
      'The Loki that has the logs of the application. None is fine: only the panel of logs needs it.',
    )
    .type('loki')
    .build(),
};

/** The environment, with "All"; opens on the first that users are on. */
export const environmentVariable: VariableDefinition = labelVariable({
  name: 'environment',
  label: 'Environment',
  description: 'Where it was deployed to.',
  metric: 'recent_deployment:started_timestamp_seconds:min',
  of: 'environment',
  all: true,
  current: productionEnvironment,
});

/** Of the chosen environments the one that was deployed to last, for links to what can show only one. */
export const newestEnvironmentVariable: VariableDefinition = resultVariable({
  name: newestEnvironment,
  label: newestEnvironment,
  description: 'The environment, of those that are chosen, that was deployed to last.',
  expr: max(
    topk(
      1,
      lastOverTime(
        metric('recent_deployment:started_timestamp_seconds:min', { environment: variable('environment') }),
        // A time span may end after now.
        '20m',
      ),
    ),
    { by: ['environment'] },
  ),
  regex: '/environment="([^"]*)"/',
  hidden: true,
});
