import { colorManipulator, formattedValueToString } from '@grafana/data';
import {
  defaultFieldConfig,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import { DataLinksContextMenu, getTextColorForAlphaBackground } from '@grafana/ui';
import type { Bar } from '../draw/bars.ts';
import type { BarPlot } from './barAxes.tsx';
import { type BarData, barColor } from './barData.ts';
import { measure } from './timeGrid.tsx';
import type { ViewProps } from './types.ts';

/** A bar in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

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
  readonly fill: string;
  readonly stacked: boolean;
  readonly plot: BarPlot;
  readonly props: ViewProps<Options>;
}

/** A bar's number: inside when bars are stacked, at its end otherwise; left out when it does not fit. */
function BarValue({ box, text, fill, stacked, plot, props }: ValueProps) {
  const { options, theme } = props;
  const { x, y, width, height } = box;
  if (options.showValue === 'never') return null;
  const always = options.showValue === 'always';
  const [wide, high] = [measure(text), 12];
  const common = { fontSize: 12, pointerEvents: 'none' as const, dominantBaseline: 'central' as const };
  if (stacked) {
    if (!always && (wide + 4 > width || high + 2 > height)) return null;
    const color = getTextColorForAlphaBackground(fill, theme.isDark);
    return (
      <text {...common} x={x + width / 2} y={y + height / 2} textAnchor="middle" fill={color}>
        {text}
      </text>
    );
  }
  const color = theme.colors.text.primary;
  if (plot.horizontal) {
    if (!always && high > height + 4) return null;
    return (
      <text {...common} x={x + width + 6} y={y + height / 2} fill={color}>
        {text}
      </text>
    );
  }
  if (!always && wide > width + 6) return null;
  return (
    <text {...common} x={x + width / 2} y={y - 9} textAnchor="middle" fill={color}>
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
  const color = barColor(data, bar.series, bar.category);
  const custom = { ...defaultFieldConfig, ...field?.config.custom };
  const fill = colorManipulator.alpha(color, custom.fillOpacity / 100);
  const box = boxOf(bar, plot);
  const text = barText(data, bar);
  const links = () => field?.getLinks?.({ valueRowIndex: bar.category }) ?? [];
  return (
    <DataLinksContextMenu links={links}>
      {({ triggerProps, targetClassName }) => (
        <g
          {...(triggerProps ?? { role: 'img' })}
          className={targetClassName}
          aria-label={`${data.names[bar.category]}, ${name}: ${text}`}
        >
          <rect
            {...box}
            rx={props.options.barRadius}
            fill={fill}
            stroke={color}
            strokeWidth={custom.lineWidth}
          />
          <BarValue {...{ box, text, fill, plot, props }} stacked={props.options.stacking !== 'none'} />
        </g>
      )}
    </DataLinksContextMenu>
  );
}
