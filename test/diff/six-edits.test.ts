import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/compile/index.ts';
import type { Change } from '../../src/diff/change.ts';
import { differences } from '../../src/diff/diff.ts';
import { markdown } from '../../src/diff/markdown.ts';
import { terminalText } from '../../src/diff/render.ts';

const series = 'environment_stage:duration_seconds:avg';
const windows = ['1h', '1d', '7d'];

/** A small bundle: a series in three windows, what is recorded of it, an alert, and a dashboard that shows both. */
const text = JSON.stringify({
  rules: {
    indicators: windows.map((window) => ({
      name: `parts-${window}`,
      interval: '30s',
      rules: [
        {
          record: series,
          expr: `avg by (environment, service, stage) (last_over_time(deployment_stage:duration_seconds:last[${window}]))`,
          labels: { window },
        },
      ],
    })),
    alerts: [
      {
        name: 'alerts',
        rules: [
          {
            alert: 'StageSlow',
            expr: `max_over_time(${series}{window="1d"}[7d]) > 600`,
            for: '5m',
            labels: { severity: 'critical' },
            annotations: { summary: 'A stage is slow.' },
          },
        ],
      },
    ],
  },
  dashboards: {
    overview: {
      uid: 'overview',
      title: 'Overview',
      time: { from: 'now-24h', to: 'now' },
      panels: [
        {
          id: 1,
          type: 'timeseries',
          title: 'Stages',
          gridPos: { x: 0, y: 0, w: 12, h: 8 },
          fieldConfig: { defaults: { unit: 's' }, overrides: [] },
          targets: [
            { refId: 'A', expr: `${series}{window="1h",service=~"$service"}`, legendFormat: '{{service}}' },
          ],
        },
        {
          id: 2,
          type: 'stat',
          title: 'Environments',
          gridPos: { x: 12, y: 0, w: 12, h: 8 },
          fieldConfig: { defaults: { unit: 's' }, overrides: [] },
          targets: [{ refId: 'A', expr: `max by (environment) (${series}{window="7d"})`, instant: true }],
        },
      ],
      templating: { list: [] },
      annotations: { list: [] },
    },
  },
});

function snapshot(json: string): Snapshot {
  const { rules, dashboards } = JSON.parse(json) as {
    rules: Record<string, never>;
    dashboards: Record<string, Dashboard>;
  };
  return {
    rules: new Map(Object.entries(rules)),
    dashboards: new Map(Object.entries(dashboards)),
    alertmanager: {
      route: { receiver: 'tickets', routes: [{ matchers: ['severity="critical"'], receiver: 'pager' }] },
    },
    hashes: new Map(),
  };
}

/** The review of an edit: one entry for one edit. */
function review(from: string | RegExp, to: string): Change {
  const edited = text.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'g'), to);
  expect(edited).not.toBe(text);
  const [change, ...others] = differences(snapshot(text), snapshot(edited));
  expect(others).toEqual([]);
  return change!;
}

describe('six edits that people make, each as one entry', () => {
  it('a renamed series, with what the new name costs and how the past is kept', () => {
    const { text: said, risk, readBy } = review(series, 'environment_stage:took_seconds:avg');
    expect(said).toBe(
      'renamed: `environment_stage:duration_seconds:avg` → `environment_stage:took_seconds:avg`; until 7d have passed, `environment_stage:took_seconds:avg or environment_stage:duration_seconds:avg` reads both',
    );
    expect(risk).toBe(
      'its history starts anew, and alert StageSlow 7d, panel overview › Stages 1d look back at it',
    );
    expect(readBy).toEqual(['alert StageSlow', 'panel overview › Environments', 'panel overview › Stages']);
  });

  it('a label that is aggregated away, with those that use it and not those that do not', () => {
    const {
      place,
      text: said,
      risk,
    } = review('avg by (environment, service, stage)', 'avg by (environment, stage)');
    expect(place).toEqual(['indicators.yml', '3 groups', `${series}{window="1h|1d|7d"}`]);
    expect(said).toBe('grouping `by (environment, service, stage)` → `by (environment, stage)`');
    expect(risk).toBe('`service` is gone, and panel overview › Stages uses it');
  });

  it('another value of a label, with those that still ask for the former one', () => {
    const { text: said, risk } = review('"labels":{"window":"7d"}', '"labels":{"window":"8d"}');
    expect(said).toContain('labels changed: ');
    expect(risk).toBe('panel overview › Environments still read it by its former labels');
  });

  it('another unit', () => {
    const { risk } = review(/"title":"Stages"(.*?)"unit":"s"/, '"title":"Stages"$1"unit":"percent"');
    expect(risk).toBe('the same numbers read as something else');
  });

  it('a threshold, beside whom the alert reaches', () => {
    const change = review('> 600', '> 1200');
    expect(change.audience).toBe('critical, to pager');
    expect(change.risk).toBe('it fires less easily than before');
    expect(terminalText([change])).toContain('StageSlow [critical, to pager]: number 600 → 1200');
    expect(markdown([change])).toContain('StageSlow** (critical, to pager): number `600` → `1200`');
  });

  it('a severity, with who no longer hears of it', () => {
    const change = review('"severity":"critical"', '"severity":"info"');
    expect(change.audience).toBe('info, to tickets');
    expect(change.text).toContain('goes to `tickets` and no longer to `pager`');
    expect(change.risk).toBe('it reaches fewer people');
  });
});

describe('what is not a renamed series', () => {
  it('is one that is recorded otherwise at the same time', () => {
    const edited = text
      .replaceAll(series, 'environment_stage:took_seconds:max')
      .replaceAll('avg by (environment, service, stage)', 'max by (environment, service, stage)');
    const texts = differences(snapshot(text), snapshot(edited)).map((change) => change.text);
    expect(texts.filter((t) => t.startsWith('renamed'))).toEqual([]);
    expect(texts).toContain('recording rule removed');
    expect(texts).toContain('recording rule added');
  });
});
