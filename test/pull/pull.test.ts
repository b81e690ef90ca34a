import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import pipeline from '../../pipeline.config.ts';
import { vocabularyOf } from '../../src/compile/index.ts';
import { root } from '../../src/lib/root.ts';
import { changedSources, type Pulled, patchOf, pull, pulledText, readSources } from '../../src/pull/index.ts';

const bundle = loadBundle(pipeline);
const sources = readSources(root);
const vocabulary = vocabularyOf(bundle.metrics);
const built = bundle.dashboards.find((d) => d.definition.uid === 'deployment-pipeline')!;
const title = 'Success rate, $window';

const panelOf = (dashboard: Dashboard, name = title): Panel =>
  (dashboard.panels ?? [])
    .flatMap((p) => [p as Panel, ...((p as { panels?: Panel[] }).panels ?? [])])
    .find((p) => p.title === name)!;

/** Result of a pull after a change in Grafana. */
function pulledAfter(
  change: (dashboard: Dashboard, panel: Panel) => void,
  lost: readonly string[] = [],
): Pulled {
  const there = structuredClone(built.json) as Dashboard;
  change(there, panelOf(there));
  const edits = [
    {
      uid: built.definition.uid,
      title: built.definition.title,
      savedBy: 'user:maria',
      defined: structuredClone(built.json) as never,
      there: there as never,
      lost,
    },
  ];
  return pull({ edits, built: bundle.dashboards, sources, vocabulary })[0]!;
}
const patched = (pulled: Pulled): string => patchOf(sources, changedSources([pulled], sources));
const defaults = (panel: Panel) =>
  (panel.fieldConfig as unknown as { defaults: Record<string, unknown> }).defaults;
const lines = (patch: string): string[] =>
  patch
    .split('\n')
    .filter((line) => /^[-+] /.test(line))
    .map((l) => l.replace(/\s+/g, ' '));

describe('what is changed in Grafana and a definition says as a literal becomes a patch', () => {
  it.each<[string, (dashboard: Dashboard, panel: Panel) => void, string, string]>([
    [
      'title',
      (_, p) => {
        p.title = 'Rate';
      },
      "title: 'Success rate, $window'",
      "title: 'Rate'",
    ],
    [
      'unit',
      (_, p) => {
        defaults(p).unit = 'percent';
      },
      "unit: 'percentunit'",
      "unit: 'percent'",
    ],
    [
      'decimals',
      (_, p) => {
        defaults(p).decimals = 3;
      },
      'decimals: 1',
      'decimals: 3',
    ],
    [
      'size',
      (_, p) => {
        p.gridPos!.w = 12;
      },
      'width: 6',
      'width: 12',
    ],
    [
      'description',
      (dashboard) => {
        const panel = panelOf(dashboard, 'Last deployment');
        panel.description = panel.description!.replace('counted on the right', 'counted beside it');
      },
      'counted on the right',
      'counted beside it',
    ],
    [
      'a part of a description that has numbers put in',
      (_, panel) => {
        panel.description = panel.description!.replace('how many those are', 'their number');
      },
      'how many those are',
      'their number',
    ],
    [
      'legend',
      (_, p) => {
        (p.targets![0] as unknown as { legendFormat: string }).legendFormat = '{{environment}}';
      },
      'legend: ',
      "legend: '{{environment}}'",
    ],
    [
      'refresh of the dashboard',
      (d) => {
        d.refresh = '5m';
      },
      'refresh: ',
      "refresh: '5m'",
    ],
    [
      'time span of the dashboard',
      (d) => {
        d.time!.from = 'now-30d';
      },
      'from: ',
      "from: 'now-30d'",
    ],
  ])('%s', (_, change, before, after) => {
    const pulled = pulledAfter(change);
    expect(pulled.changes.length).toBeGreaterThan(0);
    const changed = lines(patched(pulled));
    expect(changed.filter((line) => line.startsWith('-')).join('\n')).toContain(before);
    expect(changed.filter((line) => line.startsWith('+')).join('\n')).toContain(after);
    expect(changed).toHaveLength(2);
  });

  it('threshold, of another panel', () => {
    const pulled = pulledAfter((dashboard) => {
      const { thresholds } = defaults(panelOf(dashboard, 'Active deployments')) as {
        thresholds: { steps: { value: number }[] };
      };
      const step = thresholds.steps.find(({ value }) => value === 1)!;
      step.value = 4;
    });
    expect(lines(patched(pulled)).join('\n')).toContain('[4, colour.running]');
  });
});

describe('what code makes is said in words, to be changed by hand', () => {
  it('a threshold that has a name', () => {
    const pulled = pulledAfter((_, panel) => {
      const { thresholds } = defaults(panel) as { thresholds: { steps: { value: number }[] } };
      thresholds.steps.find(({ value }) => value === 0.9)!.value = 0.8;
    });
    expect(patched(pulled)).toBe('');
    expect(pulled.notes.join('\n')).toContain(
      'thresholds 0.9 becomes 0.8; the definition does not say it as a literal',
    );
    expect(pulled.notes.join('\n')).toContain('dashboards/overview/');
    expect(pulledText([pulled])).toContain('threshold');
  });

  it('an expression, checked against the catalogue', () => {
    const set = (expr: string) =>
      pulledAfter((_, panel) => {
        (panel.targets![0] as unknown as { expr: string }).expr = expr;
      });
    const good = set('deployment:success:bool{environment=~"$environment"}');
    expect(good.notes).toEqual([
      `panel "${title}": query A is made by code; write it as deployment:success:bool{environment=~"$environment"}`,
    ]);
    const unknown = set('deployment:sucess:bool{environment=~"$environment"}').notes.join('\n');
    expect(unknown).toContain('deployment:sucess:bool');
    expect(unknown.split('\n').length).toBeGreaterThan(1);
    expect(set('sum(').notes.length).toBeGreaterThan(1);
  });

  it.each<[string, (dashboard: Dashboard, panel: Panel) => void]>([
    [
      'a panel that was removed',
      (d) =>
        void d.panels!.splice(
          d.panels!.findIndex((p) => p.type !== 'row'),
          1,
        ),
    ],
    [
      'a link',
      (d) => {
        d.links = [];
      },
    ],
    ['a variable', (d) => void d.templating!.list!.pop()],
    [
      'a visualization',
      (_, p) => {
        p.type = 'gauge';
      },
    ],
    [
      'options',
      (_, p) => {
        p.options = { ...p.options, textMode: 'name' };
      },
    ],
  ])('%s is in the review’s words, and in no patch', (_, change) => {
    const pulled = pulledAfter(change);
    expect(pulled.changes.length).toBeGreaterThan(0);
    expect(patched(pulled)).toBe('');
  });

  it('what a definition cannot express at all', () => {
    expect(pulledAfter(() => {}, ['tabs']).notes).toEqual(['tabs: a definition cannot say it']);
  });
});

describe('nothing', () => {
  it('is said as such', () => {
    expect(pulledText([])).toBe('Nothing was edited in Grafana.');
    expect(patchOf(sources, new Map())).toBe('');
  });
});
