import { applyNullInsertThreshold, type DataFrame, type Field, FieldType, nullToValue } from '@grafana/data';
import type { LegendPlacement, OptionsWithLegend, OptionsWithTooltip } from '@grafana/schema';
import { EventBusPlugin, TimeSeries, type UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect, useMemo } from 'react';
import { NoData } from '../app/NoData.tsx';
import { MarksPlugin } from './marks.tsx';
import { SeriesTooltip } from './tooltip.tsx';
import type { PanelKind, ViewProps } from './types.ts';

type Options = OptionsWithLegend & OptionsWithTooltip;

/** Gaps where samples are missing: done for each frame, or only the first of them would get its gaps. */
function withGaps(frames: readonly DataFrame[], from: number, to: number): DataFrame[] {
  return frames
    .filter((frame) => frame.fields.some((f) => f.type === FieldType.time))
    .map((frame) =>
      nullToValue(applyNullInsertThreshold({ frame, refFieldPseudoMin: from, refFieldPseudoMax: to })),
    );
}

/** Room for the second half of a time's text at the right end of the axis; without it the canvas cuts it off. */
function RightPadding({ config }: { config: UPlotConfigBuilder }) {
  useLayoutEffect(() => config.setPadding([null, 16, null, null]), [config]);
  return null;
}

const isNumber = (field: Field): boolean => field.type === FieldType.number;

function TimeSeriesPanel(props: ViewProps<Options>) {
  const { frames, options, width, height, range, timeZone, fieldConfig, marks, bus, theme, sync } = props;
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const drawn = useMemo(() => withGaps(frames, from, to), [frames, from, to]);
  // The plot is set up anew when its marks change.
  const redrawn = useMemo(() => ({ marks, sync }), [marks, sync]);
  if (!drawn.some((f) => f.fields.some(isNumber))) return <NoData fieldConfig={fieldConfig} />;
  const plugins = (config: UPlotConfigBuilder, aligned: DataFrame) => (
    <>
      <RightPadding config={config} />
      <EventBusPlugin config={config} eventBus={bus} frame={aligned} />
      <SeriesTooltip {...props} config={config} aligned={aligned} tooltip={options.tooltip} />
      <MarksPlugin config={config} marks={marks} theme={theme} />
    </>
  );
  return (
    <TimeSeries
      frames={drawn}
      width={width}
      height={height}
      timeRange={range}
      timeZone={timeZone}
      legend={options.legend}
      options={redrawn}
    >
      {plugins}
    </TimeSeries>
  );
}

const legend = { displayMode: 'list', placement: 'bottom' as LegendPlacement, showLegend: true, calcs: [] };
const tooltip = { mode: 'single', sort: 'none' };

/** Lines, bars and points over time. */
export const timeseries: PanelKind<Options> = {
  options: { legend, tooltip } as unknown as Options,
  standard: { color: { mode: 'palette-classic' } },
  custom: {
    drawStyle: 'line',
    lineInterpolation: 'linear',
    lineWidth: 1,
    lineStyle: { fill: 'solid' },
    fillOpacity: 0,
    gradientMode: 'none',
    barAlignment: 0,
    barWidthFactor: 0.6,
    stacking: { mode: 'none', group: 'A' },
    spanNulls: false,
    showPoints: 'auto',
    pointSize: 5,
    axisPlacement: 'auto',
    axisColorMode: 'text',
    axisBorderShow: false,
    axisCenteredZero: false,
    scaleDistribution: { type: 'linear' },
    thresholdsStyle: { mode: 'off' },
  },
  view: TimeSeriesPanel,
};
