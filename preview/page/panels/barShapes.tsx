import { formattedValueToString } from '@grafana/data';
import {
  defaultFieldConfig,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type { Bar } from '../draw/bars.ts';
import type { BarPlot } from './barAxes.tsx';
import { type BarData, barColor } from './barData.ts';
import { type Box, InnerText, isShown, type Paint, Shape } from './shape.tsx';
import { measure } from './timeGrid.tsx';
import type { ViewProps } from './types.ts';

/** Where a bar stands. */
export function boxOf(bar: Bar, { horizontal, along, value }: BarPlot): Box {
  const [a, b] = [along(bar.start), along(bar.start + bar.size)];
  const [low, high] = [value(bar.low), value(bar.high)];
  return horizontal
    ? { x: low, y: a, width: Math.max(0, high - low), height: b - a }
    : { x: a, y: high, width: b - a, height: Math.max(0, low - high) };
}

interface ValueProps {
  readonly box: Box;
  readonly text: string;
  readonly paint: Paint;
  readonly plot: BarPlot;
  readonly props: ViewProps<Options>;
}

const lineHeight = 12;

/** A bar's number: inside when bars are stacked, at its end otherwise; left out when it does not fit. */
function BarValue({ box, text, paint, plot, props }: ValueProps) {
  const { options, theme } = props;
  const { x, y, width, height } = box;
  const always = options.showValue === 'always';
  if (options.showValue === 'never') return null;
  if (options.stacking !== 'none') {
    const fits = height >= lineHeight + 2 && isShown('auto', width + 4, measure(text));
    return always || fits ? <InnerText {...{ text, box, paint }} isDark={theme.isDark} /> : null;
  }
  const fits = plot.horizontal ? height >= lineHeight - 4 : measure(text) <= width + 6;
  if (!always && !fits) return null;
  const place = plot.horizontal
    ? { x: x + width + 6, y: y + height / 2 }
    : { x: x + width / 2, y: y - 9, textAnchor: 'middle' as const };
  return (
    <text
      {...place}
      fontSize={12}
      dominantBaseline="central"
      pointerEvents="none"
      fill={theme.colors.text.primary}
    >
      {text}
    </text>
  );
}

interface BarProps {
  readonly bar: Bar;
  readonly data: BarData;
  readonly plot: BarPlot;
  readonly props: ViewProps<Options>;
}

/** A bar’s value as its unit writes it. */
export const barText = ({ series }: BarData, { series: index, category }: Bar): string => {
  const field = series[index]?.field;
  const value: unknown = field?.values[category];
  return field?.display ? formattedValueToString(field.display(value)) : String(value);
};

/** One bar with its number and its links. */
export function OneBar({ bar, data, plot, props }: BarProps) {
  const { field, name = '' } = data.series[bar.series] ?? {};
  const custom = { ...defaultFieldConfig, ...field?.config.custom };
  const color = barColor(data, bar.series, bar.category);
  const paint = {
    color,
    opacity: custom.fillOpacity,
    line: custom.lineWidth,
    radius: props.options.barRadius,
  };
  const box = boxOf(bar, plot);
  const text = barText(data, bar);
  const links = () => field?.getLinks?.({ valueRowIndex: bar.category }) ?? [];
  return (
    <Shape {...{ box, paint, links }} label={`${data.names[bar.category]}, ${name}: ${text}`}>
      <BarValue {...{ box, text, paint, plot, props }} />
    </Shape>
  );
}
