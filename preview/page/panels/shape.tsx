import { colorManipulator, type LinkModel } from '@grafana/data';
import { DataLinksContextMenu, getTextColorForAlphaBackground } from '@grafana/ui';
import type { ReactNode } from 'react';

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a shape is painted. */
export interface Paint {
  readonly color: string;
  /** 0 to 100. */
  readonly opacity: number;
  readonly line: number;
  readonly radius?: number;
}

/** The colour that is really seen inside a shape. */
export const fillOf = ({ color, opacity }: Paint): string => colorManipulator.alpha(color, opacity / 100);

interface ShapeProps {
  readonly box: Box;
  readonly paint: Paint;
  /** Text for screen readers. */
  readonly label: string;
  readonly links: () => LinkModel[];
  readonly children?: ReactNode;
}

/** A painted rectangle that says what it is, and leads to its links by mouse and by keyboard. */
export function Shape({ box, paint, label, links, children }: ShapeProps) {
  return (
    <DataLinksContextMenu links={links}>
      {({ triggerProps, targetClassName }) => (
        <g {...(triggerProps ?? { role: 'img' })} className={targetClassName} aria-label={label}>
          <rect
            {...box}
            rx={paint.radius}
            fill={fillOf(paint)}
            stroke={paint.color}
            strokeWidth={paint.line}
          />
          {children}
        </g>
      )}
    </DataLinksContextMenu>
  );
}

interface InnerTextProps {
  readonly text: string;
  readonly box: Box;
  readonly paint: Paint;
  readonly align?: 'left' | 'center' | 'right';
  readonly isDark: boolean;
}

const padding = 4;

/** A text inside a shape, in a colour that can be read on it. */
export function InnerText({ text, box, paint, align = 'center', isDark }: InnerTextProps) {
  const { x, y, width, height } = box;
  const at = { left: x + padding, center: x + width / 2, right: x + width - padding }[align];
  const anchor = ({ left: 'start', center: 'middle', right: 'end' } as const)[align];
  return (
    <text
      x={at}
      y={y + height / 2}
      textAnchor={anchor}
      dominantBaseline="central"
      fontSize={12}
      fill={getTextColorForAlphaBackground(fillOf(paint), isDark)}
      pointerEvents="none"
    >
      {text}
    </text>
  );
}

/** Whether a value is written into its shape: always, never, or when it fits. */
export const isShown = (showValue: string, room: number, needed: number): boolean =>
  showValue === 'always' || (showValue === 'auto' && needed + 2 * padding <= room);
