import type { Dashboard, GridPos, Panel } from './dashboard.ts';
import type { Values } from './interpolate.ts';
import { type Section, sections } from './layout.ts';

/** Each chosen value of a variable as a choice of its own; none when the variable is unknown or empty. */
function choices(name: string | undefined, values: Values): Values[] {
  const variable = name === undefined ? undefined : values[name];
  if (name === undefined || variable === undefined) return [];
  const chosen = typeof variable.value === 'string' ? [variable.value] : variable.value;
  const several = variable.all ? (variable.each ?? []) : chosen;
  const texts = typeof variable.text === 'string' ? [] : variable.text;
  const regex = variable.regex === true;
  return several
    .filter((value) => value !== '')
    .map((value, i) => ({ [name]: { value, text: texts[i] ?? value, regex } }));
}

const copyOf = (panel: Panel, copy: number, scope: Values): Panel => ({
  ...panel,
  copy,
  scope: { ...panel.scope, ...scope },
  ...(panel.panels && { panels: panel.panels.map((inner) => copyOf(inner, copy, scope)) }),
});

/** Places of the copies of a panel: beside each other in as many columns as fit, or below each other. */
function places({ gridPos, repeatDirection, maxPerRow = 4 }: Panel, count: number): GridPos[] {
  const { x, y, w, h } = gridPos;
  if (repeatDirection === 'v') return Array.from({ length: count }, (_, i) => ({ x, y: y + i * h, w, h }));
  const columns = Math.min(count, maxPerRow);
  const width = Math.floor(24 / columns);
  return Array.from({ length: count }, (_, i) => ({
    x: (i % columns) * width,
    y: y + Math.floor(i / columns) * h,
    w: width,
    h,
  }));
}

function repeatPanel(panel: Panel, values: Values): Panel[] {
  const scopes = choices(panel.repeat, values);
  if (scopes.length === 0) return [panel];
  const found = places(panel, scopes.length);
  return scopes.map((scope, i) => ({ ...copyOf(panel, i, scope), gridPos: found[i] ?? panel.gridPos }));
}

/** A section as often as its row is repeated, its repeated panels with their copies. */
function repeatSection({ row, panels }: Section, values: Values): Section[] {
  const inside = panels.flatMap((panel) => repeatPanel(panel, values));
  const scopes = choices(row?.repeat, values);
  if (!row || scopes.length === 0) return [{ row, panels: inside }];
  return scopes.map((scope, i) => ({
    row: copyOf(row, i, scope),
    panels: inside.map((panel) => copyOf(panel, i, scope)),
  }));
}

/** The panels of a section from `top` on. */
function placed({ row, panels }: Section, top: number): Panel[] {
  const first = Math.min(...panels.map((p) => p.gridPos.y));
  const from = row ? top + 1 : top;
  const moved = panels.map((panel) => ({
    ...panel,
    gridPos: { ...panel.gridPos, y: panel.gridPos.y - first + from },
  }));
  if (!row) return moved;
  const header = { ...row, gridPos: { ...row.gridPos, y: top } };
  return row.collapsed ? [{ ...header, panels: moved }] : [header, ...moved];
}

/** A dashboard with every repeated row and panel written out for the values that are chosen. */
export function repeated(dashboard: Dashboard, values: Values): Dashboard {
  const repeats = dashboard.panels.some((p) => p.repeat || p.panels?.some((inner) => inner.repeat));
  if (!repeats) return dashboard;
  const panels: Panel[] = [];
  for (const section of sections(dashboard).flatMap((one) => repeatSection(one, values))) {
    const top = panels.reduce((lowest, { gridPos }) => Math.max(lowest, gridPos.y + gridPos.h), 0);
    panels.push(...placed(section, top));
  }
  return { ...dashboard, panels };
}
