import {
  HeatmapCellLayout,
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { PanelDefinition } from './definition.ts';
import { definePanel, type PanelSpec } from './panel.ts';
import { pale } from './panels.ts';
import type { GrafanaUnit } from './style.ts';

/** Rows of one page of a timeline; all of them, for anything that is still readable. */
const rowsPerPage = 40;

/** One row per series, a bar as long as a value lasts, coloured and named by the value's mapping. */
export const stateTimeline = (spec: PanelSpec & { readonly legend?: boolean }): PanelDefinition =>
  definePanel(
    new StateTimelineBuilder()
      .mergeValues(true)
      .showValue(VisibilityMode.Auto)
      .alignValue(TimelineValueAlignment.Left)
      .rowHeight(0.8)
      .fillOpacity(pale)
      .lineWidth(1)
      .spanNulls(false)
      .perPage(rowsPerPage)
      .legend(
        new VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(spec.legend ?? true),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single)),
    spec,
  );

/** How often each bucket was hit over time; the query's format is `heatmap`, its label `le`. */
export const heatmap = (spec: PanelSpec & { readonly bucketUnit: GrafanaUnit }): PanelDefinition =>
  definePanel(
    new HeatmapBuilder()
      .calculate(false)
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .steps(64)
          .exponent(0.5),
      )
      .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
      .yAxis(new YAxisConfigBuilder().unit(spec.bucketUnit))
      .cellGap(2)
      .showLegend(),
    spec,
  );
