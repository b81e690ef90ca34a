import { describe, expect, it } from 'vitest';
import {
  annotationQueries,
  type DashboardState,
  fillIn,
  panelQueries,
  variableQueries,
} from '../../../src/panels/dashboard-queries.ts';

const day = 86_400;
const end = Date.UTC(2026, 0, 15, 12, 0, 7) / 1_000;
const state = (days: number, more: Partial<DashboardState> = {}): DashboardState => ({
  variables: { environment: '.*' },
  from: end - days * day,
  to: end,
  ...more,
});
const gridPos = { x: 0, y: 0, w: 12, h: 8 };
const panel = (target: object, more: object = {}) => ({
  id: 7,
  type: 'stat',
  title: 'P',
  gridPos,
  targets: [target],
  ...more,
});
const dashboard = (...panels: object[]) => ({ uid: 'd', panels });

describe('the queries of a dashboard', () => {
  it('have the step and the rate interval that Grafana takes at seven days', () => {
    const [query] = panelQueries(
      dashboard(panel({ refId: 'A', expr: 'rate(x[$__rate_interval])', range: true })),
      state(7),
    );
    expect(query).toMatchObject({ panel: 'P', panelId: 7, refId: 'A', kind: 'range', step: 900 });
    expect(query?.expr).toBe('rate(x[915s])');
  });

  it('take four steps of a query of a minute for its rate interval', () => {
    const target = { refId: 'A', expr: 'rate(x[$__rate_interval])', range: true, interval: '1m' };
    expect(panelQueries(dashboard(panel(target)), state(0.01))[0]?.expr).toBe('rate(x[4m])');
  });

  it('put values into PromQL as they stand', () => {
    const target = { refId: 'A', expr: 'x{environment=~"$environment"}', instant: true };
    const [query] = panelQueries(dashboard(panel(target)), state(1, { variables: { environment: '(a|b)' } }));
    expect(query).toMatchObject({
      kind: 'instant',
      expr: 'x{environment=~"(a|b)"}',
      to: end,
      from: end - day,
    });
  });

  it('begin bars of a day at the reader’s midnight', () => {
    const target = { refId: 'A', expr: 'x', range: true, interval: '1d' };
    for (const hours of [0, 13, -9.5]) {
      const [query] = panelQueries(dashboard(panel(target)), state(7, { utcOffset: hours * 3_600 }));
      expect([query?.from, query?.to].map((t) => ((t ?? 0) + hours * 3_600) % day)).toEqual([0, 0]);
    }
  });

  it('look at a panel’s own time span', () => {
    const [query] = panelQueries(
      dashboard(panel({ refId: 'A', expr: 'x[$__range]', instant: true }, { timeFrom: '30d' })),
      state(1),
    );
    expect(query).toMatchObject({ from: end - 30 * day, to: end, expr: `x[${30 * day}s]` });
  });

  it('ask a log store nothing of Prometheus', () => {
    const logs = { refId: 'A', expr: '{job="x"}', datasource: { type: 'loki' } };
    expect(panelQueries(dashboard(panel(logs)), state(1))).toEqual([]);
  });

  it('include those of closed rows, annotations and variables', () => {
    const inside = panel({ refId: 'A', expr: 'x', instant: true });
    const row = { id: 1, type: 'row', collapsed: true, gridPos, panels: [inside] };
    const whole = {
      ...dashboard(row),
      annotations: { list: [{ name: 'Marks', target: { expr: 'm{e="$environment"}' } }] },
      templating: {
        list: [
          { name: 'a', type: 'query', query: 'query_result(up{e="$environment"})' },
          { name: 'b', type: 'query', query: 'label_values(up, job)' },
        ],
      },
    };
    expect(panelQueries(whole, state(1))).toHaveLength(1);
    expect(annotationQueries(whole, state(1))).toMatchObject([
      { panel: 'Marks', expr: 'm{e=".*"}', step: 60 },
    ]);
    expect(variableQueries(whole, state(1))).toMatchObject([
      { panel: 'a', kind: 'instant', expr: 'up{e=".*"}', to: Math.floor(end) },
    ]);
  });
});

it('fills in what Grafana fills in', () => {
  expect(fillIn('$__interval ${__interval_ms} $__range $environment $other', state(1), 60)).toBe(
    `1m 60000 ${day}s .* $other`,
  );
});
