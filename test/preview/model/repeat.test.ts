import { describe, expect, it } from 'vitest';
import type { Dashboard, Panel } from '../../../src/panels/dashboard.ts';
import { panelKey } from '../../../src/panels/dashboard.ts';
import type { Values } from '../../../src/panels/interpolate.ts';
import { repeated } from '../../../src/panels/repeat.ts';
import { panelRequests } from '../../../src/panels/requests.ts';

const values: Values = {
  service: { value: ['api', 'web', 'database'], text: ['API', 'Web', 'Database'], regex: true },
  one: { value: 'x.y', text: 'X' },
  none: { value: [], text: [] },
};
const panel = (id: number, x: number, y: number, w: number, more: Partial<Panel> = {}): Panel => ({
  id,
  type: 'stat',
  gridPos: { x, y, w, h: 4 },
  ...more,
});
const row = (id: number, y: number, more: Partial<Panel> = {}): Panel => ({
  id,
  type: 'row',
  gridPos: { x: 0, y, w: 24, h: 1 },
  ...more,
});
const dashboard = (...panels: Panel[]): Dashboard => ({ uid: 'd', title: 'd', panels });
const places = ({ panels }: Dashboard) =>
  panels.map((p) => [panelKey(p), p.gridPos.x, p.gridPos.y, p.gridPos.w, p.scope?.service?.value]);

describe('repeating', () => {
  it('leaves a dashboard without repeats as it is', () => {
    const plain = dashboard(row(1, 0), panel(2, 0, 1, 12));
    expect(repeated(plain, values)).toBe(plain);
  });

  it('sets copies of a panel beside each other, and moves down what follows', () => {
    const found = repeated(
      dashboard(panel(1, 0, 0, 24, { repeat: 'service' }), row(2, 4), panel(3, 0, 5, 24)),
      values,
    );
    expect(places(found)).toEqual([
      ['1', 0, 0, 8, 'api'],
      ['1-1', 8, 0, 8, 'web'],
      ['1-2', 16, 0, 8, 'database'],
      ['2', 0, 4, 24, undefined],
      ['3', 0, 5, 24, undefined],
    ]);
  });

  it('wraps after so many, or stacks them', () => {
    const wrapped = repeated(dashboard(panel(1, 0, 0, 24, { repeat: 'service', maxPerRow: 2 })), values);
    expect(places(wrapped).map((p) => p.slice(1, 4))).toEqual([
      [0, 0, 12],
      [12, 0, 12],
      [0, 4, 12],
    ]);
    const stacked = repeated(
      dashboard(panel(1, 6, 0, 12, { repeat: 'service', repeatDirection: 'v' })),
      values,
    );
    expect(places(stacked).map((p) => p.slice(1, 4))).toEqual([
      [6, 0, 12],
      [6, 4, 12],
      [6, 8, 12],
    ]);
  });

  it('repeats a row with everything in it', () => {
    const found = repeated(
      dashboard(panel(9, 0, 0, 24), row(1, 4, { repeat: 'service' }), panel(2, 0, 5, 12), row(3, 9)),
      values,
    );
    expect(places(found)).toEqual([
      ['9', 0, 0, 24, undefined],
      ['1', 0, 4, 24, 'api'],
      ['2', 0, 5, 12, 'api'],
      ['1-1', 0, 9, 24, 'web'],
      ['2-1', 0, 10, 12, 'web'],
      ['1-2', 0, 14, 24, 'database'],
      ['2-2', 0, 15, 12, 'database'],
      ['3', 0, 19, 24, undefined],
    ]);
  });

  it('repeats closed rows closed', () => {
    const found = repeated(
      dashboard(row(1, 0, { repeat: 'service', collapsed: true, panels: [panel(2, 0, 1, 12)] })),
      values,
    );
    expect(
      found.panels.map((p) => [
        panelKey(p),
        p.gridPos.y,
        p.panels?.map((inner) => [panelKey(inner), inner.scope?.service?.text]),
      ]),
    ).toEqual([
      ['1', 0, [['2', 'API']]],
      ['1-1', 1, [['2-1', 'Web']]],
      ['1-2', 2, [['2-2', 'Database']]],
    ]);
  });

  it('repeats for each option when "All" is chosen', () => {
    const all = { value: '.*', text: 'All', all: true, regex: true, verbatim: '.*', each: ['api', 'web'] };
    const found = repeated(dashboard(panel(1, 0, 0, 24, { repeat: 'service' })), { service: all });
    expect(found.panels.map((p) => p.scope?.service)).toEqual(
      ['api', 'web'].map((value) => ({ value, text: value, regex: true })),
    );
  });

  it('shows a panel once when there is nothing to repeat it for', () => {
    for (const repeat of ['none', 'unknown'])
      expect(places(repeated(dashboard(panel(1, 0, 0, 24, { repeat })), values))).toEqual([
        ['1', 0, 0, 24, undefined],
      ]);
    expect(
      repeated(dashboard(panel(1, 0, 0, 24, { repeat: 'one' })), values).panels[0]?.scope?.one?.value,
    ).toBe('x.y');
  });

  it('asks each copy’s queries with its own value', () => {
    const target = { refId: 'A', expr: 'm{service=~"$service",one="$one"}', instant: true };
    const { panels } = repeated(
      dashboard(panel(1, 0, 0, 24, { repeat: 'service', targets: [target] })),
      values,
    );
    const span = { from: 0, to: 3_600_000, raw: { from: '0', to: '3600000' } };
    const around = { span, values, dashboard: { uid: 'd', title: 'd' } };
    const exprs = panels
      .flatMap((p) => panelRequests(p, around))
      .map(({ request }) => 'expr' in request && request.expr);
    expect(exprs).toEqual(['api', 'web', 'database'].map((s) => `m{service=~"${s}",one="x.y"}`));
  });
});
