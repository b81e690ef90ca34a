import { type Dashboard, type GridPos, type Panel, panelKey } from './dashboard.ts';

/** A panel or a row's header, and where it stands in grid units. */
export interface Placed {
  readonly panel: Panel;
  readonly pos: GridPos;
}

/** A row and the panels below it. */
export interface Section {
  readonly row: Panel | undefined;
  readonly panels: readonly Panel[];
}

const fromTop = (a: Panel, b: Panel): number => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x;

/** Rows and what stands below each of them; closed rows carry their panels themselves. */
export function sections(dashboard: Dashboard): Section[] {
  const found: { row: Panel | undefined; panels: Panel[] }[] = [{ row: undefined, panels: [] }];
  for (const panel of [...dashboard.panels].sort(fromTop)) {
    if (panel.type === 'row') found.push({ row: panel, panels: [...(panel.panels ?? [])] });
    else found.at(-1)?.panels.push(panel);
  }
  return found;
}

/** Panels below each other at full width, for narrow screens. */
function stacked(panels: readonly Panel[], top: number): Placed[] {
  let y = top;
  return [...panels].sort(fromTop).map((panel) => {
    const pos = { x: 0, y, w: 24, h: panel.gridPos.h };
    y += panel.gridPos.h;
    return { panel, pos };
  });
}

/** Panels as the dashboard places them, moved so that the first stands at `top`. */
function shifted(panels: readonly Panel[], top: number): Placed[] {
  const first = Math.min(...panels.map((p) => p.gridPos.y));
  return panels.map((panel) => ({ panel, pos: { ...panel.gridPos, y: panel.gridPos.y - first + top } }));
}

const bottom = (placed: readonly Placed[], least: number): number =>
  placed.reduce((lowest, { pos }) => Math.max(lowest, pos.y + pos.h), least);

/** Keys of the rows that are closed when a dashboard opens. */
export const closedRows = (dashboard: Dashboard): ReadonlySet<string> =>
  new Set(dashboard.panels.filter((p) => p.type === 'row' && p.collapsed).map(panelKey));

/** Where everything stands when the rows in `closed` are closed: what is below a closed row moves up. */
export function layout(dashboard: Dashboard, closed: ReadonlySet<string>, narrow: boolean): Placed[] {
  const placed: Placed[] = [];
  for (const { row, panels } of sections(dashboard)) {
    if (row) placed.push({ panel: row, pos: { x: 0, y: bottom(placed, 0), w: 24, h: 1 } });
    if (row && closed.has(panelKey(row))) continue;
    const top = bottom(placed, 0);
    placed.push(...(narrow ? stacked(panels, top) : shifted(panels, top)));
  }
  return placed;
}
