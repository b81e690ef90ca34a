import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from '@grafana/grafana-foundation-sdk/prometheus';
import type { Vector } from '../metrics/index.ts';

/** The data source of every query: a variable of the dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' } as const;

/** How a query is asked and shown. */
export interface QueryOptions {
  /** Legend, with `{{label}}` for a label's value. */
  readonly legend?: string;
  /** Least step between two points, such as `1d`. */
  readonly interval?: string;
  /** Grafana's reference; A, B, C… when not given. */
  readonly refId?: string;
}

/** A query: `range` over the time span, `instant` at its end, `table` at its end with labels as columns, `heatmap` by `le`. */
export interface Query extends QueryOptions {
  readonly kind: 'range' | 'instant' | 'table' | 'rangeTable' | 'heatmap';
  readonly expr: Vector<string>;
}

/** Over the time span: a line. */
export const range = (expr: Vector<string>, o: QueryOptions = {}): Query => ({ ...o, kind: 'range', expr });
/** At the end of the time span: one value per series. */
export const instant = (expr: Vector<string>, o: QueryOptions = {}): Query => ({
  ...o,
  kind: 'instant',
  expr,
});
/** At the end of the time span, labels as columns. */
export const table = (expr: Vector<string>, o: QueryOptions = {}): Query => ({ ...o, kind: 'table', expr });

/** Over the time span: cumulative buckets, told apart by the label `le`. */
export const heatmapRange = (expr: Vector<string>, o: QueryOptions = {}): Query => ({
  legend: '{{le}}',
  ...o,
  kind: 'heatmap',
  expr,
});

const formats: Readonly<Record<Query['kind'], PromQueryFormat>> = {
  range: PromQueryFormat.TimeSeries,
  instant: PromQueryFormat.TimeSeries,
  table: PromQueryFormat.Table,
  rangeTable: PromQueryFormat.Table,
  heatmap: PromQueryFormat.Heatmap,
};
const overTime: readonly Query['kind'][] = ['range', 'rangeTable', 'heatmap'];

/** The query as Grafana has it. @param index its place in the panel, for the reference */
export function target(query: Query, index: number): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .datasource(datasource)
    .editorMode(QueryEditorMode.Code)
    .refId(query.refId ?? String.fromCharCode(65 + index))
    .expr(query.expr.text)
    .legendFormat(query.legend ?? '__auto')
    .format(formats[query.kind]);
  if (query.interval) builder.interval(query.interval);
  return overTime.includes(query.kind) ? builder.range() : builder.instant();
}
