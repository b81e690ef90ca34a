import {
  type DataFrame,
  type Field,
  FieldType,
  formattedValueToString,
  type GrafanaTheme2,
  getFieldDisplayName,
  getFieldSeriesColor,
  outerJoinDataFrames,
} from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';

/** Data of a bar chart: names along one axis, a field for each series. */
export interface BarData {
  readonly names: readonly string[];
  readonly series: readonly { readonly name: string; readonly field: Field; readonly color: string }[];
  /** The field whose values colour the bars, when there is one. */
  readonly colorField: Field | undefined;
}

const named = (frame: DataFrame, name: string | undefined): Field | undefined =>
  name === undefined || name === ''
    ? undefined
    : frame.fields.find((f) => f.name === name || getFieldDisplayName(f, frame) === name);

/** The categories and series in some frames; undefined when there is nothing to set along the axis. */
export function barData(
  frames: readonly DataFrame[],
  options: Options,
  theme: GrafanaTheme2,
): BarData | undefined {
  const frame = frames.length > 1 ? outerJoinDataFrames({ frames: [...frames] }) : frames[0];
  if (!frame || frame.length === 0) return undefined;
  const along =
    named(frame, options.xField) ??
    frame.fields.find((f) => f.type === FieldType.string) ??
    frame.fields.find((f) => f.type === FieldType.time);
  const fields = frame.fields.filter(
    (f) => f !== along && f.type === FieldType.number && !f.config.custom?.hideFrom?.viz,
  );
  if (!along || fields.length === 0) return undefined;
  const text = (value: unknown): string =>
    along.display ? formattedValueToString(along.display(value)) : String(value ?? '');
  return {
    names: along.values.map(text),
    // The palette starts at the first series, not at the first column.
    series: fields.map((field, i) => ({
      field,
      name: getFieldDisplayName(field, frame, [...frames]),
      color: getFieldSeriesColor({ ...field, state: { ...field.state, seriesIndex: i } }, theme).color,
    })),
    colorField: named(frame, options.colorByField),
  };
}

/** The colour of one bar: by another column, by its own value, or by its series. */
export function barColor({ series, colorField }: BarData, index: number, row: number): string {
  const one = series[index];
  if (colorField) return colorField.display?.(colorField.values[row]).color ?? one?.color ?? '';
  const mode = one?.field.config.color?.mode ?? '';
  const byValue = mode === 'thresholds' || mode.startsWith('continuous');
  return (byValue ? one?.field.display?.(one.field.values[row]).color : undefined) ?? one?.color ?? '';
}
