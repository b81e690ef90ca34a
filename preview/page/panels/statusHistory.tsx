import { formattedValueToString } from '@grafana/data';
import {
  defaultFieldConfig,
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen';
import { NoData } from '../app/NoData.tsx';
import { Paged, WithLegend } from './paged.tsx';
import { type Box, InnerText, isShown, Shape } from './shape.tsx';
import { measure, type TimeGeometry, TimeGrid } from './timeGrid.tsx';
import { colorOf, showsNull, stateLegend, stateTooltip, type TimeRow, timeRows } from './timeRows.ts';
import type { PanelKind, ViewProps } from './types.ts';

/** The least distance between two points of any row: the width of a column in milliseconds. */
function columnMs(rows: readonly TimeRow[], rangeMs: number): number {
  const gaps = rows.flatMap(({ times }) => times.slice(1).map((time, i) => time - (times[i] ?? time)));
  const least = Math.min(...gaps.filter((gap) => gap > 0));
  return Number.isFinite(least) ? least : rangeMs / 20;
}

interface CellProps {
  readonly row: TimeRow;
  readonly index: number;
  readonly point: number;
  readonly column: number;
  readonly geometry: TimeGeometry;
  readonly props: ViewProps<Options>;
}

/** Where a point's cell stands: in the middle of its column, cut at the edges of the time range. */
function cellBox({ row, index, point, column, geometry, props }: CellProps): Box {
  const { colWidth = 0.9, rowHeight } = props.options;
  const time = row.times[point] ?? 0;
  const half = ((geometry.x(time + column) - geometry.x(time)) * colWidth) / 2;
  const x = Math.max(geometry.left, geometry.x(time) - half);
  const height = geometry.band * rowHeight;
  return {
    x,
    y: geometry.top(index) + (geometry.band - height) / 2,
    width: Math.max(1, Math.min(geometry.right, geometry.x(time) + half) - x),
    height,
  };
}

function Cell(own: CellProps) {
  const { row, point, props } = own;
  const { options, theme } = props;
  const display = row.display(row.values[point]);
  const text = formattedValueToString(display);
  const custom = { ...defaultFieldConfig, ...row.field.config.custom };
  const box = cellBox(own);
  const paint = { color: colorOf(display, theme), opacity: custom.fillOpacity, line: custom.lineWidth };
  const links = () => row.field.getLinks?.({ valueRowIndex: point }) ?? [];
  return (
    <Shape {...{ box, paint, links }} label={`${row.name}: ${text}`}>
      {isShown(options.showValue, box.width, measure(text)) ? (
        <InnerText {...{ text, box, paint }} isDark={theme.isDark} />
      ) : null}
    </Shape>
  );
}

function Rows({
  rows,
  props,
  width,
  height,
}: {
  rows: readonly TimeRow[];
  props: ViewProps<Options>;
  width: number;
  height: number;
}) {
  const { timeZone, theme, range } = props;
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const column = columnMs(rows, to - from);
  const drawn = (row: TimeRow, point: number): boolean => {
    const time = row.times[point] ?? 0;
    const known = row.values[point] !== null && row.values[point] !== undefined;
    return time >= from && time <= to && (known || showsNull(row.field));
  };
  const describe = (index: number, at: number) => {
    const row = rows[index];
    const point = row?.times.findIndex((time, i) => Math.abs(time - at) <= column / 2 && drawn(row, i)) ?? -1;
    if (!row || point < 0) return undefined;
    const time = row.times[point] ?? 0;
    return stateTooltip(row, row.values[point], time, time + column, timeZone, theme);
  };
  return (
    <TimeGrid view={{ ...props, width, height }} labels={rows.map((row) => row.name)} describe={describe}>
      {(geometry) =>
        rows.map((row, index) =>
          row.times.map((time, point) =>
            drawn(row, point) ? (
              <Cell key={`${index} ${time}`} {...{ row, index, point, column, geometry, props }} />
            ) : null,
          ),
        )
      }
    </TimeGrid>
  );
}

function StatusHistory(props: ViewProps<Options>) {
  const { options, width, height, fieldConfig, theme } = props;
  const rows = timeRows(props);
  if (rows.length === 0) return <NoData fieldConfig={fieldConfig} />;
  return (
    <WithLegend width={width} height={height} options={options.legend} items={stateLegend(rows, theme)}>
      {(w, h) => (
        <Paged rows={rows} perPage={options.perPage ?? 20} height={h}>
          {(page, rest) => <Rows rows={page} props={props} width={w} height={rest} />}
        </Paged>
      )}
    </WithLegend>
  );
}

/** A cell for each point in time, one row for each series. */
export const statusHistory: PanelKind<Options> = {
  options: {
    ...defaultOptions,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  } as unknown as Partial<Options>,
  custom: defaultFieldConfig,
  standard: { color: { mode: 'thresholds' } },
  approximate:
    'Status history drawn by the preview: cells and colours are the data’s, the look of Grafana’s differs.',
  view: StatusHistory,
};
