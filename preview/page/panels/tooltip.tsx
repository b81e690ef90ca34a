import { DashboardCursorSync, type DataFrame, dateTimeFormat, type Field, FieldType } from '@grafana/data';
import { SortOrder, TooltipDisplayMode, type VizTooltipOptions } from '@grafana/schema';
import {
  getFieldDisplayItems,
  getFieldDisplayLinks,
  TooltipPlugin2,
  type UPlotConfigBuilder,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@grafana/ui';
import type { ViewProps } from './types.ts';

/** Numbers of Grafana's hover modes; the enum itself is not published. */
const hoverModes = { one: 0, all: 1 } as const;

interface Props extends Pick<ViewProps<unknown>, 'timeZone' | 'sync' | 'onZoom'> {
  readonly config: UPlotConfigBuilder;
  readonly aligned: DataFrame;
  readonly tooltip: VizTooltipOptions;
}

const linksOf = (field: Field | undefined, row: number) => (field ? getFieldDisplayLinks(field, row) : []);

/** Values under the mouse; a click pins them, with their links; dragging chooses a time range. */
export function SeriesTooltip({ config, aligned, tooltip, timeZone, sync, onZoom }: Props) {
  if (tooltip.mode === TooltipDisplayMode.None && sync === DashboardCursorSync.Off) return null;
  const [x] = aligned.fields;
  if (!x || x.type !== FieldType.time) return null;
  return (
    <TooltipPlugin2
      config={config}
      hoverMode={tooltip.mode === TooltipDisplayMode.Multi ? hoverModes.all : hoverModes.one}
      syncMode={sync}
      syncScope="__global_"
      queryZoom={({ from, to }) => onZoom(Math.round(from), Math.round(to))}
      getDataLinks={(series, row) => linksOf(aligned.fields[series], row)}
      render={(_, rows, series, isPinned, _dismiss, _range, viaSync, links) => {
        if (viaSync && tooltip.mode === TooltipDisplayMode.None) return null;
        const row = rows.find((index) => index !== null && index !== undefined);
        const mode = viaSync ? TooltipDisplayMode.Multi : tooltip.mode;
        const shown = (field: Field): boolean => !field.config.custom?.hideFrom?.tooltip;
        const items = getFieldDisplayItems(
          aligned.fields,
          x,
          rows,
          series,
          mode,
          tooltip.sort ?? SortOrder.None,
          shown,
          tooltip.hideZeros,
        );
        const time = row === undefined ? '' : dateTimeFormat(x.values[row as number], { timeZone });
        return (
          <VizTooltipWrapper>
            <VizTooltipHeader item={{ label: '', value: time }} isPinned={isPinned} />
            <VizTooltipContent items={items} isPinned={isPinned} />
            {links.length > 0 ? <VizTooltipFooter dataLinks={links} /> : null}
          </VizTooltipWrapper>
        );
      }}
      maxWidth={tooltip.maxWidth}
    />
  );
}
