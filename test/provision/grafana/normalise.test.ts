import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/lib/canonical.ts';
import { describeDashboard } from '../../../src/provision/grafana/describe.ts';
import { normalise } from '../../../src/provision/grafana/normalise.ts';
import {
  appliedHash,
  contentHash,
  isOwnTag,
  isUntouched,
  managedTag,
  marked,
  tagsOf,
} from '../../../src/provision/grafana/ownership.ts';
import type { JsonObject } from '../../../src/provision/model.ts';
import { owner } from '../../../src/provision/owner.ts';
import { rewriteDashboard } from '../../fakes/grafana/rewrite.ts';
import { seeded } from '../../fakes/wire/faults.ts';
import { dashboard } from '../fixtures/bundle.ts';

const panel = (own: JsonObject): JsonObject => ({
  ...dashboard('d'),
  panels: [{ id: 1, type: 'stat', title: 'A', ...own }],
});
const same = (a: JsonObject, b: JsonObject): boolean =>
  canonicalJson(normalise(a)) === canonicalJson(normalise(b));

describe('normalising', () => {
  it('undoes what Grafana does when it stores a dashboard', () => {
    const spec = dashboard('d');
    expect(
      same(rewriteDashboard(structuredClone(spec) as Record<string, unknown>, false) as JsonObject, spec),
    ).toBe(true);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['runtime keys', { ...dashboard('d'), id: 7, version: 3, iteration: 1 }, dashboard('d')],
    [
      'null thresholds',
      panel({
        fieldConfig: { defaults: { thresholds: { steps: [{ color: 'red', value: null }] } }, overrides: [] },
      }),
      panel({ fieldConfig: { defaults: { thresholds: { steps: [{ color: 'red' }] } } } }),
    ],
    ['empty option lists', panel({ links: [], options: {}, transparent: false, description: '' }), panel({})],
    ['the plugin’s version', panel({ pluginVersion: '13.1.0' }), panel({})],
    [
      'the built-in annotation',
      { ...dashboard('d'), annotations: { list: [{ builtIn: 1, name: 'Annotations & Alerts' }] } },
      dashboard('d'),
    ],
    ['an empty timepicker', { ...dashboard('d'), timepicker: { hidden: false } }, dashboard('d')],
    ['order of keys', { title: 'x', tags: ['a'] }, { tags: ['a'], title: 'x' }],
  ])('takes no difference for one: %s', (_, a, b) => {
    expect(same(a, b)).toBe(true);
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a legend that was switched off',
      panel({ options: { legend: { showLegend: false } } }),
      panel({ options: { legend: {} } }),
    ],
    [
      'a unit',
      panel({ fieldConfig: { defaults: { unit: 's' } } }),
      panel({ fieldConfig: { defaults: { unit: 'ms' } } }),
    ],
    ['zero and nothing', panel({ fieldConfig: { defaults: { min: 0 } } }), panel({})],
    [
      'a hidden query',
      panel({ targets: [{ refId: 'A', expr: 'up', hide: true }] }),
      panel({ targets: [{ refId: 'A', expr: 'up' }] }),
    ],
    [
      'order of panels',
      { ...dashboard('d'), panels: [{ id: 1 }, { id: 2 }] },
      { ...dashboard('d'), panels: [{ id: 2 }, { id: 1 }] },
    ],
    ['an editable switch', { ...dashboard('d'), editable: false }, dashboard('d')],
    [
      'a user’s annotation query',
      { ...dashboard('d'), annotations: { list: [{ name: 'mine' }] } },
      dashboard('d'),
    ],
  ])('sees a real difference: %s', (_, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(describeDashboard(a, b)).not.toEqual([]);
  });

  it('is idempotent, and describes nothing where nothing differs (300 seeded dashboards)', () => {
    for (let seed = 0; seed < 300; seed++) {
      const spec = randomDashboard(seeded(seed));
      expect(normalise(normalise(spec))).toEqual(normalise(spec));
      const stored = rewriteDashboard(structuredClone(spec) as Record<string, unknown>, false) as JsonObject;
      expect(canonicalJson(normalise(stored)), `seed ${seed}`).toBe(canonicalJson(normalise(spec)));
      expect(describeDashboard(stored, spec)).toEqual([]);
    }
  });
});

/** A dashboard of random parts, default values among them. */
function randomDashboard(random: () => number): JsonObject {
  const maybe = (part: JsonObject): JsonObject => (random() < 0.5 ? part : {});
  const one = (id: number): JsonObject => ({
    id,
    type: random() < 0.2 ? 'row' : 'stat',
    ...maybe({ title: random() < 0.5 ? '' : `Panel ${id}` }),
    ...maybe({ transparent: random() < 0.5 }),
    ...maybe({ links: random() < 0.5 ? [] : [{ title: 'x', url: '/d/x' }] }),
    ...maybe({ gridPos: random() < 0.5 ? { x: 0, y: 0, w: 6, h: 3 } : { x: id, y: 0, w: 4, h: 8 } }),
    ...maybe({ options: random() < 0.5 ? {} : { legend: { showLegend: false } } }),
    ...maybe({ targets: random() < 0.5 ? [{ refId: 'A' }] : [{ refId: 'A', expr: 'up', hide: false }] }),
    ...maybe({
      fieldConfig:
        random() < 0.5 ? { defaults: {}, overrides: [] } : { defaults: { min: 0, unit: 's' }, overrides: [] },
    }),
  });
  return {
    title: 'Random',
    schemaVersion: 42,
    ...maybe({ editable: random() < 0.5 }),
    ...maybe({ timezone: random() < 0.5 ? '' : 'utc' }),
    ...maybe({ graphTooltip: random() < 0.5 ? 0 : 1 }),
    ...maybe({ links: [] }),
    ...maybe({ templating: { list: [{ name: 'v', type: 'custom', query: 'a,b', hide: 0 }] } }),
    ...maybe({ annotations: { list: [] } }),
    panels: Array.from({ length: Math.floor(random() * 5) }, (_, i) => one(i + 1)),
  };
}

describe('marks', () => {
  const spec = dashboard('deployment-slo');
  const us = owner('Relay', 'production');
  const ours = marked('deployment-slo', spec, 'f', us);

  it('say who made it and what was applied, and are not part of the content', () => {
    expect(tagsOf(ours)).toEqual([
      'deployments',
      managedTag,
      'owner:Relay/production',
      expect.stringMatching(/^applied:[0-9a-f]{8}-[0-9a-f]{16}$/),
    ]);
    expect(appliedHash('deployment-slo', ours)).toBe(contentHash(spec, 'f'));
    expect(contentHash(ours, 'f')).toBe(contentHash(spec, 'f'));
    expect(tagsOf(ours).every((tag) => tag.length <= 50)).toBe(true);
    expect('uid' in ours || 'id' in ours || 'version' in ours).toBe(false);
  });

  it('are renewed, not piled up', () => {
    const again = marked('deployment-slo', { ...ours, description: 'new' }, 'f', us);
    expect(tagsOf(again).filter(isOwnTag)).toHaveLength(3);
    expect(appliedHash('deployment-slo', again)).not.toBe(appliedHash('deployment-slo', ours));
  });

  it('do not make a copy ours', () => {
    expect(appliedHash('copy-of-slo', ours)).toBeUndefined();
    expect(appliedHash('deployment-slo', { ...ours, tags: [managedTag] })).toBeUndefined();
    expect(
      appliedHash('deployment-slo', { ...ours, tags: tagsOf(ours).filter((t) => t !== managedTag) }),
    ).toBeUndefined();
  });

  it('show an edit and a move, unless the server itself says that our write was the last', () => {
    expect(isUntouched('deployment-slo', { spec: ours, folder: 'f' })).toBe(true);
    expect(isUntouched('deployment-slo', { spec: ours, folder: 'g' })).toBe(false);
    const edited = { ...ours, title: 'x' };
    expect(isUntouched('deployment-slo', { spec: edited, folder: 'f' })).toBe(false);
    expect(isUntouched('deployment-slo', { spec: edited, folder: 'f', asWritten: true })).toBe(true);
    expect(isUntouched('copy', { spec: ours, folder: 'f', asWritten: true })).toBe(false);
  });
});

describe('a difference in words', () => {
  const before = dashboard('d');
  const panels = before.panels as readonly JsonObject[];

  it('names panels, queries, variables and settings', () => {
    const after: JsonObject = {
      ...before,
      title: 'New title',
      refresh: '30s',
      tags: ['deployments', 'x'],
      panels: [
        {
          ...panels[0],
          gridPos: { x: 6, y: 0, w: 6, h: 3 },
          targets: [
            { refId: 'A', expr: 'down' },
            { refId: 'B', expr: 'x' },
          ],
        },
        { id: 9, type: 'stat', title: 'Added' },
      ],
      templating: { list: [{ name: 'service', type: 'query' }] },
      annotations: { list: [{ name: 'Deploys' }] },
    };
    const words = describeDashboard(before, after);
    expect(words.slice(0, 4)).toEqual([
      'title Dashboard d → New title',
      'tags ["deployments"] → ["deployments","x"]',
      'refresh 10s → 30s',
      'variables › datasource: variable removed (links that set it no longer do anything)',
    ]);
    expect(words.at(-1)).toMatch(/^and \d+ more differences$/);
    expect(words).toHaveLength(8);
  });

  it('looks into collapsed rows', () => {
    const row = (expr: string): JsonObject => ({
      title: 'x',
      panels: [
        {
          id: 1,
          type: 'row',
          title: 'Row',
          collapsed: true,
          panels: [{ id: 2, type: 'stat', title: 'Inner', targets: [{ refId: 'A', expr }] }],
        },
      ],
    });
    expect(describeDashboard(row('a'), row('b'))).toEqual(['Row › Inner › query A: metric a → b']);
  });

  it('reads what was written by hand and is no dashboard', () => {
    const odd: JsonObject = {
      panels: [
        'x',
        { id: 1, targets: 'x', links: {}, fieldConfig: { defaults: 'x', overrides: { a: 1 } } },
        { id: 2, type: 'row', panels: 'x', fieldConfig: { overrides: [{}], defaults: { thresholds: 1 } } },
      ],
      templating: { list: ['x', {}] },
      annotations: { list: 'x' },
    };
    expect(describeDashboard(odd, before)).not.toEqual([]);
    expect(describeDashboard(before, odd)).not.toEqual([]);
  });

  it('tells a renamed panel by its id', () => {
    const renamed = { ...before, panels: [{ ...panels[0], title: 'Rate' }, ...panels.slice(1)] };
    expect(describeDashboard(before, renamed)).toEqual(['Rate: renamed: Success rate → Rate']);
  });
});
