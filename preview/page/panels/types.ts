import type {
  DashboardCursorSync,
  DataFrame,
  EventBus,
  FieldConfigSource,
  GrafanaTheme2,
  InterpolateFunction,
  TimeRange,
} from '@grafana/data';
import type { ReactNode } from 'react';
import type { Mark } from '../../../src/panels/index.ts';

/** Props of every panel. */
export interface ViewProps<Options> {
  readonly title: string;
  readonly frames: DataFrame[];
  readonly fieldConfig: FieldConfigSource;
  readonly options: Options;
  readonly width: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
  readonly timeZone: string;
  readonly range: TimeRange;
  readonly replace: InterpolateFunction;
  /** Annotations over the time axis. */
  readonly marks: readonly Mark[];
  readonly sync: DashboardCursorSync;
  readonly bus: EventBus;
  /** Shows another time range, after a selection with the mouse. */
  readonly onZoom: (from: number, to: number) => void;
}

/** A type of panel: its defaults as Grafana's plugin has them, and who draws it. */
export interface PanelKind<Options> {
  readonly options: Partial<Options>;
  /** Defaults of the field options below `custom`. */
  readonly custom?: object;
  /** Defaults of the standard field options. */
  readonly standard?: object;
  /** Said on the panel when the drawing is ours and not Grafana's: what may look different. */
  readonly approximate?: string;
  readonly padding?: 'none' | 'md';
  /** Draws without data too: text, and numbers that say themselves that there are none. */
  readonly drawsNoData?: boolean;
  readonly view: (props: ViewProps<Options>) => ReactNode;
}

/** A kind with its options hidden. */
export type AnyKind = Omit<PanelKind<unknown>, 'view'> & {
  readonly view: (props: ViewProps<never>) => ReactNode;
};
