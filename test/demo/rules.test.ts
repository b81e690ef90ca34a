import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedRules, recordedBy, rulesBehind } from '../../src/demo/rules.ts';
import { inProject } from '../../src/lib/root.ts';

const rule = (record: string, expr: string) => ({ group: 'g', record, expr, labels: {} });

describe('rules of the demo', () => {
  test('are the generated ones, evaluated at least every 15 s', () => {
    const files = generatedRules(inProject('generated'));
    expect(files.map(({ name }) => name)).toContain('ledger.yml');
    const intervals = new Set(files.flatMap(({ text }) => text.match(/^ +interval: .*$/gm) ?? []));
    expect(intervals.size).toBeGreaterThan(0);
    for (const interval of intervals) expect(Number(/(\d+)s$/.exec(interval)?.[1])).toBeLessThanOrEqual(15);
  });

  test('must have been built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    expect(() => generatedRules(folder)).toThrow('There are no rules in');
    mkdirSync(join(folder, 'prometheus', 'rules'), { recursive: true });
    expect(() => generatedRules(folder)).toThrow('There are no rules in');
    writeFileSync(
      join(folder, 'prometheus', 'rules', 'a.yml'),
      'groups:\n  - name: a\n    interval: 5s\n    rules: []\n',
    );
    expect(generatedRules(folder)[0]?.text).toContain('interval: 5s');
    rmSync(folder, { recursive: true });
  });

  test('that record something are read in order, alerts are not', () => {
    const text = `groups:
  - name: one
    rules:
      - record: a:b
        expr: sum(up)
        labels: { window: 1h }
      - alert: Broken
        expr: up == 0
`;
    expect(recordedBy([{ name: 'x.yml', text }])).toEqual([
      { group: 'one', record: 'a:b', expr: 'sum(up)', labels: { window: '1h' } },
    ]);
  });

  test('behind expressions are those of what they read, and of what those read in turn', () => {
    const rules = [
      rule('c:d', 'a:b:c + x:y'),
      rule('a:b:c', 'sum(fact:one:last)'),
      rule('x:y', '1'),
      rule('z:z', 'c:d'),
    ];
    const records = (...exprs: string[]) => rulesBehind(rules, exprs).map(({ record }) => record);
    expect(records('rate(c:d[5m])')).toEqual(['c:d', 'a:b:c', 'x:y']);
    expect(records('a:b:c', 'x:y')).toEqual(['a:b:c', 'x:y']);
    expect(records('up', 'missing:one')).toEqual([]);
  });

  test('with another label than the one that is read are not behind it', () => {
    const rules = ['1h', '7d'].map((window) => ({ ...rule('a:b', '1'), labels: { window } }));
    const windows = (expr: string) => rulesBehind(rules, [expr]).map(({ labels }) => labels.window);
    expect(windows('a:b{environment=~"$environment",window="7d"}')).toEqual(['7d']);
    expect(windows('a:b{window=~"1h|7d"} / a:b{window="7d"}')).toEqual(['1h', '7d']);
    expect(windows('a:b')).toEqual(['1h', '7d']);
  });
});
