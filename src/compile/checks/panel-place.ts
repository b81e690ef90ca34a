import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Check, LocatedPanel } from './check.ts';

const overlap = (a: GridPos, b: GridPos): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Panels that are seen at once: of a dashboard, or of one of its collapsed rows. */
function byCanvas(panels: readonly LocatedPanel[]): Map<unknown, LocatedPanel[]> {
  const canvases = new Map<unknown, LocatedPanel[]>();
  for (const located of panels) {
    const canvas = located.placed.row.collapsed ? located.placed.row : located.dashboard;
    const others = canvases.get(canvas);
    if (others) others.push(located);
    else canvases.set(canvas, [located]);
  }
  return canvases;
}

export const panelOverlap: Check = {
  id: 'panel-overlap',
  severity: 'error',
  summary: 'No two panels lie on each other.',
  why: 'Grafana pushes one of them away, and the dashboard looks different from what was reviewed.',
  *run({ panels }) {
    for (const together of byCanvas(panels).values())
      for (const [index, a] of together.entries())
        for (const b of together.slice(index + 1))
          if (a.panel.gridPos && b.panel.gridPos && overlap(a.panel.gridPos, b.panel.gridPos))
            yield {
              summary: `It lies on "${b.panel.title}".`,
              place: a.place,
              file: a.file,
              fix: 'Move one of them, or make it smaller.',
            };
  },
};

export const panelOutside: Check = {
  id: 'panel-outside',
  severity: 'error',
  summary: 'A panel is between 1 and 24 columns wide and has a height.',
  why: 'Grafana cuts what does not fit on the grid.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      if (x >= 0 && y >= 0 && w >= 1 && x + w <= 24 && h >= 1) continue;
      yield {
        summary: `It does not fit on the grid of 24 columns (x ${x}, y ${y}, width ${w}, height ${h}).`,
        place,
        file,
        fix: 'Give it a width of 1 to 24 and a height of at least 1.',
      };
    }
  },
};

export const panelWraps: Check = {
  id: 'panel-wraps',
  severity: 'error',
  summary: 'A panel begins a new line only where the line before it is full.',
  why: 'One that does not fit leaves a hole behind it, and pushes everything below it off the first screen.',
  *run({ panels }) {
    for (const [index, { dashboard, panel, placed, place, file }] of panels.entries()) {
      const before = panels[index - 1]?.dashboard === dashboard ? panels[index - 1] : undefined;
      const [own, other] = [panel.gridPos, before?.panel.gridPos];
      if (!own || !other || before?.placed.row !== placed.row || own.x !== 0) continue;
      const free = 24 - other.x - other.w;
      if (free > 0)
        yield {
          summary: `It begins a new line although ${free} of 24 columns are free before it.`,
          place,
          file,
          fix: 'Make the panels of each line 24 columns wide together.',
        };
    }
  },
};
