import { FieldType } from '@grafana/data';
import { defaultTableFieldOptions } from '@grafana/schema';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { TableNG } from '@grafana/ui/unstable';
import { NoData } from '../app/NoData.tsx';
import type { PanelKind, ViewProps } from './types.ts';

function TablePanel({ options, frames, width, height, range, fieldConfig, title }: ViewProps<Options>) {
  const frame = frames[options.frameIndex] ?? frames[0];
  if (!frame || frame.length === 0 || frame.fields.length === 0) return <NoData fieldConfig={fieldConfig} />;
  const nested = frame.fields.some((f) => f.type === FieldType.nestedFrames);
  return (
    <TableNG
      ariaLabel={title}
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      showTypeIcons={options.showTypeIcons}
      sortBy={options.sortBy}
      cellHeight={options.cellHeight}
      maxRowHeight={options.maxRowHeight}
      frozenColumns={options.frozenColumns?.left}
      enablePagination={options.enablePagination}
      pageSize={options.pageSize}
      timeRange={range}
      fieldConfig={fieldConfig}
      structureRev={1}
      enableVirtualization={!nested}
      resizable
    />
  );
}

/** A table with coloured cells, gauges and links. */
export const tablePanel: PanelKind<Options> = {
  options: defaultOptions,
  custom: defaultTableFieldOptions,
  padding: 'none',
  view: TablePanel,
};
