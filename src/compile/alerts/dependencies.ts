import type { RuleGroup } from '../../metrics/index.ts';

/** Recorded series have two colons in their names, and nothing else in an expression or a template does. */
const recordedNames = (text: string): string[] =>
  text.match(/\b[a-z][a-z0-9_]*:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];

/**
 * The rule files that something reads, directly or through what other rules record. A test that loads only these
 * evaluates what it is about, and not every rule of the bundle at every step. In the order in which they are given.
 * @param texts expressions and templates
 * @param given series that a test brings itself, and that no rule must write as well
 */
export function filesBehind(
  texts: readonly string[],
  ruleFiles: Readonly<Record<string, readonly RuleGroup[]>>,
  given: readonly string[] = [],
): string[] {
  const rules = Object.entries(ruleFiles).flatMap(([file, groups]) =>
    groups.flatMap((group) =>
      group.rules.flatMap((rule) => (rule.kind === 'record' ? [{ file, rule, text: rule.expr.text }] : [])),
    ),
  );
  const files = new Set<string>();
  const seen = new Set(given);
  const waiting = texts.flatMap(recordedNames);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { file, rule, text } of rules)
      if (rule.record === name) {
        files.add(file);
        waiting.push(...recordedNames(text));
      }
  }
  return Object.keys(ruleFiles).filter((file) => files.has(file));
}
