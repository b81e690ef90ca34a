import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** What a dashboard's variables and time span are set to. Times are Unix seconds. */
export interface DashboardState {
  readonly variables: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  /** Points that a graph is wide; Grafana takes its pixels. */
  readonly maxDataPoints?: number;
  /** Seconds that the reader's clock is ahead of UTC; default 0. */
  readonly utcOffset?: number;
}

/** One query of a panel as Grafana would send it. */
export interface PanelQuery {
  readonly panel: string;
  readonly panelId: number;
  readonly refId: string;
  readonly kind: 'range' | 'instant';
  readonly expr: string;
  /** Unix seconds; for instant queries `to` is the evaluation time. */
  readonly from: number;
  readonly to: number;
  /** Seconds; of range queries. */
  readonly step: number;
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly range?: boolean;
  readonly interval?: string;
  readonly datasource?: { readonly type?: string };
}

/** Logs are asked of a log store. */
const asksPrometheus = (target: Target): boolean =>
  (target.datasource?.type ?? 'prometheus') === 'prometheus';

/** The scrape interval: what Grafana takes for the least step where neither query nor panel says another. */
const usualStep = 15;

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
/** Seconds of a duration with one unit, such as `15s`; 0 for none. */
export const durationSeconds = (text: string | undefined): number => {
  const match = /^(\d+)([smhdw])$/.exec(text ?? '');
  return match ? Number(match[1]) * (units[match[2]!] ?? 0) : 0;
};

/** Fills in variables (`$name`, `${name}`) and Grafana's `$__range`, `$__interval` and `$__rate_interval`. */
export function fillIn(expr: string, state: DashboardState, step: number): string {
  const span = Math.max(1, Math.round(state.to - state.from));
  const builtIn: Record<string, string> = {
    __range: `${span}s`,
    __range_s: String(span),
    __interval: `${step}s`,
    __interval_ms: String(step * 1_000),
    __rate_interval: `${Math.max(step + 15, 60)}s`,
    __from: String(state.from * 1_000),
    __to: String(state.to * 1_000),
  };
  return expr.replaceAll(/\$\{(\w+)(?::\w+)?\}|\$(\w+)/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    return state.variables[name] ?? builtIn[name] ?? whole;
  });
}

/** The dashboard's panels, those of collapsed rows included. */
export const allPanels = (dashboard: Dashboard): Panel[] =>
  (dashboard.panels ?? []).flatMap((p) => (p.type === 'row' ? (p as RowPanel).panels : [p as Panel]));

function queriesOf(panel: Panel, state: DashboardState): PanelQuery[] {
  const own = durationSeconds(panel.timeFrom);
  const span = own > 0 ? { ...state, from: state.to - own } : state;
  return ((panel.targets ?? []) as unknown as Target[]).filter(asksPrometheus).map((t) => {
    const least = durationSeconds(t.interval) || durationSeconds(panel.interval) || usualStep;
    const points = panel.maxDataPoints ?? state.maxDataPoints ?? 700;
    const grain = Math.min(least, usualStep);
    const step = Math.max(least, Math.ceil((span.to - span.from) / points / grain) * grain);
    const place = { panel: panel.title ?? '', panelId: panel.id ?? 0, refId: t.refId, step };
    const expr = fillIn(t.expr, span, step);
    if (!t.range) return { ...place, kind: 'instant', expr, from: span.from, to: span.to };
    // Grafana aligns both ends to the step, so that bars of a day begin at the reader's midnight.
    const { utcOffset = 0 } = state;
    const align = (time: number): number => Math.floor((time + utcOffset) / step) * step - utcOffset;
    return { ...place, kind: 'range', expr, from: align(span.from), to: align(span.to) };
  });
}

/** Every query that opening (or refreshing) a dashboard sends. */
export const panelQueries = (dashboard: Dashboard, state: DashboardState): PanelQuery[] =>
  allPanels(dashboard).flatMap((panel) => queriesOf(panel, state));
