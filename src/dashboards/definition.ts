import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** One panel before it has an id and a place: what its function returns. */
export interface PanelDefinition {
  /** Grafana's panel, without `id` and `gridPos`. */
  readonly json: Panel;
  /** Source of its id, where it shows no title. */
  readonly name?: string;
  /** Columns of 24. */
  readonly width: number;
  /** Grid units of 30 px; the row's height when not given. */
  readonly height?: number;
}

/** A row of a dashboard: one file, one heading, panels from left to right. */
export interface RowDefinition {
  readonly title: string;
  /** Height of its panels in grid units of 30 px. */
  readonly height: number;
  readonly panels: readonly PanelDefinition[];
  readonly collapsed?: boolean;
  /** Name of a variable for each value of which the row is repeated. */
  readonly repeat?: string;
  /** The file that defines it (`import.meta.url`). */
  readonly source: string;
}
