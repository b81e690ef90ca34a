import type { Spec } from './state.ts';

// A dashboard in the format in which Grafana 13's editor saves it: written from the server's side.

const objects = (value: unknown): Spec[] => (Array.isArray(value) ? (value as Spec[]) : []);

function element(panel: Spec): Spec {
  const queries = objects(panel.targets).map(({ refId, hide, datasource, ...spec }) => ({
    kind: 'PanelQuery',
    spec: {
      refId,
      hidden: hide ?? false,
      query: { kind: 'DataQuery', group: 'prometheus', version: 'v0', datasource, spec },
    },
  }));
  return {
    kind: 'Panel',
    spec: {
      id: panel.id,
      title: panel.title ?? '',
      description: panel.description ?? '',
      links: panel.links ?? [],
      data: { kind: 'QueryGroup', spec: { queries, transformations: [], queryOptions: {} } },
      vizConfig: {
        kind: 'VizConfig',
        group: panel.type,
        version: '13.1.0',
        spec: {
          options: panel.options ?? {},
          fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
        },
      },
    },
  };
}

function item(panel: Spec): Spec {
  const { x = 0, y = 0, w = 6, h = 3 } = (panel.gridPos ?? {}) as Record<string, number>;
  const name = `panel-${panel.id}`;
  return {
    kind: 'GridLayoutItem',
    spec: { x, y, width: w, height: h, element: { kind: 'ElementReference', name } },
  };
}

/** Classic JSON as the editor would save it. */
export function toNewer(spec: Spec): Spec {
  const panels = objects(spec.panels);
  const shown = panels.flatMap((p) => (p.type === 'row' ? objects(p.panels) : [p]));
  const time = (spec.time ?? {}) as Spec;
  return {
    title: spec.title,
    description: spec.description ?? '',
    tags: spec.tags ?? [],
    cursorSync: ['Off', 'Crosshair', 'Tooltip'][Number(spec.graphTooltip ?? 0)],
    editable: spec.editable ?? true,
    elements: Object.fromEntries(shown.map((p) => [`panel-${p.id}`, element(p)])),
    layout: { kind: 'GridLayout', spec: { items: shown.map(item) } },
    variables: [],
    annotations: [],
    links: spec.links ?? [],
    timeSettings: { from: time.from, to: time.to, autoRefresh: spec.refresh ?? '' },
  };
}
