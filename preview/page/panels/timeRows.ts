import {
  applyNullInsertThreshold,
  type DataFrame,
  type DisplayValue,
  dateTimeFormat,
  type Field,
  FieldType,
  formattedValueToString,
  type GrafanaTheme2,
  getDisplayProcessor,
  getFieldDisplayName,
} from '@grafana/data';
import { type VizLegendItem, VizTooltipColorIndicator } from '@grafana/ui';
import type { Hovered } from './hover.tsx';
import type { ViewProps } from './types.ts';

/** One row of a timeline: a field over the times of its frame. */
export interface TimeRow {
  readonly name: string;
  readonly field: Field;
  readonly times: readonly number[];
  readonly values: readonly unknown[];
  readonly display: (value: unknown) => DisplayValue;
}

type Source = Pick<ViewProps<unknown>, 'frames' | 'range' | 'theme' | 'timeZone'>;

function rowsOfFrame(frame: DataFrame, { frames, range, theme, timeZone }: Source): TimeRow[] {
  const filled = applyNullInsertThreshold({ frame, refFieldPseudoMax: range.to.valueOf() });
  const time = filled.fields.find((f) => f.type === FieldType.time);
  if (!time) return [];
  return filled.fields
    .filter((f) => f.type !== FieldType.time && !f.config.custom?.hideFrom?.viz)
    .map((field) => ({
      name: getFieldDisplayName(field, frame, frames),
      field,
      times: time.values as number[],
      values: field.values,
      display: field.display ?? getDisplayProcessor({ field, theme, timeZone }),
    }));
}

/** The rows of a timeline, in the order of the series. */
export const timeRows = (source: Source): TimeRow[] =>
  source.frames.flatMap((frame) => rowsOfFrame(frame, source));

/** Whether a mapping gives null a name, so that it is drawn and is no gap. */
export const showsNull = (field: Field): boolean =>
  field.config.mappings?.some((m) => m.type === 'special' && /null/.test(String(m.options.match))) ?? false;

/** The colour of a value; values without one are drawn in the theme's neutral colour. */
export const colorOf = (display: DisplayValue, theme: GrafanaTheme2): string =>
  display.color ?? theme.visualization.getColorByName('gray');

/** Each state once, with its colour. */
export function stateLegend(rows: readonly TimeRow[], theme: GrafanaTheme2): VizLegendItem[] {
  const states = new Map<string, string>();
  for (const row of rows)
    for (const value of row.values) {
      if (value === null || value === undefined) continue;
      const display = row.display(value);
      states.set(formattedValueToString(display), colorOf(display, theme));
    }
  return [...states].map(([label, color]) => ({ label, color, yAxis: 1 }));
}

/** The tooltip of a state. */
export function stateTooltip(
  row: TimeRow,
  value: unknown,
  from: number,
  to: number,
  timeZone: string,
  theme: GrafanaTheme2,
): Hovered {
  const display = row.display(value);
  const at = (time: number): string => dateTimeFormat(time, { timeZone });
  return {
    title: `${at(from)} – ${at(to)}`,
    items: [
      {
        label: row.name,
        value: formattedValueToString(display),
        color: colorOf(display, theme),
        colorIndicator: VizTooltipColorIndicator.value,
      },
    ],
  };
}
