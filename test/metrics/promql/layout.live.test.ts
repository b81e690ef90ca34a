import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { layoutPromql } from '../../../src/promql/layout.ts';
import { equalPromql, formatPromql } from '../../../src/promql/print.ts';
import { obtainPrograms } from '../../../src/servers/find.ts';
import { bundle as relayBundle } from '../../relay.ts';
import { RandomExpression, random } from './random.ts';

const rules = Object.values(relayBundle.ruleFiles).flatMap((groups) =>
  groups.flatMap((group) => group.rules.map((rule) => rule.expr.text)),
);
const next = random(3);
const made = Array.from({ length: 300 }, () => formatPromql(new RandomExpression(next).vector(4)));

describe('PromQL on several lines', () => {
  it('means the same as on one line, for every rule and for random expressions', () => {
    expect(rules.length).toBeGreaterThan(300);
    expect([...rules, ...made].filter((text) => !equalPromql(text, layoutPromql(text)))).toEqual([]);
  });

  it('breaks what is long and leaves what is short', () => {
    expect(layoutPromql('sum by (a) (x)')).toBe('sum by (a) (x)');
    const long = 'x'.repeat(90);
    expect(layoutPromql(`sum by (a) (${long}) > on (b) y`).split('\n')).toEqual([
      '  sum by (a) (',
      `    ${long}`,
      '  )',
      '> on (b)',
      '  y',
    ]);
  });

  it('leaves text alone that is no PromQL', () => {
    expect(layoutPromql('sum by (')).toBe('sum by (');
  });

  describe('beside promtool', () => {
    let promtool = '';
    beforeAll(async () => {
      promtool = (await obtainPrograms(['promtool'], 'current')).promtool;
    });

    it('is what "promtool promql format" prints', () => {
      const sample = [...new Set(rules)].filter((_, i) => i % 6 === 0);
      const printed = sample.map((text) =>
        execFileSync(promtool, ['--experimental', 'promql', 'format', '--', text], {
          encoding: 'utf8',
        }).trimEnd(),
      );
      expect(sample.map(layoutPromql)).toEqual(printed);
    });
  });
});
