import { dateTimeFormat, formattedValueToString } from '@grafana/data';
import {
  defaultFieldConfig,
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import { NoData } from '../app/NoData.tsx';
import { type Span, spansOf } from '../draw/spans.ts';
import { Paged, WithLegend } from './paged.tsx';
import { InnerText, isShown, Shape } from './shape.tsx';
import { measure, type TimeGeometry, TimeGrid } from './timeGrid.tsx';
import { colorOf, showsNull, stateLegend, stateTooltip, type TimeRow, timeRows } from './timeRows.ts';
import type { PanelKind, ViewProps } from './types.ts';

type Spans = readonly Span<unknown>[];

function spansOfRow(row: TimeRow, { options, range }: ViewProps<Options>): Spans {
  const look = (value: unknown): string => {
    const display = row.display(value);
    return `${formattedValueToString(display)} ${display.color}`;
  };
  return spansOf<unknown>(row, {
    end: range.to.valueOf(),
    merge: options.mergeValues !== false,
    alike: (a, b) => a === b || look(a) === look(b),
    showsNull: showsNull(row.field),
  });
}

interface BarProps {
  readonly row: TimeRow;
  readonly span: Span<unknown>;
  readonly index: number;
  readonly geometry: TimeGeometry;
  readonly props: ViewProps<Options>;
}

function Bar({ row, span, index, geometry, props }: BarProps) {
  const { options, theme, timeZone } = props;
  const display = row.display(span.value);
  const text = formattedValueToString(display);
  const custom = { ...defaultFieldConfig, ...row.field.config.custom };
  const x = Math.max(geometry.left, geometry.x(span.from));
  // A stage of a second is still to be seen.
  const width = Math.max(1.5, Math.min(geometry.right, geometry.x(span.to)) - x);
  const height = geometry.band * options.rowHeight;
  const box = { x, y: geometry.top(index) + (geometry.band - height) / 2, width, height };
  const paint = { color: colorOf(display, theme), opacity: custom.fillOpacity, line: custom.lineWidth };
  const time = (at: number): string => dateTimeFormat(at, { timeZone });
  const label = `${row.name}: ${text}, ${time(span.from)} to ${time(span.to)}`;
  const links = () => row.field.getLinks?.({ valueRowIndex: span.index }) ?? [];
  return (
    <Shape {...{ box, paint, label, links }}>
      {isShown(options.showValue, width, measure(text)) ? (
        <InnerText {...{ text, box, paint }} align={options.alignValue ?? 'left'} isDark={theme.isDark} />
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
  const { timeZone, theme } = props;
  const spans = rows.map((row) => spansOfRow(row, props));
  const describe = (index: number, time: number) => {
    const span = spans[index]?.find((s) => s.from <= time && time < s.to);
    const row = rows[index];
    return span && row && stateTooltip(row, span.value, span.from, span.to, timeZone, theme);
  };
  return (
    <TimeGrid view={{ ...props, width, height }} labels={rows.map((row) => row.name)} describe={describe}>
      {(geometry) =>
        rows.map((row, index) =>
          spans[index]?.map((span) => (
            <Bar key={`${index} ${span.from}`} {...{ row, span, index, geometry, props }} />
          )),
        )
      }
    </TimeGrid>
  );
}

function StateTimeline(props: ViewProps<Options>) {
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

/** States over time, one row for each series. */
export const stateTimeline: PanelKind<Options> = {
  options: {
    ...defaultOptions,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  } as unknown as Partial<Options>,
  custom: defaultFieldConfig,
  standard: { color: { mode: 'continuous-GrYlRd' } },
  approximate:
    'State timeline drawn by the preview: the bars, colours and links are the data’s, the look of Grafana’s differs.',
  view: StateTimeline,
};
