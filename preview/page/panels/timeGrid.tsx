import { DashboardCursorSync, dateTimeFormat } from '@grafana/data';
import { measureText } from '@grafana/ui';
import { type ReactNode, useState } from 'react';
import { linear, type Scale, timeLabel, timeTicks } from '../draw/scale.ts';
import { fit, labelsWidth } from '../draw/text.ts';
import { type Hovered, type HoveredAt, HoverTooltip, shareTime, useSharedTime } from './hover.tsx';
import type { ViewProps } from './types.ts';

/** Where rows and times stand in pixels. */
export interface TimeGeometry {
  readonly x: Scale;
  readonly left: number;
  readonly right: number;
  /** Upper edge of a row, and the height of each. */
  readonly top: (row: number) => number;
  readonly band: number;
}

type View = Pick<
  ViewProps<unknown>,
  'width' | 'height' | 'range' | 'theme' | 'timeZone' | 'bus' | 'marks' | 'title' | 'sync'
>;

interface Props {
  readonly view: View;
  /** Rows from top to bottom. */
  readonly labels: readonly string[];
  /** Tooltip of a place. */
  readonly describe: (row: number, time: number) => Hovered | undefined;
  readonly children: (geometry: TimeGeometry) => ReactNode;
}

const fontSize = 12;
const axisHeight = 24;
const gap = 10;
export const measure = (text: string): number => measureText(text, fontSize).width;

function geometryOf({ width, height, range }: View, labels: readonly string[]): TimeGeometry {
  const left = labelsWidth(labels, width * 0.3, measure) + gap;
  // Half of a time's text stands outside the last line.
  const right = Math.max(left + 1, width - 18);
  const band = Math.max(1, (height - axisHeight) / Math.max(1, labels.length));
  const x = linear([range.from.valueOf(), range.to.valueOf()], [left, right]);
  return { x, left, right, band, top: (row) => row * band };
}

function TimeAxis({ view, geometry }: { view: View; geometry: TimeGeometry }) {
  const { theme, range, height } = view;
  const { x, left, right } = geometry;
  const { ticks, step } = timeTicks(range.from.valueOf(), range.to.valueOf(), (right - left) / 70);
  return ticks.map((time) => (
    <g key={time}>
      <line x1={x(time)} x2={x(time)} y1={0} y2={height - axisHeight} stroke={theme.colors.border.weak} />
      <text
        x={x(time)}
        y={height - 7}
        textAnchor="middle"
        fill={theme.colors.text.secondary}
        fontSize={fontSize}
      >
        {timeLabel(time, step)}
      </text>
    </g>
  ));
}

function RowLabels({
  view,
  labels,
  geometry,
}: {
  view: View;
  labels: readonly string[];
  geometry: TimeGeometry;
}) {
  const { left, top, band } = geometry;
  // Rows closer than a line of text show every second, third, … label.
  const every = Math.max(1, Math.ceil((fontSize + 2) / band));
  return labels.map((label, row) =>
    row % every === 0 ? (
      <text
        key={row}
        x={left - gap}
        y={top(row) + band / 2}
        dominantBaseline="central"
        textAnchor="end"
        fontSize={fontSize}
        fill={view.theme.colors.text.primary}
      >
        {fit(label, left - gap, measure)}
        <title>{label}</title>
      </text>
    ) : null,
  );
}

function MarkLines({ view, geometry }: { view: View; geometry: TimeGeometry }) {
  const bottom = view.height - axisHeight;
  return view.marks
    .filter((mark) => geometry.x(mark.start) >= geometry.left && geometry.x(mark.start) <= geometry.right)
    .map((mark) => {
      const x = geometry.x(mark.start);
      const color = view.theme.visualization.getColorByName(mark.color);
      return (
        <g key={`${mark.start} ${mark.title}`} stroke={color} fill={color}>
          <title>
            {[mark.title, mark.text, dateTimeFormat(mark.start, { timeZone: view.timeZone })].join('\n')}
          </title>
          <line x1={x} x2={x} y1={0} y2={bottom} strokeDasharray="5 5" />
          <path d={`M${x - 5} ${bottom + 5}h10l-5 -5z`} />
        </g>
      );
    });
}

/** The place under the mouse, which the other panels follow. */
function useHover({ view, labels, describe }: Omit<Props, 'children'>, geometry: TimeGeometry) {
  const [hovered, setHovered] = useState<HoveredAt>();
  const { left, right, band } = geometry;
  const [from, to] = [view.range.from.valueOf(), view.range.to.valueOf()];
  const onMouseMove = (event: React.MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const px = event.clientX - box.left;
    const row = Math.floor((event.clientY - box.top) / band);
    const inside = px >= left && px <= right && row >= 0 && row < labels.length;
    const time = from + ((px - left) / (right - left)) * (to - from);
    const found = inside ? describe(row, time) : undefined;
    setHovered(found && { ...found, x: event.clientX, y: event.clientY });
    shareTime(view.bus, inside ? time : undefined);
  };
  const onMouseLeave = (): void => {
    setHovered(undefined);
    shareTime(view.bus, undefined);
  };
  return { hovered, handlers: { onMouseMove, onMouseLeave } };
}

/** A line at the time at which the mouse stands in another panel. */
function Crosshair({ view, geometry }: { view: View; geometry: TimeGeometry }) {
  const time = useSharedTime(view.bus, view.sync !== DashboardCursorSync.Off);
  if (time === undefined) return null;
  const x = geometry.x(time);
  if (x < geometry.left || x > geometry.right) return null;
  return <line x1={x} x2={x} y1={0} y2={view.height - axisHeight} className="preview-crosshair" />;
}

/** Rows over time: names at the left, a time axis below, annotations, crosshair and a tooltip. */
export function TimeGrid({ children, ...props }: Props) {
  const { view, labels } = props;
  const geometry = geometryOf(view, labels);
  const { hovered, handlers } = useHover(props, geometry);
  return (
    <>
      <svg
        className="preview-svg"
        aria-label={view.title}
        width={view.width}
        height={view.height}
        {...handlers}
      >
        <TimeAxis view={view} geometry={geometry} />
        <RowLabels view={view} labels={labels} geometry={geometry} />
        {children(geometry)}
        <MarkLines view={view} geometry={geometry} />
        <Crosshair view={view} geometry={geometry} />
      </svg>
      <HoverTooltip hovered={hovered} />
    </>
  );
}
