import { describe, expect, it, test } from 'vitest';
import { judgeClocks } from '../../src/doctor/clocks.ts';
import { judgeChange } from '../../src/doctor/grafana.ts';
import { examineGroups } from '../../src/doctor/groups.ts';
import { judgePresence, requiredMetrics, type Success } from '../../src/doctor/metrics.ts';
import { ageText, type Finding, isHealthy, some } from '../../src/doctor/model.ts';
import { reportText } from '../../src/doctor/render.ts';
import { judgeRules } from '../../src/doctor/rules.ts';
import { judgeWords, type RecordedWord } from '../../src/doctor/words.ts';
import type { ServedRuleGroup } from '../../src/lib/prometheus-api.ts';
import { pipelineJob } from '../../src/metrics/index.ts';
import type { Action, PlannedChange } from '../../src/provision/model.ts';
import { pipeline } from '../relay.ts';

const ids = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, id }) => `${severity} ${id}`);
const now = 1_800_000_000;
const ago = (h: number): number => now - h * 3_600;
const hours = (...all: number[]): Success[] => all.map((h) => ({ finished: ago(h), recorded: true }));

describe('words that the pipeline file does not know', () => {
  const words = (environment: string, count: number): RecordedWord[] =>
    Array.from({ length: count }, (_, i) => ({ environment, kind: 'stage', word: `build-${i}` }));
  const judged = (...all: RecordedWord[]) => judgeWords(all, pipeline);

  it('are spoken of from twenty-one in one environment on', () => {
    expect(judged(...words('production', 20), ...words('staging', 20))).toEqual([]);
    const [finding, ...more] = judged(...words('production', 21), ...words('staging', 2));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ id: 'unknown-words', severity: 'warning' });
    expect(finding?.place).toContain('production');
    expect(finding?.summary).toMatch(/^21 services, stages and resources .*stage build-0/);
  });

  it('are none that it knows, and no resources where it lists none', () => {
    const known = Object.keys(pipeline.stages).map(
      (word): RecordedWord => ({ environment: 'production', kind: 'stage', word }),
    );
    expect(judged(...known, ...words('production', 20))).toEqual([]);
    const paid = words('production', 30).map((one): RecordedWord => ({ ...one, kind: 'resource' }));
    expect(judgeWords(paid, { ...pipeline, cost: { currency: 'EUR', resources: [], runners: {} } })).toEqual(
      [],
    );
  });
});

test('of a group of the older collector the page about it is the remedy, and not its removal', () => {
  const group = { labels: { job: pipelineJob, instance: '1234' }, families: new Map() };
  const [finding] = examineGroups([group], now);
  expect(finding).toMatchObject({ id: 'phantom-group', fix: expect.stringContaining('docs/collector.md') });
  expect(finding?.fix).not.toContain('DELETE');
});

describe('a required metric', () => {
  const name = 'smoke_test_success';
  test.each<[string, number | undefined, Success[], string[]]>([
    ['that is there', now, hours(1, 2, 3), []],
    ['that was there with the last success', ago(5), hours(5, 9), []],
    ['that is missing since one success', ago(5), hours(1), ['warning vanished']],
    ['that is missing since three', ago(5), hours(1, 2, 3), ['error vanished']],
    ['that never was, with one success', undefined, hours(1), ['warning never-existed']],
    ['that never was, with three', undefined, hours(1, 30, 300), ['error never-existed']],
    ['that never was, nor any success', undefined, [], ['warning never-existed']],
  ])('%s', (_, lastSeen, successes, expected) => {
    expect(ids(judgePresence([{ name, lastSeen }], successes, now))).toEqual(expected);
  });

  it('says since when, and which verb pushes it', () => {
    const [finding] = judgePresence([{ name, lastSeen: ago(5) }], hours(1), now);
    expect(finding?.summary).toContain(
      '5 h ago (2027-01-15T03:00:00.000Z), and 1 deployment succeeded since',
    );
    expect(finding?.fix).toContain('record.mjs smoke-test');
  });
  describe('that only the recorder pushes', () => {
    const collected = hours(1, 2, 3).map((success) => ({ ...success, recorded: false }));
    it('is not missed of deployments that the collector reported', () => {
      expect(ids(judgePresence([{ name, lastSeen: undefined }], collected, now))).toEqual([
        'note collector-limits',
      ]);
      expect(ids(judgePresence([{ name, lastSeen: ago(5) }], collected, now))).toEqual([
        'note collector-limits',
      ]);
    });
    it('is missed of the others, and what the collector pushes of all', () => {
      const both = [...collected, ...hours(4)];
      expect(ids(judgePresence([{ name, lastSeen: undefined }], both, now))).toEqual([
        'warning never-existed',
        'note collector-limits',
      ]);
      expect(ids(judgePresence([{ name: 'smoke_test_total', lastSeen: undefined }], both, now))).toEqual([
        'error never-existed',
        'note collector-limits',
      ]);
    });
  });
  it('is one of the catalogue', () => {
    expect(requiredMetrics).toContain('deployment_finished_timestamp_seconds');
    expect(requiredMetrics).not.toContain('deployment_rollback_total');
  });
});

describe('rules', () => {
  const served = (name: string, health = 'ok'): ServedRuleGroup => ({
    name,
    file: 'rules.yml',
    interval: 60,
    rules: [
      {
        type: 'recording',
        name: 'x',
        query: 'up',
        health,
        ...(health === 'err' && { lastError: 'many-to-many' }),
      },
    ],
  });
  const defined = { groups: ['ledger', 'deployment-bundle'], version: 'abc' };
  const ours = [served('ledger'), served('deployment-bundle')];

  test.each<[string, readonly ServedRuleGroup[], string[], string[]]>([
    ['as defined', ours, ['abc'], []],
    ['with others beside', [...ours, served('another', 'err')], ['abc'], []],
    ['none', [served('another')], [], ['error no-rules']],
    ['one group missing', [ours[1]!], ['abc'], ['error rules-missing']],
    ['of another version', ours, ['def'], ['error rules-version']],
    ['of no version yet', ours, [], ['error rules-version']],
    ['failing', [served('ledger', 'err'), ours[1]!], ['abc'], ['error rule-fails']],
    ['not evaluated', [served('ledger', 'unknown'), ours[1]!], ['abc'], ['warning rules-waiting']],
  ])('%s', (_, groups, versions, expected) => {
    expect(ids(judgeRules(groups, versions, defined))).toEqual(expected);
  });
  it('without knowing what is defined', () => {
    expect(judgeRules(ours, ['abc'], undefined)).toEqual([]);
    expect(ids(judgeRules([], [], undefined))).toEqual(['error no-rules']);
  });
});

describe('clocks', () => {
  const severities = (gateway: number | undefined, prometheus: number | undefined): string[] =>
    judgeClocks({ gateway, prometheus }).map(({ severity, place }) => `${severity} ${place[0]}`);
  test.each<[number | undefined, number | undefined, string[]]>([
    [undefined, undefined, []],
    [9, -0.5, []],
    [undefined, -30, ['warning Prometheus']],
    [90, undefined, ['error Pushgateway']],
    [30, 0, ['warning Pushgateway']],
    [-300, 1, ['error Pushgateway']],
    [-40, 40, ['error Pushgateway']],
    [300, 301, ['warning this machine']],
    [-15, -15, ['warning this machine']],
  ])('gateway %s s and Prometheus %s s ahead of this machine', (gateway, prometheus, expected) => {
    expect(severities(gateway, prometheus)).toEqual(expected);
  });
  it('says in which direction', () => {
    const problem = (gateway: number | undefined, prometheus: number | undefined): string | undefined =>
      judgeClocks({ gateway, prometheus })[0]?.summary;
    expect(problem(undefined, -90)).toBe('Its clock is 90 s behind that of this machine.');
    expect(problem(90, 0)).toBe('Its clock is 90 s ahead of that of Prometheus.');
    expect(problem(300, 300)).toBe(
      'Its clock is 5 min behind those of the Pushgateway and of Prometheus, which agree.',
    );
  });
});

describe('what provisioning would change in Grafana', () => {
  const change = (kind: PlannedChange['kind'], action: Action): PlannedChange => ({
    target: 'grafana',
    kind,
    id: 'x',
    title: 'X',
    action,
    details: ['because'],
  });
  test.each<[PlannedChange['kind'], Action, string[]]>([
    ['dashboard', 'unchanged', []],
    ['dashboard', 'create', ['error dashboard-missing']],
    ['dashboard', 'update', ['error dashboard-version']],
    ['dashboard', 'edited', ['warning dashboard-edited']],
    ['dashboard', 'adopt', ['warning dashboard-foreign']],
    ['dashboard', 'blocked', ['warning dashboard-blocked']],
    ['dashboard', 'delete', ['warning dashboard-left-over']],
    ['data source', 'unchanged', []],
    ['data source', 'create', ['error datasource-missing']],
    ['data source', 'blocked', ['error datasource-missing']],
    ['data source', 'unhealthy', ['error datasource-unhealthy']],
    ['folder', 'create', ['error folder-missing']],
    ['folder', 'edited', ['warning folder']],
    ['annotation', 'create', []],
  ])('%s %s', (kind, action, expected) => {
    expect(ids(judgeChange(change(kind, action)))).toEqual(expected);
  });
});

describe('the report', () => {
  const finding = (severity: Finding['severity']): Finding => ({
    id: severity,
    severity,
    place: ['a', 'b'],
    summary: 'It is so.',
    fix: 'Fix it.',
  });
  const report = (...severities: Finding['severity'][]) => {
    const steps = [{ title: 'Step', seen: 'seen', findings: severities.map(finding) }];
    return { healthy: isHealthy(steps), version: 'abc', steps };
  };
  it('is healthy with warnings', () => {
    expect(report('warning', 'note').healthy).toBe(true);
    expect(reportText(report('warning'))).toContain('Telemetry flows, with 1 warning.');
    expect(reportText(report())).toBe('✓ Step  seen\n\nTelemetry flows.');
  });
  it('is not with an error, and shows it first', () => {
    expect(report('warning', 'error').healthy).toBe(false);
    expect(reportText(report('warning', 'error'))).toBe(
      '✗ Step  seen\n  error error: It is so.\n    at a › b\n    → Fix it.\n  warning warning: It is so.\n    at a › b\n    → Fix it.\n\nTelemetry does not flow: 1 error, 1 warning. Fix the first one first.',
    );
  });
});

it('says lengths of time and lists as people do', () => {
  expect([30, 600, 86_400, 864_000].map(ageText)).toEqual(['30 s', '10 min', '24 h', '10 days']);
  expect(some(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
});
