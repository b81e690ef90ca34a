import type { Target } from './dashboard.ts';
import type { Labels, QueryResult } from './query.ts';

/** A column of a table of data, in the words of Grafana's data frames. */
export interface PlainField {
  readonly name: string;
  readonly type: 'time' | 'number' | 'string';
  readonly values: readonly (number | string | null)[];
  readonly labels?: Labels;
  readonly config?: {
    readonly displayNameFromDS?: string;
    readonly interval?: number;
    readonly filterable?: boolean;
  };
}

/** A data frame without Grafana's code around it. */
export interface PlainFrame {
  readonly refId: string;
  readonly name?: string;
  readonly type?: 'heatmap-rows';
  readonly fields: readonly PlainField[];
}

const timesOf = (result: Extract<QueryResult, { kind: 'range' }>, length: number): number[] =>
  Array.from({ length }, (_, i) => (result.start + i * result.step) * 1_000);

/** `name{label="value"}`, as Prometheus names a series. */
function seriesName({ __name__: name = '', ...labels }: Labels): string {
  const inner = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return inner.length > 0 || name === '' ? `${name}{${inner.join(', ')}}` : name;
}

/** A text such as `{{service}} {{stage}}`, of an annotation; a label that is not there is left as its name. */
export const legendText = (format: string, labels: Labels): string =>
  format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? name);

/** The same of a series: its names are made by Grafana's server, where a label that is not there is nothing. */
export const seriesLegend = (format: string, labels: Labels): string =>
  format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');

function displayName(target: Target, labels: Labels): string {
  const format = target.legendFormat;
  if (format && format !== '__auto') return seriesLegend(format, labels);
  const { __name__: name, ...others } = labels;
  const values = Object.entries(others);
  // One label that tells the series apart is the legend; Grafana's automatic legend does the same.
  if (format === '__auto' && values.length === 1) return values[0]?.[1] ?? '';
  return Object.keys(labels).length > 0
    ? seriesName({ ...(name && { __name__: name }), ...others })
    : target.expr;
}

interface Row {
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

function rowsOf(result: QueryResult, time: number): Row[] {
  if (result.kind === 'instant')
    return result.samples.map((s) => ({ labels: s.labels, times: [time], values: [s.value] }));
  if (result.kind !== 'range') return [];
  return result.series.map((s) => ({
    labels: s.labels,
    times: timesOf(result, s.values.length),
    values: s.values,
  }));
}

/** Only the steps at which a series has a value: Prometheus sends no others. */
function present(row: Row): Row {
  const kept = row.values.flatMap((value, i) => (value === null ? [] : [i]));
  return {
    labels: row.labels,
    times: kept.map((i) => row.times[i] as number),
    values: kept.map((i) => row.values[i] as number),
  };
}

function tableFrame(target: Target, rows: readonly Row[], severalTargets: boolean): PlainFrame {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.labels)))].sort();
  const cells = rows.flatMap((row) =>
    row.values.map((value, i) => ({ row, value, time: row.times[i] as number })),
  );
  return {
    refId: target.refId,
    fields: [
      { name: 'Time', type: 'time', values: cells.map((c) => c.time) },
      ...names.map(
        (name): PlainField => ({
          name,
          type: name === 'le' ? 'number' : 'string',
          config: { filterable: true },
          values: cells.map((c) => (name === 'le' ? Number(c.row.labels[name]) : (c.row.labels[name] ?? ''))),
        }),
      ),
      {
        name: severalTargets ? `Value #${target.refId}` : 'Value',
        type: 'number',
        values: cells.map((c) => c.value),
      },
    ],
  };
}

const bound = (labels: Labels): number =>
  labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);

/** Cumulative buckets as rows of their own counts, lowest bound first. */
function heatmapFrame(target: Target, rows: readonly Row[]): PlainFrame[] {
  const sorted = [...rows].sort((a, b) => bound(a.labels) - bound(b.labels));
  const times = [...new Set(sorted.flatMap((row) => present(row).times))].sort((a, b) => a - b);
  if (times.length === 0) return [];
  const dense = sorted.map((row) => {
    const at = new Map(row.times.map((time, i) => [time, row.values[i] ?? null]));
    return times.map((time) => at.get(time) ?? null);
  });
  const counts = dense.map((values, i) =>
    values.map((value, t) => (value === null ? null : Math.max(0, value - (dense[i - 1]?.[t] ?? 0)))),
  );
  const fields = sorted.map((row, i): PlainField => {
    const name = row.labels.le ?? displayName(target, row.labels);
    return {
      name,
      type: 'number',
      labels: row.labels,
      values: counts[i] ?? [],
      config: { displayNameFromDS: name },
    };
  });
  return [
    {
      refId: target.refId,
      type: 'heatmap-rows',
      fields: [{ name: 'Time', type: 'time', values: times }, ...fields],
    },
  ];
}

/**
 * A result in the form in which Grafana's Prometheus data source hands it to panels and transformations: a frame for
 * each series; for `table` one frame with a column for each label; for `heatmap` one frame with a column for each bucket.
 * @param time Unix milliseconds of an instant query
 */
export function toFrames(
  result: QueryResult,
  target: Target,
  { time, stepMs, severalTargets }: { time: number; stepMs: number; severalTargets: boolean },
): PlainFrame[] {
  const rows = rowsOf(result, time);
  if (target.format === 'table')
    return rows.length > 0 ? [tableFrame(target, rows.map(present), severalTargets)] : [];
  if (target.format === 'heatmap') return heatmapFrame(target, rows);
  return rows.map((row): PlainFrame => {
    const name = displayName(target, row.labels);
    const { times, values } = present(row);
    return {
      refId: target.refId,
      name,
      fields: [
        { name: 'Time', type: 'time', values: times, config: { interval: stepMs } },
        { name: 'Value', type: 'number', labels: row.labels, values, config: { displayNameFromDS: name } },
      ],
    };
  });
}
