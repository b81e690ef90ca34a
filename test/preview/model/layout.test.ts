import { describe, expect, it } from 'vitest';
import type { Dashboard, Panel } from '../../../src/panels/dashboard.ts';
import { closedRows, layout } from '../../../src/panels/layout.ts';

const panel = (id: number, x: number, y: number, w: number, h: number): Panel => ({
  id,
  type: 'stat',
  gridPos: { x, y, w, h },
});
const row = (id: number, y: number, panels?: Panel[]): Panel => ({
  id,
  type: 'row',
  gridPos: { x: 0, y, w: 24, h: 1 },
  ...(panels && { collapsed: true, panels }),
});
const dashboard: Dashboard = {
  uid: 'd',
  title: 'd',
  panels: [
    row(1, 0),
    panel(2, 0, 1, 12, 5),
    panel(3, 12, 1, 12, 4),
    row(4, 6, [panel(5, 0, 7, 8, 6), panel(6, 8, 7, 8, 3)]),
    row(7, 7),
    panel(8, 6, 8, 6, 2),
  ],
};
const places = (closed: number[], narrow = false) =>
  Object.fromEntries(
    layout(dashboard, new Set(closed.map(String)), narrow).map(({ panel: p, pos }) => [
      p.id,
      [pos.x, pos.y, pos.w, pos.h],
    ]),
  );

describe('the grid', () => {
  it('stands as the dashboard says while closed rows are closed', () => {
    expect([...closedRows(dashboard)]).toEqual(['4']);
    expect(places([4])).toEqual({
      1: [0, 0, 24, 1],
      2: [0, 1, 12, 5],
      3: [12, 1, 12, 4],
      4: [0, 6, 24, 1],
      7: [0, 7, 24, 1],
      8: [6, 8, 6, 2],
    });
  });

  it('moves down what stands below a row that is opened', () => {
    expect(places([])).toMatchObject({
      5: [0, 7, 8, 6],
      6: [8, 7, 8, 3],
      7: [0, 13, 24, 1],
      8: [6, 14, 6, 2],
    });
  });

  it('moves up what stands below a row that is closed', () => {
    const placed = places([1, 4]);
    expect(placed).toMatchObject({ 1: [0, 0, 24, 1], 4: [0, 1, 24, 1], 7: [0, 2, 24, 1], 8: [6, 3, 6, 2] });
    expect(placed).not.toHaveProperty('2');
  });

  it('stacks panels at full width on narrow screens, from left to right and top to bottom', () => {
    expect(places([4], true)).toEqual({
      1: [0, 0, 24, 1],
      2: [0, 1, 24, 5],
      3: [0, 6, 24, 4],
      4: [0, 10, 24, 1],
      7: [0, 11, 24, 1],
      8: [0, 12, 24, 2],
    });
  });

  it('is empty for an empty dashboard', () => {
    expect(layout({ ...dashboard, panels: [] }, new Set(), false)).toEqual([]);
  });
});
