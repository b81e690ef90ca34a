import {
  and,
  lastOverTime,
  metric,
  type PerDeployment,
  perDeployment,
  type Range,
  type RecordedMetric,
  type RecordingRule,
  record,
  topk,
  type Vector,
} from '../../metrics/index.ts';

/** Columns that a list of deployments can have: each is a fact of the ledger. */
type Column<List extends string, M extends string = RecordedMetric> = M extends `${List}:${infer C}`
  ? `deployment:${C}` extends RecordedMetric
    ? C
    : never
  : never;

/**
 * The latest value of a fact of each deployment; once each, because an info may have been recorded twice with other
 * labels, and then the rule would give two series of one deployment.
 */
export function latestFact(column: string, range: Range): Vector<PerDeployment> {
  const latest = lastOverTime(metric(`deployment:${column}` as 'deployment:outcome:code'), range);
  return column.startsWith('info:') ? topk(1, latest, { by: perDeployment }) : latest;
}

/**
 * A list of deployments as a table: for those that are members, a series `<list>:<column>` of each column.
 * @param members one series for each deployment of the list
 * @param value of a column, of any deployments
 */
export const columnsOf = <List extends string, C extends Column<List>>(
  list: List,
  columns: readonly C[],
  members: Vector<string>,
  value: (column: C) => Vector<PerDeployment>,
): RecordingRule[] =>
  columns.map((column) =>
    record(
      `${list}:${column}` as 'recent_deployment:outcome:code',
      and(value(column), members, { on: perDeployment }),
    ),
  );
