import { type Field, formattedValueToString, type GrafanaTheme2, getDisplayProcessor } from '@grafana/data';
import type { ReactNode } from 'react';
import { linear, niceEnd, niceTicks, type Scale } from '../draw/scale.ts';
import { fit, labelsWidth } from '../draw/text.ts';
import { measure } from './timeGrid.tsx';

/** Where a bar chart stands in its panel, and its two axes. */
export interface BarPlot {
  readonly horizontal: boolean;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Values to pixels: across when the bars lie, upwards when they stand. */
  readonly value: Scale;
  /** Share of the categories (0..1) to pixels. */
  readonly along: Scale;
  readonly ticks: readonly number[];
  readonly tickText: (value: number) => string;
  /** Room for a name: across for upright ones, along its slope for turned ones. */
  readonly nameRoom: number;
}

interface PlotInput {
  readonly width: number;
  readonly height: number;
  readonly horizontal: boolean;
  readonly names: readonly string[];
  readonly rotation: number;
  /** The field that says unit and limits. */
  readonly field: Field;
  readonly low: number;
  readonly high: number;
  readonly percent: boolean;
  readonly valuesShown: boolean;
  readonly theme: GrafanaTheme2;
  readonly timeZone: string;
}

const line = 20;

function domainOf({ field, low, high, percent }: PlotInput, about: number): [number, number] {
  const { min, max, custom } = field.config;
  const start = min ?? Math.min(0, low, custom?.axisSoftMin ?? 0);
  const reached = Math.max(high, custom?.axisSoftMax ?? high, 0);
  const end = max ?? (percent ? 1 : niceEnd(reached, about));
  return [start, end > start ? end : start + 1];
}

/** The values' axis with about so many ticks, two at least. */
function valueAxis(input: PlotInput, about: number): { domain: [number, number]; ticks: number[] } {
  const most = Math.max(2, Math.floor(about));
  const domain = domainOf(input, most);
  return { domain, ticks: niceTicks(...domain, most) };
}

const slopeOf = (rotation: number): number => Math.abs(Math.sin((rotation * Math.PI) / 180));

/** How much the names below standing bars take. */
function namesHeight({ names, rotation, height }: PlotInput): number {
  if (rotation === 0) return line;
  return Math.min(height * 0.45, labelsWidth(names, height, measure) * slopeOf(rotation) + line);
}

/** Plans a bar chart: room for the names, the values' axis and the numbers at the ends of bars. */
export function planBars(input: PlotInput): BarPlot {
  const { width, height, horizontal, names, field, percent, theme, timeZone, valuesShown } = input;
  const unit = percent ? { ...field.config, unit: 'percentunit', decimals: undefined } : field.config;
  const display = getDisplayProcessor({ field: { ...field, config: unit }, theme, timeZone });
  const tickText = (value: number): string => formattedValueToString(display(value));
  const hidden = field.config.custom?.axisPlacement === 'hidden';
  if (horizontal) {
    const left = labelsWidth(names, width * 0.4, measure) + 10;
    const right = width - (valuesShown ? 56 : 16);
    const bottom = height - (hidden ? 4 : line);
    const { domain, ticks } = valueAxis(input, (right - left) / 80);
    const along = linear([0, 1], [0, bottom]);
    const value = linear(domain, [left, right]);
    return { horizontal, left, right, top: 0, bottom, along, value, ticks, tickText, nameRoom: left - 10 };
  }
  const { domain, ticks } = valueAxis(input, height / 70);
  const left = hidden ? 4 : labelsWidth(ticks.map(tickText), width * 0.3, measure) + 10;
  const [right, top, bottom] = [width - 4, valuesShown ? 18 : 8, height - namesHeight(input)];
  const along = linear([0, 1], [left, right]);
  const value = linear(domain, [bottom, top]);
  const upright = (right - left) / names.length - 4;
  const turned = (height - bottom - line) / slopeOf(input.rotation);
  const nameRoom = input.rotation === 0 ? upright : turned;
  return { horizontal, left, right, top, bottom, along, value, ticks, tickText, nameRoom };
}

interface AxesProps {
  readonly plot: BarPlot;
  readonly names: readonly string[];
  readonly rotation: number;
  readonly theme: GrafanaTheme2;
  readonly hideValues: boolean;
}

function ValueAxis({ plot, theme, hideValues }: AxesProps): ReactNode {
  const { horizontal, left, right, top, bottom, value, ticks, tickText } = plot;
  return ticks.map((tick) => {
    const at = value(tick);
    const ends = horizontal
      ? { x1: at, x2: at, y1: top, y2: bottom }
      : { x1: left, x2: right, y1: at, y2: at };
    const place = horizontal
      ? { x: at, y: bottom + 14, textAnchor: 'middle' as const }
      : { x: left - 8, y: at, textAnchor: 'end' as const, dominantBaseline: 'central' as const };
    return (
      <g key={tick}>
        <line {...ends} stroke={theme.colors.border.weak} />
        {hideValues ? null : (
          <text {...place} fontSize={12} fill={theme.colors.text.secondary}>
            {tickText(tick)}
          </text>
        )}
      </g>
    );
  });
}

function NameAxis({ plot, names, rotation, theme }: AxesProps): ReactNode {
  const { horizontal, left, bottom, along, nameRoom } = plot;
  return names.map((name, i) => {
    const at = along((i + 0.5) / names.length);
    const turned = rotation !== 0 && !horizontal;
    const anchor = horizontal || (turned && rotation > 0) ? 'end' : turned ? 'start' : 'middle';
    const [x, y] = horizontal ? [left - 10, at] : [at, bottom + 14];
    const shown = fit(name, nameRoom, measure);
    return (
      <text
        key={i}
        x={x}
        y={y}
        textAnchor={anchor}
        dominantBaseline={horizontal ? 'central' : undefined}
        transform={turned ? `rotate(${-rotation} ${x} ${y})` : undefined}
        fontSize={12}
        fill={theme.colors.text.primary}
      >
        {shown}
        {shown === name ? null : <title>{name}</title>}
      </text>
    );
  });
}

/** Lines, numbers and names around the bars. */
export function BarAxes(props: AxesProps) {
  return (
    <>
      <ValueAxis {...props} />
      <NameAxis {...props} />
    </>
  );
}
