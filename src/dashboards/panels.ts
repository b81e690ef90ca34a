import { PanelBuilder as BarChartBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as GaugeBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelDefinition } from './definition.ts';
import { definePanel, type Override, type PanelSpec } from './panel.ts';
import { plain } from './plain.ts';

const reduceTo = (calculation: 'lastNotNull' | 'sum'): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs([calculation]).values(false);
const last = (): ReduceDataOptionsBuilder => reduceTo('lastNotNull');
const legend = (show: boolean): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(show);
const tooltip = (): VizTooltipOptionsBuilder => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi);

/**
 * One large number per series: its last value, or the sum of its points. `named` writes the
 * legend on it, which Grafana does by itself only beside a second series.
 */
export const stat = (
  spec: PanelSpec & {
    readonly sparkline?: boolean;
    readonly named?: boolean;
    /** The column that is shown, of a query as a table; may be words. */
    readonly field?: string;
    readonly reducer?: 'lastNotNull' | 'sum';
  },
): PanelDefinition => {
  const builder = new StatBuilder()
    .graphMode(spec.sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(spec.named ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto)
    .reduceOptions(
      spec.field === undefined ? reduceTo(spec.reducer ?? 'lastNotNull') : last().fields(`/^${spec.field}$/`),
    );
  // Grafana makes the name as small as the value needs it.
  if (spec.named) builder.text(new VizTextDisplayOptionsBuilder().titleSize(13));
  return definePanel(builder, spec);
};

/** A dial with its thresholds marked on the rim. */
export const gauge = (spec: PanelSpec & { readonly min: number; readonly max: number }): PanelDefinition =>
  definePanel(
    new GaugeBuilder().showThresholdLabels(true).showThresholdMarkers(true).reduceOptions(last()),
    spec,
  );

/** Pixels of a bar with its name above it: less, and nothing would be left of the bar. More bars than fit are scrolled. */
const leastHeight = 30;

/**
 * Horizontal bars, one per series. Beside its bar a name may take two fifths of the panel's width, and Grafana cuts off
 * what is longer: long names stand above.
 */
export const barGauge = (spec: PanelSpec & { readonly nameAbove?: boolean }): PanelDefinition => {
  const builder = new BarGaugeBuilder()
    .displayMode(BarGaugeDisplayMode.Basic)
    // Small letters in the colour of their bar could not be read on white.
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(spec.nameAbove ? BarGaugeNamePlacement.Top : BarGaugeNamePlacement.Left)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(16))
    .orientation(VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(last());
  if (spec.nameAbove) builder.sizing(BarGaugeSizing.Manual).minVizHeight(leastHeight).maxVizHeight(60);
  return definePanel(builder, spec);
};

/** Lines over time; thresholds are drawn as dashed lines when `targetLine` is set. */
export const lines = (spec: PanelSpec & { readonly targetLine?: boolean }): PanelDefinition => {
  const builder = new TimeseriesBuilder()
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never)
    .legend(legend(true))
    .tooltip(tooltip());
  if (spec.targetLine)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return definePanel(builder, { colorBySeries: true, ...spec });
};

/** Bars over time, stacked. */
export const stackedBars = (spec: PanelSpec): PanelDefinition =>
  definePanel(
    new TimeseriesBuilder()
      .drawStyle(GraphDrawStyle.Bars)
      .lineWidth(1)
      .fillOpacity(80)
      .showPoints(VisibilityMode.Never)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
      .legend(legend(true))
      .tooltip(tooltip()),
    spec,
  );

/** How much of its colour an area has on which text stands, percent. */
export const pale = 25;

const valuesShown = (valued: boolean | undefined): VisibilityMode => {
  if (valued === undefined) return VisibilityMode.Auto;
  return valued ? VisibilityMode.Always : VisibilityMode.Never;
};

/** Bars by category. `xField` is the column that names them. */
export const barChart = (
  spec: PanelSpec & {
    readonly xField: string;
    readonly stacked?: boolean;
    /** Values on all bars, also where they hardly fit, or on none; without it, where there is room. */
    readonly valued?: boolean;
  },
): PanelDefinition =>
  definePanel(
    new BarChartBuilder()
      .xField(spec.xField)
      .orientation(VizOrientation.Horizontal)
      .stacking(spec.stacked ? StackingMode.Normal : StackingMode.None)
      .showValue(valuesShown(spec.valued))
      // A value is written on its bar: pale, with an edge, the bar lets it be read in both themes.
      .fillOpacity(spec.valued ? pale : 80)
      .lineWidth(1)
      .legend(legend(true))
      .tooltip(tooltip()),
    spec,
  );

/** A table, sorted by a column. */
export const tablePanel = (
  spec: PanelSpec & { readonly sortBy?: { readonly column: string; readonly descending?: boolean } },
): PanelDefinition => {
  const builder = new TableBuilder().showHeader(true);
  if (spec.sortBy)
    builder.sortBy([
      new TableSortByFieldStateBuilder()
        .displayName(spec.sortBy.column)
        .desc(spec.sortBy.descending ?? false),
    ]);
  return definePanel(builder, { ...spec, overrides: [emptyCell, ...(spec.overrides ?? [])] });
};

/** One line of a table, without title and headings. */
export const strip = (spec: Omit<PanelSpec, 'title'> & { readonly name: string }): PanelDefinition => ({
  ...definePanel(new TableBuilder().showHeader(false), { ...spec, title: '' }),
  name: spec.name,
});

/** The panel's text for no data is for an empty table; one empty cell of a full one says less. */
const emptyCell: Override = { name: '.*', regex: true, noData: '–' };

/** A hidden column that links need. Grafana 11 and 12 read the one setting, 13 the other. */
export const hiddenColumn = (name: string): Override => ({
  name,
  custom: { hidden: true, hideFrom: { viz: true, legend: false, tooltip: true } },
});

/** Words in Markdown; variables are filled in. */
export const text = (spec: {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height?: number;
  readonly content: string;
}): PanelDefinition => ({
  json: plain(
    new TextBuilder()
      .title(spec.title)
      .description(spec.description)
      .mode(TextMode.Markdown)
      .content(spec.content)
      .build(),
  ),
  width: spec.width,
  ...(spec.height !== undefined && { height: spec.height }),
});
