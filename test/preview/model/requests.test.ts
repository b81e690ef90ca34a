import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../src/panels/builtins.ts';
import type { Dashboard, Panel } from '../../../src/panels/dashboard.ts';
import type { Ask, QueryRequest } from '../../../src/panels/query.ts';
import { annotationRequest, askEverything, panelRequests, spanOf } from '../../../src/panels/requests.ts';

const now = Date.UTC(2026, 0, 15, 12, 0, 7);
const span = { from: now - 21_600_000, to: now, raw: { from: 'now-6h', to: 'now' } };
const around: Surroundings = {
  span,
  values: { env: { value: 'production', text: 'production' } },
  dashboard: { uid: 'd', title: 'd' },
};
const panel = (more: Partial<Panel>): Panel => ({
  id: 1,
  type: 'stat',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  ...more,
});
const target = { refId: 'A', expr: 'up{env="$env"}' };

describe('what a panel asks', () => {
  it('is a range on its step’s grid', () => {
    const [one] = panelRequests(panel({ targets: [target] }), around);
    expect(one?.request).toEqual({
      kind: 'range',
      expr: 'up{env="production"}',
      start: 1_768_456_800,
      end: 1_768_478_400,
      step: 30,
    });
  });

  it('is a moment for instant queries, and both when both are wanted', () => {
    const kinds = (more: object) =>
      panelRequests(panel({ targets: [{ ...target, ...more }] }), around).map((r) => r.request.kind);
    expect(kinds({ instant: true })).toEqual(['instant']);
    expect(kinds({ instant: true, range: false })).toEqual(['instant']);
    expect(kinds({ instant: true, range: true })).toEqual(['range', 'instant']);
    expect(kinds({ range: true })).toEqual(['range']);
  });

  it('leaves out hidden and empty queries', () => {
    expect(
      panelRequests(
        panel({
          targets: [
            { ...target, hide: true },
            { ...target, expr: '' },
          ],
        }),
        around,
      ),
    ).toEqual([]);
  });

  it('leaves out what Prometheus cannot answer', () => {
    const loki = { ...target, datasource: { type: 'loki', uid: 'x' } };
    expect(panelRequests(panel({ targets: [loki] }), around)).toEqual([]);
    expect(panelRequests(panel({ targets: [target], datasource: { type: 'loki' } }), around)).toEqual([]);
    const own = { ...target, datasource: { type: 'prometheus', uid: '${datasource}' } };
    expect(panelRequests(panel({ targets: [own] }), around)).toHaveLength(1);
  });

  it('uses the panel’s own range, and its $__range, unless the page shows fixed times', () => {
    const own = panel({ timeFrom: '7d', targets: [{ ...target, instant: true, expr: 'x[$__range]' }] });
    expect(panelRequests(own, around)[0]?.request).toMatchObject({ expr: 'x[604800s]' });
    const fixed = { ...span, raw: { from: String(span.from), to: String(span.to) } };
    expect(spanOf(own, fixed)).toBe(fixed);
    expect(spanOf(panel({ timeFrom: 'nonsense' }), span)).toBe(span);
  });
});

it('asks annotations at most once a minute', () => {
  const { request } = annotationRequest({ name: 'x', target: { expr: 'y' } }, around);
  expect(request).toMatchObject({ kind: 'range', expr: 'y', step: 60 });
});

it('asks everything: variables, panels in closed rows and annotations, and tells what failed', async () => {
  const asked: QueryRequest[] = [];
  const ask: Ask = async (request) => {
    asked.push(request);
    if (request.kind === 'range' && request.expr === 'bad') return { ok: false, error: 'refused' };
    if (request.kind === 'labelValues')
      return { ok: true, result: { kind: 'labelValues', values: ['staging'] } };
    return { ok: true, result: { kind: 'instant', samples: [] } };
  };
  const dashboard: Dashboard = {
    uid: 'd',
    title: 'd',
    templating: { list: [{ name: 'env', type: 'query', query: 'label_values(env)' }] },
    annotations: {
      list: [
        { name: 'Off', enable: false, target: { expr: 'off' } },
        { name: 'On', target: { expr: 'bad' } },
      ],
    },
    panels: [
      panel({ targets: [target] }),
      {
        id: 2,
        type: 'row',
        gridPos: { x: 0, y: 9, w: 24, h: 1 },
        collapsed: true,
        panels: [panel({ id: 3, title: 'Inner', targets: [{ ...target, expr: 'inner' }] })],
      },
    ],
  };
  const failures = await askEverything(dashboard, { chosen: {} }, now, ask);
  expect(asked.map((r) => ('expr' in r ? r.expr : r.label))).toEqual([
    'env',
    'up{env="staging"}',
    'inner',
    'bad',
  ]);
  expect(failures).toEqual(['annotation On: refused']);
});
