import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/metrics/rule.ts';
import { layoutPromql } from '../../src/promql/layout.ts';
import { metricOf, visit } from '../../src/promql/nodes.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { dashboards, bundle as relayBundle } from '../relay.ts';

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

/** Each query of a panel once: what stands on every dashboard is one expression. */
const queries = [
  ...new Set(
    dashboards()
      .flatMap(({ panels }) => panels)
      .flatMap(({ panel }) => (panel.targets ?? []) as { expr?: string }[])
      .flatMap(({ expr }) => expr ?? []),
  ),
];
const byLength = (expressions: readonly string[]): number[] =>
  expressions.map((text) => text.length).sort((a, b) => b - a);

describe('rules and queries that a person can review', () => {
  const recorded = rules.map(({ expr }) => expr.text);
  it('have no expression over 1,200 characters, and nine of ten under 600', () => {
    expect(recorded.length).toBeGreaterThan(300);
    expect(queries.length).toBeGreaterThan(120);
    for (const expressions of [recorded, [...recorded, ...queries]]) {
      const lengths = byLength(expressions);
      expect(lengths[0]).toBeLessThanOrEqual(1_200);
      expect(lengths[Math.floor(lengths.length / 10)]).toBeLessThan(600);
    }
  });

  it('have no line over 140 characters in a rule file', () => {
    const wide = recorded.flatMap((text) =>
      layoutPromql(text)
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
