import { describe, expect, it } from 'vitest';
import type { RecordingRule, Rule } from '../../src/metrics/rule.ts';
import type { SelectorNode } from '../../src/promql/ast.ts';
import { layoutPromql } from '../../src/promql/layout.ts';
import { metricOf, visit } from '../../src/promql/nodes.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { dashboards, bundle as relayBundle } from '../relay.ts';

const { ruleFiles } = relayBundle;
const rules: readonly Rule[] = Object.values(ruleFiles).flatMap((groups) => groups.flatMap((g) => g.rules));
const recording = rules.filter((rule) => rule.kind === 'record');
/** Whether a selector can be about what the rule records: no label says otherwise. */
const isAbout = (selector: SelectorNode, rule: RecordingRule): boolean =>
  metricOf(selector) === rule.record &&
  selector.matchers.every(({ op, label, value }) => op !== '=' || (rule.labels[label] ?? value) === value);

/** Rules of which an expression reads the result at the moment of its evaluation: a range sees what was recorded before. */
function readNow(text: string): RecordingRule[] {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(text);
  const found: RecordingRule[] = [];
  visit(parsed.ast, (node, parent) => {
    if (node.kind === 'selector' && parent?.kind !== 'matrix')
      found.push(...recording.filter((rule) => isAbout(node, rule)));
  });
  return found;
}

/** The longest chain of rules of which each reads what the one before gives, up to this one. */
function chains(): (rule: RecordingRule) => readonly string[] {
  const known = new Map<RecordingRule, readonly string[]>();
  const chain = (rule: RecordingRule): readonly string[] => {
    const found = known.get(rule);
    if (found) return found;
    const before = readNow(rule.expr.text).map(chain);
    const longest = before.reduce((a, b) => (b.length > a.length ? b : a), []);
    known.set(rule, [...longest, rule.record]);
    return [...longest, rule.record];
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
/** Queries of variables: asked once when a dashboard opens, and each must hold all of its answer by itself. */
const variableQueries = dashboards().flatMap(({ json }) =>
  (json.templating?.list ?? []).flatMap(({ query }) =>
    typeof query === 'object' ? [String((query as { query?: unknown }).query)] : [],
  ),
);
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

  it('have no query of a variable over 1,450 characters', () => {
    expect(variableQueries.length).toBeGreaterThan(8);
    expect(byLength(variableQueries)[0]).toBeLessThanOrEqual(1_450);
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
    const all = recording.map(chains());
    const longest = all.reduce((a, b) => (b.length > a.length ? b : a), []);
    console.log(`The longest chain of rules has ${longest.length} steps:\n  ${longest.join('\n  ')}`);
    expect(longest.length).toBeGreaterThan(3);
    expect(longest.length).toBeLessThanOrEqual(6);
  });
});
