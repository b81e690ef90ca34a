import { colorManipulator, fieldReducers, formattedValueToString, reduceField } from '@grafana/data';
import {
  defaultFieldConfig,
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import {
  DataLinksContextMenu,
  getTextColorForAlphaBackground,
  type VizLegendItem,
  VizTooltipColorIndicator,
} from '@grafana/ui';
import { useState } from 'react';
import { NoData } from '../app/NoData.tsx';
import { type Bar, type BarInput, barsOf } from '../draw/bars.ts';
import { BarAxes, type BarPlot, planBars } from './barAxes.tsx';
import { type BarData, barColor, barData } from './barData.ts';
import { type HoveredAt, HoverTooltip } from './hover.tsx';
import { WithLegend } from './paged.tsx';
import { measure } from './timeGrid.tsx';
import type { PanelKind, ViewProps } from './types.ts';

/** A bar in pixels. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(bar: Bar, { horizontal, along, value }: BarPlot): Box {
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

const textOf = ({ series }: BarData, { series: index, category }: Bar): string => {
  const field = series[index]?.field;
  const value: unknown = field?.values[category];
  return field?.display ? formattedValueToString(field.display(value)) : String(value);
};

function OneBar({ bar, data, plot, props }: BarProps) {
  const { field, name = '' } = data.series[bar.series] ?? {};
  const color = barColor(data, bar.series, bar.category);
  const custom = { ...defaultFieldConfig, ...field?.config.custom };
  const fill = colorManipulator.alpha(color, custom.fillOpacity / 100);
  const box = boxOf(bar, plot);
  const text = textOf(data, bar);
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

function legendItems({ series, colorField }: BarData, { legend }: Options): VizLegendItem[] {
  if (colorField) return [];
  return series.map(({ name, field, color }) => ({
    label: name,
    color,
    yAxis: 1,
    getDisplayValues: () => {
      const found = reduceField({ field, reducers: legend.calcs });
      return legend.calcs.map((calc) => {
        const value = found[calc] as number;
        const shown = field.display?.(value) ?? { numeric: value, text: String(value) };
        return { ...shown, title: fieldReducers.get(calc).name };
      });
    },
  }));
}

function isHorizontal({ options, width, height }: ViewProps<Options>): boolean {
  return options.orientation === 'auto' ? width < height : options.orientation === 'horizontal';
}

function Plot({
  data,
  props,
  width,
  height,
}: {
  data: BarData;
  props: ViewProps<Options>;
  width: number;
  height: number;
}) {
  const [hovered, setHovered] = useState<HoveredAt>();
  const { options, theme, timeZone, title } = props;
  const input: BarInput = {
    values: data.series.map(({ field }) => field.values as (number | null)[]),
    categories: data.names.length,
    stacking: options.stacking as BarInput['stacking'],
    groupWidth: options.groupWidth,
    barWidth: options.barWidth,
  };
  const bars = barsOf(input);
  const { field } = data.series[0]!;
  const rotation = options.xTickLabelRotation;
  const plot = planBars({
    ...{ width, height, names: data.names, rotation, field, theme, timeZone },
    horizontal: isHorizontal(props),
    low: Math.min(0, ...bars.map((bar) => bar.low)),
    high: Math.max(0, ...bars.map((bar) => bar.high)),
    percent: options.stacking === 'percent',
    valuesShown: options.showValue !== 'never' && options.stacking === 'none',
  });
  const onMove = (event: React.MouseEvent<SVGSVGElement>): void => {
    const area = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - area.left, event.clientY - area.top];
    const inside = ({ x, y, width: w, height: h }: Box) => px >= x && px <= x + w && py >= y && py <= y + h;
    const bar = bars.find((one) => inside(boxOf(one, plot)));
    if (!bar) return setHovered(undefined);
    const color = barColor(data, bar.series, bar.category);
    const item = {
      label: data.series[bar.series]?.name ?? '',
      value: textOf(data, bar),
      color,
      colorIndicator: VizTooltipColorIndicator.value,
    };
    setHovered({ title: data.names[bar.category] ?? '', items: [item], x: event.clientX, y: event.clientY });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the tooltip repeats what the labels of the bars say */}
      <svg
        className="preview-svg"
        width={width}
        height={height}
        onMouseMove={onMove}
        onMouseLeave={() => setHovered(undefined)}
      >
        <title>{title}</title>
        <BarAxes
          plot={plot}
          names={data.names}
          rotation={rotation}
          theme={theme}
          hideValues={field.config.custom?.axisPlacement === 'hidden'}
        />
        {bars.map((bar) => (
          <OneBar key={`${bar.series} ${bar.category}`} {...{ bar, data, plot, props }} />
        ))}
      </svg>
      <HoverTooltip hovered={hovered} />
    </>
  );
}

function BarChart(props: ViewProps<Options>) {
  const { options, frames, width, height, fieldConfig, theme } = props;
  const data = barData(frames, options, theme);
  if (!data) return <NoData fieldConfig={fieldConfig} />;
  return (
    <WithLegend width={width} height={height} options={options.legend} items={legendItems(data, options)}>
      {(w, h) => <Plot data={data} props={props} width={w} height={h} />}
    </WithLegend>
  );
}

/** Bars for categories: beside each other, stacked, or as shares of 100 %. */
export const barchart: PanelKind<Options> = {
  options: {
    ...defaultOptions,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  } as unknown as Partial<Options>,
  custom: defaultFieldConfig,
  standard: { color: { mode: 'palette-classic' } },
  approximate:
    'Bar chart drawn by the preview: lengths, colours and links are the data’s, the look of Grafana’s differs.',
  view: BarChart,
};
