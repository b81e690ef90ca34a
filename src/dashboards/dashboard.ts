import { createHash } from 'node:crypto';
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type RowPanel,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Vector } from '../metrics/index.ts';
import type { PanelDefinition, RowDefinition } from './definition.ts';
import type { SiblingLink } from './links.ts';
import { plain } from './plain.ts';
import { datasource } from './query.ts';
import type { VariableDefinition } from './variables.ts';

/** Schema of the classic dashboard model that Grafana 12 and 13 share. */
const schemaVersion = 42;
const columns = 24;
/** The tag that every dashboard of the bundle carries, and by which they link to each other. */
export const bundleTag = 'deployment-observability';

/** Marks on graphs: at each step at which the expression has a value, or where the value says, in milliseconds. */
export interface Annotation {
  readonly name: string;
  readonly expr: Vector<string>;
  readonly color: string;
  /** With `{{label}}`. */
  readonly title: string;
  readonly text?: string;
  readonly tags?: readonly string[];
  readonly step?: string;
  readonly valueIsTime?: boolean;
}

/** A dashboard as it is written; {@link buildDashboard} makes Grafana's JSON of it. */
export interface DashboardDefinition {
  /** Also the file's name and the last part of its address; never changed, bookmarks point to it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly from: string;
  readonly refresh: string;
  /** Whose clock it shows, and where its days begin; default the reader's. */
  readonly timezone?: 'browser' | 'utc';
  readonly variables: readonly VariableDefinition[];
  /** Links at the top right; without them, to every dashboard of the bundle, with all variables. */
  readonly links?: readonly SiblingLink[];
  readonly annotations: readonly Annotation[];
  /** Panels above everything else, without a heading. */
  readonly top?: RowDefinition;
  readonly rows: readonly RowDefinition[];
  readonly source: string;
}

/** A panel of a dashboard, placed; what the checks walk over. */
export interface PlacedPanel {
  readonly row: RowDefinition;
  readonly definition: PanelDefinition;
  readonly panel: Panel;
}

/** Grafana's JSON, and where each panel came from. */
export interface BuiltDashboard {
  readonly definition: DashboardDefinition;
  readonly json: Dashboard;
  readonly panels: readonly PlacedPanel[];
}

/** A panel's id, from its title: it stays the same when panels are added before it, and links to it keep working. */
const panelId = (row: string, title: string): number =>
  (Number.parseInt(createHash('sha256').update(`${row}\u0000${title}`).digest('hex').slice(0, 7), 16) %
    9_000_000) +
  1_000;

/** Places a row's panels from left to right, wrapping at 24 columns. */
function placePanels(row: RowDefinition, top: number): { panels: PlacedPanel[]; bottom: number } {
  const panels: PlacedPanel[] = [];
  let x = 0;
  let y = top;
  let lineHeight = 0;
  for (const definition of row.panels) {
    const height = definition.height ?? row.height;
    if (x + definition.width > columns) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const gridPos = { x, y, w: definition.width, h: height };
    const id = panelId(row.title, definition.name ?? definition.json.title ?? '');
    panels.push({ row, definition, panel: { ...plain(definition.json), id, gridPos } });
    x += definition.width;
    lineHeight = Math.max(lineHeight, height);
  }
  return { panels, bottom: y + lineHeight };
}

const rowPanel = (row: RowDefinition, y: number, panels: Panel[]): RowPanel => ({
  type: 'row',
  id: panelId('', row.title),
  title: row.title,
  collapsed: row.collapsed ?? false,
  gridPos: { x: 0, y, w: columns, h: 1 },
  panels,
  ...(row.repeat && { repeat: row.repeat }),
});

/** Grafana adds this one itself when it is missing; with it, what is read back equals what was sent. */
const builtInAnnotation: AnnotationQuery = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

const annotationQuery = (a: Annotation): AnnotationQuery => ({
  name: a.name,
  datasource,
  enable: true,
  hide: false,
  iconColor: a.color,
  // The plugin's own shape of a query; the SDK's type only knows the reference.
  target: { refId: 'Anno', expr: a.expr.text, interval: a.step ?? '60s' } as unknown as NonNullable<
    AnnotationQuery['target']
  >,
  titleFormat: a.title,
  textFormat: a.text ?? '',
  tagKeys: (a.tags ?? []).join(','),
  useValueForTime: a.valueIsTime ?? false,
});

/** The other dashboards of the bundle, at the top right; they keep the time span and the variables. */
const siblingLinks = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Deployment dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([bundleTag])
    .includeVars(true)
    .keepTime(true)
    .asDropdown(false)
    .targetBlank(false)
    .icon('dashboard')
    .tooltip('The other dashboards of this bundle')
    .url('');

/** A link to one of them. */
const siblingLink = ({ title, url, withVariables }: SiblingLink): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .includeVars(withVariables)
    .keepTime(true)
    .targetBlank(false)
    .icon('dashboard')
    .tooltip('Another dashboard of this bundle')
    .url(url);

/** Grafana's strict check wants every key of a link. */
const completeLink = (link: DashboardLink): DashboardLink => ({
  ...link,
  tooltip: link.tooltip ?? '',
  url: link.url ?? '',
});

/** Makes Grafana's classic dashboard JSON of a definition. */
export function buildDashboard(definition: DashboardDefinition): BuiltDashboard {
  const placed: PlacedPanel[] = [];
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  if (definition.top) {
    const line = placePanels(definition.top, y);
    placed.push(...line.panels);
    panels.push(...line.panels.map((p) => p.panel));
    y = line.bottom;
  }
  for (const row of definition.rows) {
    const line = placePanels(row, y + 1);
    placed.push(...line.panels);
    const inner = line.panels.map((p) => p.panel);
    panels.push(rowPanel(row, y, row.collapsed ? inner : []));
    if (!row.collapsed) panels.push(...inner);
    y = row.collapsed ? y + 1 : line.bottom;
  }
  const base = new DashboardBuilder(definition.title)
    .uid(definition.uid)
    .description(definition.description)
    .tags([bundleTag, ...definition.tags])
    .time({ from: definition.from, to: 'now' })
    .timezone(definition.timezone ?? 'browser')
    .timepicker(
      new TimePickerBuilder().refreshIntervals(['5s', '10s', '30s', '1m', '5m', '15m', '30m', '1h']),
    )
    .refresh(definition.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .links(definition.links?.map(siblingLink) ?? [siblingLinks()])
    .readonly()
    .build();
  const json: Dashboard = {
    ...plain(base),
    schemaVersion,
    panels,
    links: (base.links ?? []).map(completeLink),
    templating: { list: definition.variables.map((v) => plain(v.model)) },
    annotations: { list: [builtInAnnotation, ...definition.annotations.map(annotationQuery)] },
  };
  return { definition, json, panels: placed };
}
