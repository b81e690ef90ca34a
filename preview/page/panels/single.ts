import { type FieldDisplay, getFieldDisplayValues } from '@grafana/data';
import type { SingleStatBaseOptions } from '@grafana/schema';
import type { ViewProps } from './types.ts';

/** Defaults that stat, gauge and bar gauge share. */
export const singleDefaults = {
  reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
  orientation: 'auto',
  text: {},
} as unknown as SingleStatBaseOptions;

/** One display value for each series (or row), reduced, coloured and formatted by Grafana's code. */
export function displayValues(
  props: ViewProps<SingleStatBaseOptions>,
  extras: { sparkline?: boolean; percentChange?: boolean } = {},
): FieldDisplay[] {
  const { fieldConfig, options, replace, theme, frames, timeZone, range } = props;
  return getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options.reduceOptions,
    replaceVariables: replace,
    theme,
    data: frames,
    timeZone,
    ...extras,
  }).map((value) =>
    value.sparkline ? { ...value, sparkline: { ...value.sparkline, timeRange: range } } : value,
  );
}
