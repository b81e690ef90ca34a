import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/metrics/rule.ts';
import { layoutPromql } from '../../src/promql/layout.ts';
import { metricOf, visit } from '../../src/promql/nodes.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { bundle as relayBundle } from '../relay.ts';

const { ruleFiles } = relayBundle;
const rules: readonly Rule[] = Object.values(ruleFiles).flatMap((groups) => groups.flatMap((g) => g.rules));
/** Series that an expression reads at the moment of its evaluation: a range sees what was recorded before. */
function readNow(text: string): string[] {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(text);
  const names: string[] = [];
  visit(parsed.ast, (node, parent) => {
    if (node.kind === 'selector' && parent?.kind !== 'matrix') names.push(metricOf(node) ?? '');
  });
  return names;
}

/** The longest chain of rules of which each reads what the one before gives, up to this series. */
function chains(): (name: string) => readonly string[] {
  const reads = new Map<string, string[]>();
  for (const rule of rules)
    if (rule.kind === 'record')
      reads.set(rule.record, [...(reads.get(rule.record) ?? []), ...readNow(rule.expr.text)]);
  const known = new Map<string, readonly string[]>();
  const chain = (name: string): readonly string[] => {
    const own = reads.get(name);
    if (!own) return [];
    const found = known.get(name);
    if (found) return found;
    const longest = own.map(chain).reduce((a, b) => (b.length > a.length ? b : a), []);
    known.set(name, [...longest, name]);
    return [...longest, name];
  };
  return chain;
}

describe('rules that a person can review', () => {
  it('have no expression over 1,200 characters, and nine of ten under 620', () => {
    expect(rules.length).toBeGreaterThan(300);
    const lengths = rules.map(({ expr }) => expr.text.length).sort((a, b) => b - a);
    expect(lengths[0]).toBeLessThanOrEqual(1_200);
    expect(lengths[Math.floor(lengths.length / 10)]).toBeLessThan(620);
  });

  it('have no line over 140 characters in a rule file', () => {
    const wide = rules.flatMap(({ expr }) =>
      layoutPromql(expr.text)
        .split('\n')
        .filter((line) => line.length > 140),
    );
    expect(wide).toEqual([]);
  });

  it('build on each other in six steps at the most', () => {
    const chain = chains();
    const all = rules.flatMap((rule) => (rule.kind === 'record' ? [chain(rule.record)] : []));
    const longest = all.reduce((a, b) => (b.length > a.length ? b : a), []);
    console.log(`The longest chain of rules has ${longest.length} steps:\n  ${longest.join('\n  ')}`);
    expect(longest.length).toBeGreaterThan(3);
    expect(longest.length).toBeLessThanOrEqual(6);
  });
});
