import { describe, expect, it } from 'vitest';
import { snapshotIn, snapshotOf } from '../../src/compile/snapshot.ts';
import { differences } from '../../src/diff/diff.ts';
import { Readers } from '../../src/diff/downstream.ts';
import { inProject } from '../../src/lib/root.ts';
import { edited, parts, snapshot } from './base.ts';

const bundle = snapshotOf(
  new Map([
    [
      'grafana/dashboards/d.json',
      JSON.stringify({
        uid: 'd',
        templating: {
          list: [
            { name: 'text', type: 'query', query: 'label_values(a{window="1h"}, job)' },
            { name: 'object', type: 'query', query: { query: 'query_result(count(a))' } },
          ],
        },
        annotations: { list: [{ name: 'Deploys', target: { expr: 'a{window="30d"} > 1' } }] },
        panels: [
          { title: 'One hour', targets: [{ expr: 'a{window="1h"}' }] },
          { title: 'Chosen', targets: [{ expr: 'a{window="$window"}' }] },
          { title: 'Not a day', targets: [{ expr: 'a{window!="1d"}' }] },
          { title: 'Long', targets: [{ expr: 'a{window=~"30d|90d"}' }] },
          {
            title: 'By environment',
            targets: [{ expr: 'avg_over_time(a{environment="production"}[$__range])' }],
          },
        ],
      }),
    ],
    [
      'prometheus/rules/r.yml',
      JSON.stringify({
        groups: [
          {
            name: 'g',
            rules: [
              { record: 'b', expr: 'a{window="30d"} * 2', labels: { slo: 'reliability', window: '30d' } },
              { record: 'c', expr: 'b{window="30d"} * 2' },
              { record: 'e', expr: 'b{window="1h"} * 2' },
              { alert: 'Far', expr: 'c > 1' },
              { alert: 'Elsewhere', expr: 'e > 1' },
            ],
          },
        ],
      }),
    ],
  ]),
  'a test',
);

describe('who reads a series', () => {
  const readers = new Readers(bundle);

  it('is told by the labels that it has, through everything that is recorded from it', () => {
    expect(readers.of('a', { window: '30d' })).toEqual([
      'SLO reliability',
      'alert Far',
      'annotation d › Deploys',
      'panel d › By environment',
      'panel d › Chosen',
      'panel d › Long',
      'panel d › Not a day',
      'series b',
      'series c',
      'variable d › object',
    ]);
    expect(readers.of('a', { window: '1h' })).toEqual([
      'panel d › By environment',
      'panel d › Chosen',
      'panel d › Not a day',
      'panel d › One hour',
      'variable d › object',
      'variable d › text',
    ]);
  });

  it('can be every reader where its labels are unknown, and none of a series that is not read', () => {
    expect(readers.of('a')).toContain('panel d › One hour');
    expect(readers.of('a')).toContain('panel d › Long');
    expect(readers.of('nothing')).toEqual([]);
  });

  it('ends where series read each other', () => {
    const loop = JSON.stringify({
      groups: [
        {
          name: 'g',
          rules: [
            { record: 'x', expr: 'y' },
            { record: 'y', expr: 'x' },
          ],
        },
      ],
    });
    expect(new Readers(snapshotOf(new Map([['prometheus/rules/r.yml', loop]]), 'a test')).of('x')).toEqual([
      'series y',
    ]);
  });

  it('is named beside a changed objective', () => {
    const after = edited(
      parts(),
      ['set', 'ledger.rules.2.expr', 'vector(0.98)'],
      ['set', 'recent.targets.0.expr', 'slo:objective:ratio{slo="deployment-reliability"}'],
    );
    const found = differences(snapshot(parts()), snapshot(after)).find((c) => c.area === 'objective');
    expect(found?.readBy).toEqual(['panel deployments › Recent']);
  });

  it('in this project includes variables and SLOs, and no other window', () => {
    const real = new Readers(snapshotIn(inProject('generated')));
    expect(real.of('recent_deployment:started_timestamp_seconds:min').join()).toMatch(/variable deployment-/);
    expect(real.of('environment_slo:events:count', { slo: 'smoke-tests', window: '2h' }).join()).toMatch(
      /SLO smoke-tests/,
    );
  });
});

describe('a removed panel', () => {
  const other = (expr: string) => ({
    uid: 'other',
    title: 'Other',
    templating: {},
    annotations: {},
    panels: [{ id: 5, type: 'table', title: 'Latest', targets: [{ refId: 'A', expr }] }],
  });
  const removed = (expr: string) =>
    differences(
      snapshot(edited(parts(), ['set', 'dashboards.other', other(expr)])),
      snapshot(edited(parts(), ['set', 'dashboards.other', other(expr)], ['remove', 'dash.panels.4'])),
    );

  it('is no risk when another dashboard shows the same, and says which', () => {
    expect(removed('topk(10, recent_deployment:outcome:code)')).toEqual([
      {
        area: 'dashboard',
        dashboard: 'deployments',
        panel: 21,
        place: ['deployments', 'Details', 'Recent'],
        text: 'panel removed; `other › Latest` shows the same',
      },
    ]);
  });

  it('is one when nothing else does, and is known by its id to the pictures', () => {
    expect(removed('up')).toMatchObject([
      { text: 'panel removed', risk: 'nothing else shows it', panel: 21 },
    ]);
  });
});

describe('rules and panels that move', () => {
  const sentences = (...edits: Parameters<typeof edited>[1][]): string[] =>
    differences(snapshot(parts()), snapshot(edited(parts(), ...edits))).map(
      ({ place, text, risk }) => `${place.join(' › ')}: ${text}${risk ? ` ! ${risk}` : ''}`,
    );
  const groups = parts().rules as unknown as { rules: { groups: { rules: unknown[] }[] } };
  const [slow, low] = groups.rules.groups[1]!.rules;

  it('to another group lose a running hold, where there is one', () => {
    expect(sentences(['remove', 'rules.rules.groups.1.rules.0'], ['add', 'ledger.rules', slow])).toEqual([
      'rules.yml › ledger › DeploymentTakingTooLong: moved from `rules.yml › alerts` ! a hold that is running starts again',
    ]);
    expect(sentences(['remove', 'rules.rules.groups.1.rules.1'], ['add', 'ledger.rules', low])).toEqual([
      'rules.yml › ledger › SuccessRateLow: moved from `rules.yml › alerts`',
    ]);
  });

  it('within their group are said to be in another order', () => {
    expect(
      sentences(['remove', 'rules.rules.groups.1.rules.0'], ['add', 'rules.rules.groups.1.rules', slow]),
    ).toEqual(['rules.yml › alerts: rules in another order']);
  });

  it('are rows when these change places', () => {
    const panels = (parts().dashboards as unknown as { deployments: { panels: unknown[] } }).deployments
      .panels;
    expect(
      sentences(['set', 'dash.panels', [panels[3], panels[4], panels[0], panels[1], panels[2]]]),
    ).toEqual(['deployments: rows in another order: `Key metrics, Details` → `Details, Key metrics`']);
  });
});
