import type { Field } from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import { VizTooltipColorIndicator } from '@grafana/ui';
import { useState } from 'react';
import { type Bar, type BarInput, barsOf } from '../draw/bars.ts';
import { BarAxes, type BarPlot, planBars } from './barAxes.tsx';
import { type BarData, barColor } from './barData.ts';
import { barText, boxOf, OneBar } from './barShapes.tsx';
import { type Hovered, type HoveredAt, HoverTooltip } from './hover.tsx';
import type { ViewProps } from './types.ts';

const isHidden = (field: Field): boolean => field.config.custom?.axisPlacement === 'hidden';
/** The first field that has an axis: it says unit and limits. */
const axisField = ({ series }: BarData): Field =>
  (series.find(({ field }) => !isHidden(field)) ?? series[0]!).field;

interface Props {
  readonly data: BarData;
  readonly props: ViewProps<Options>;
  readonly width: number;
  readonly height: number;
}

function barInput({ names, series }: BarData, { stacking, groupWidth, barWidth }: Options): BarInput {
  return {
    values: series.map(({ field }) => field.values as (number | null)[]),
    categories: names.length,
    stacking: stacking as BarInput['stacking'],
    groupWidth,
    barWidth,
  };
}

function plan(bars: readonly Bar[], { data, props, width, height }: Props): BarPlot {
  const { options, theme, timeZone } = props;
  const { orientation, stacking, showValue } = options;
  return planBars({
    ...{ width, height, theme, timeZone },
    names: data.names,
    rotation: options.xTickLabelRotation,
    field: axisField(data),
    horizontal: orientation === 'auto' ? width < height : orientation === 'horizontal',
    low: Math.min(0, ...bars.map((bar) => bar.low)),
    high: Math.max(0, ...bars.map((bar) => bar.high)),
    percent: stacking === 'percent',
    valuesShown: showValue !== 'never' && stacking === 'none',
  });
}

function describe(data: BarData, bar: Bar): Hovered {
  const item = {
    label: data.series[bar.series]?.name ?? '',
    value: barText(data, bar),
    color: barColor(data, bar.series, bar.category),
    colorIndicator: VizTooltipColorIndicator.value,
  };
  return { title: data.names[bar.category] ?? '', items: [item] };
}

/** Bars with their axes and a tooltip. */
export function Bars(own: Props) {
  const { data, props, width, height } = own;
  const { options, theme, title } = props;
  const [hovered, setHovered] = useState<HoveredAt>();
  const bars = barsOf(barInput(data, options));
  const plot = plan(bars, own);
  const onMove = (event: React.MouseEvent<SVGSVGElement>): void => {
    const area = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - area.left, event.clientY - area.top];
    const under = bars.find((bar) => {
      const { x, y, width: w, height: h } = boxOf(bar, plot);
      return px >= x && px <= x + w && py >= y && py <= y + h;
    });
    setHovered(under && { ...describe(data, under), x: event.clientX, y: event.clientY });
  };
  return (
    <>
      <svg
        className="preview-svg"
        aria-label={title}
        width={width}
        height={height}
        onMouseMove={onMove}
        onMouseLeave={() => setHovered(undefined)}
      >
        <BarAxes
          plot={plot}
          names={data.names}
          rotation={options.xTickLabelRotation}
          theme={theme}
          hideValues={isHidden(axisField(data))}
        />
        {bars.map((bar) => (
          <OneBar key={`${bar.series} ${bar.category}`} {...{ bar, data, plot, props }} />
        ))}
      </svg>
      <HoverTooltip hovered={hovered} />
    </>
  );
}
