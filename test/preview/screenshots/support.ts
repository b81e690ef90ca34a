import type { Panel } from '../../../src/panels/dashboard.ts';
import type { DashboardPicture, PanelPicture } from '../../../src/review/screenshots/pictures.ts';

/** A panel whose picture is a text: equal texts are equal pictures. */
export function panelPicture(id: number, picture: string, more: Partial<Panel> = {}): PanelPicture {
  const panel: Panel = {
    id,
    type: 'stat',
    title: `Panel ${id}`,
    gridPos: { x: 0, y: id, w: 12, h: 4 },
    ...more,
  };
  return {
    panel,
    name: String(id),
    png: Buffer.from(picture),
    box: { x: 100, y: 10 * id, width: 400, height: 80 },
  };
}

/** A dashboard's picture, 1,000 pixels wide and 500 high. */
export function dashboardPicture(
  uid: string,
  picture: string,
  panels: readonly PanelPicture[],
): DashboardPicture {
  const dashboard = { uid, title: `Dashboard ${uid}`, panels: panels.map((p) => p.panel) };
  return { dashboard, png: Buffer.from(picture), width: 1_000, height: 500, panels };
}
