import { fieldReducers, reduceField } from '@grafana/data';
import {
  defaultFieldConfig,
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type { VizLegendItem } from '@grafana/ui';
import { NoData } from '../app/NoData.tsx';
import { type BarData, barData } from './barData.ts';
import { Bars } from './barPlot.tsx';
import { WithLegend } from './paged.tsx';
import type { PanelKind, ViewProps } from './types.ts';

function legendItems({ series, colorField }: BarData, { legend }: Options): VizLegendItem[] {
  if (colorField) return [];
  const shown = series.filter(({ field }) => !field.config.custom?.hideFrom?.legend);
  return shown.map(({ name, field, color }) => ({
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

function BarChart(props: ViewProps<Options>) {
  const { options, frames, width, height, fieldConfig, theme } = props;
  const data = barData(frames, options, theme);
  if (!data) return <NoData fieldConfig={fieldConfig} />;
  return (
    <WithLegend width={width} height={height} options={options.legend} items={legendItems(data, options)}>
      {(w, h) => <Bars data={data} props={props} width={w} height={h} />}
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
