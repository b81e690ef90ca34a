import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedRules, recordedBy, recordedNames, rulesBehind } from '../../scripts/demo/rules.ts';

const rule = (record: string, expr: string) => ({ group: 'g', record, expr, labels: {} });
const none = new Set<string>();

describe('rules of the demo', () => {
  test('are the generated ones, evaluated at least every 15 s', () => {
    const files = generatedRules();
    expect(files.map(({ name }) => name)).toContain('ledger.yml');
    const intervals = new Set(files.flatMap(({ text }) => text.match(/^ +interval: .*$/gm) ?? []));
    expect([...intervals]).toEqual(['    interval: 15s']);
  });

  test('must have been built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    expect(() => generatedRules(folder)).toThrow('There are no generated rules.');
    expect(() => generatedRules(join(folder, 'missing'))).toThrow('There are no generated rules.');
    writeFileSync(join(folder, 'a.yml'), 'groups:\n  - name: a\n    interval: 5s\n    rules: []\n');
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

  test('behind a metric are all that it is made of, as far as that is not there already', () => {
    const rules = [
      rule('c:d', 'a:b:c + x:y'),
      rule('a:b:c', 'sum(fact:one:last)'),
      rule('x:y', '1'),
      rule('z:z', 'c:d'),
    ];
    const records = (metrics: string[], known = none) =>
      rulesBehind(rules, new Set(metrics), known).map((r) => r.record);
    expect(records(['c:d'])).toEqual(['c:d', 'a:b:c', 'x:y']);
    expect(records(['c:d'], new Set(['x:y']))).toEqual(['c:d', 'a:b:c']);
    expect(records(['missing:one'])).toEqual([]);
  });

  test('name recorded metrics with colons', () => {
    expect(recordedNames('sum by (a) (env:rate:avg{window="1h"}) / up offset 5m > env:b')).toEqual([
      'env:rate:avg',
      'env:b',
    ]);
  });
});
