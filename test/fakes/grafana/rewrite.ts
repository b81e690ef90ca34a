import type { Spec } from './state.ts';

// Changes that Grafana 13 makes to a classic dashboard on a write through v1: written from the server's side, and on purpose
// not with the code that the client normalises with.

const builtIn = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

const equals = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isEmpty = (value: unknown): boolean => equals(value, {}) || equals(value, []);

function rewritePanel(panel: Spec, nextId: () => number, seen: Set<unknown>, future: boolean): Spec {
  const result: Spec = { ...panel };
  if (typeof result.id !== 'number' || seen.has(result.id)) result.id = nextId();
  seen.add(result.id);
  if (result.transparent === false) delete result.transparent;
  for (const key of ['links', 'options', 'transformations'])
    if (key in result && isEmpty(result[key])) delete result[key];
  if (equals(result.fieldConfig, { defaults: {}, overrides: [] })) delete result.fieldConfig;
  if (result.title === '') delete result.title;
  if (equals(result.gridPos, { x: 0, y: 0, w: 6, h: 3 })) delete result.gridPos;
  if (equals(result.targets, [{ refId: 'A' }])) delete result.targets;
  delete result.scopedVars;
  delete result.repeatIteration;
  if (result.libraryPanel)
    return { id: result.id, title: result.title, gridPos: result.gridPos, libraryPanel: result.libraryPanel };
  if (Array.isArray(result.panels))
    result.panels = (result.panels as Spec[]).map((p) => rewritePanel(p, nextId, seen, future));
  if (future && result.type !== 'row') result.compactMode = { enabled: false, since: 14 };
  return result;
}

/** A dashboard as Grafana 13 stores it. @param future adds what no release does yet */
export function rewriteDashboard(spec: Spec, future: boolean): Spec {
  const panels = Array.isArray(spec.panels) ? (spec.panels as Spec[]) : [];
  let highest = Math.max(0, ...panels.map((p) => (typeof p.id === 'number' ? p.id : 0)));
  const nextId = (): number => ++highest;
  const seen = new Set<unknown>();
  const templating = (spec.templating ?? {}) as { list?: unknown[] };
  const annotations = (spec.annotations ?? {}) as { list?: Spec[] };
  const list = annotations.list ?? [];
  const { uid: _uid, id: _id, version: _version, ...rest } = spec;
  return {
    tags: [],
    timezone: '',
    weekStart: '',
    editable: true,
    graphTooltip: 0,
    time: { from: 'now-6h', to: 'now' },
    timepicker: {},
    fiscalYearStartMonth: 0,
    links: [],
    ...rest,
    title: rest.title ?? 'No Title',
    schemaVersion: Math.max(42, Number(rest.schemaVersion ?? 0)),
    panels: panels.map((p) => rewritePanel(p, nextId, seen, future)),
    templating: { ...templating, list: templating.list ?? [] },
    annotations: { ...annotations, list: list.some((a) => a.builtIn === 1) ? list : [builtIn, ...list] },
  };
}
