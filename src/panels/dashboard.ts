import type { Values } from './interpolate.ts';

/** The part of Grafana's classic dashboard JSON (schemaVersion 42) that the preview draws. */

/** A place on the grid: 24 columns, rows of 30 px. */
export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** One Prometheus query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
  /** Smallest step, as a duration or a variable. */
  readonly interval?: string;
  readonly hide?: boolean;
  readonly datasource?: DataSource;
}

/** Whom a query asks: a data source, or a variable that names one. */
export interface DataSource {
  readonly type?: string;
  readonly uid?: string;
}

/** One step of a panel's transformations, as Grafana's own registry takes it. */
export interface Transformation {
  readonly id: string;
  readonly options: unknown;
  readonly disabled?: boolean;
}

/** A link of a panel or a dashboard. */
export interface Link {
  readonly title: string;
  readonly url?: string;
  readonly type?: string;
  readonly tags?: readonly string[];
  readonly targetBlank?: boolean;
  readonly includeVars?: boolean;
  readonly keepTime?: boolean;
  readonly tooltip?: string;
}

/** A panel, or a row when `type` is `row`. Options and field config stay as they are: Grafana's code reads them. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: GridPos;
  readonly targets?: readonly Target[];
  readonly transformations?: readonly Transformation[];
  readonly fieldConfig?: unknown;
  readonly options?: unknown;
  readonly links?: readonly Link[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly timeFrom?: string;
  /** Name of a variable: the panel (or the row with all that is in it) stands there once for each of its values. */
  readonly repeat?: string;
  readonly repeatDirection?: string;
  readonly maxPerRow?: number;
  readonly datasource?: DataSource;
  readonly transparent?: boolean;
  /** Rows only: closed at first, and then the panels are in here. */
  readonly collapsed?: boolean;
  readonly panels?: readonly Panel[];
  /** Of a repeated panel: which copy it is (0 for the first), and its own values of variables. Not part of the JSON. */
  readonly copy?: number;
  readonly scope?: Values;
}

/** A template variable. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  /** 0 shown, 1 without its label, 2 hidden. */
  readonly hide?: number;
  readonly query?: unknown;
  readonly definition?: string;
  readonly regex?: string;
  readonly sort?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  readonly allowCustomValue?: boolean;
  readonly current?: { readonly text?: unknown; readonly value?: unknown };
  readonly options?: readonly { readonly text?: unknown; readonly value?: unknown }[];
  readonly auto?: boolean;
  readonly auto_count?: number;
  readonly auto_min?: string;
}

/** A query whose results are drawn as marks over the time axis of every panel. */
export interface Annotation {
  readonly name: string;
  readonly enable?: boolean;
  readonly hide?: boolean;
  readonly iconColor?: string;
  readonly builtIn?: number;
  readonly datasource?: { readonly type?: string };
  readonly target?: { readonly expr?: string; readonly interval?: string };
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly tagKeys?: string;
  readonly useValueForTime?: boolean | string;
}

/** A classic dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating?: { readonly list?: readonly Variable[] };
  readonly annotations?: { readonly list?: readonly Annotation[] };
  readonly links?: readonly Link[];
  readonly time?: { readonly from: string; readonly to: string };
  readonly timezone?: string;
  readonly refresh?: string;
  readonly graphTooltip?: number;
}

/** A dashboard as it is read here, or of the Foundation SDK's builders, whose types are wider. */
export type AnyDashboard = Dashboard | { readonly uid?: string; readonly title?: string };

/** A dashboard of either type as it is read here. */
export const readable = (dashboard: AnyDashboard): Dashboard => ({
  uid: '',
  title: '',
  panels: [],
  ...dashboard,
});

/** Every panel that can show data, also those inside closed rows, from top to bottom. */
export const dataPanels = (dashboard: AnyDashboard): Panel[] =>
  readable(dashboard).panels.flatMap((panel) => (panel.type === 'row' ? [...(panel.panels ?? [])] : [panel]));

/** A panel's id; copies of a repeated panel have one of their own. */
export const panelKey = ({ id, copy = 0 }: Panel): string => (copy === 0 ? String(id) : `${id}-${copy}`);

/** Whether Prometheus answers a query; others (Loki, for one) are beyond the preview. */
export function asksPrometheus(panel: Panel, target: Target): boolean {
  const type = target.datasource?.type ?? panel.datasource?.type ?? 'prometheus';
  return type === 'prometheus';
}

/** The variables of a dashboard in their order. */
export const variablesOf = (dashboard: Dashboard): readonly Variable[] => dashboard.templating?.list ?? [];

/** The annotation queries that Prometheus answers (Grafana's own built-in one needs a Grafana). */
export const annotationsOf = (dashboard: Dashboard): Annotation[] =>
  (dashboard.annotations?.list ?? []).filter(
    (a) => a.enable !== false && a.builtIn !== 1 && a.target?.expr !== undefined,
  );

/**
 * Reads a dashboard file.
 * @throws Error saying in words what is missing, when it is no classic dashboard
 */
export function parseDashboard(text: string): Dashboard {
  const value = JSON.parse(text) as Partial<Dashboard> | null;
  if (typeof value !== 'object' || value === null) throw new Error('it is no JSON object');
  if (typeof value.uid !== 'string' || value.uid === '') throw new Error('it has no uid');
  if (!Array.isArray(value.panels)) throw new Error('it has no list of panels');
  const ids = value.panels.flatMap((p: Panel) => [p.id, ...(p.panels ?? []).map((inner) => inner.id)]);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new Error(`two panels have the id ${twice}`);
  return { title: value.uid, ...value } as Dashboard;
}
