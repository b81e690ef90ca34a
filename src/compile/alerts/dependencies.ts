import type { Rule, RuleGroup } from '../../metrics/index.ts';

/** Recorded series have two colons in their names, and nothing else in an expression or a template does. */
const recordedNames = (text: string): string[] =>
  text.match(/\b[a-z][a-z0-9_]*:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];

type RuleFiles = Readonly<Record<string, readonly RuleGroup[]>>;

/** Names of the recorded series that texts read, directly or through what other rules record. */
function namesBehind(
  texts: readonly string[],
  rules: readonly Rule[],
  given: readonly string[],
): Set<string> {
  const seen = new Set(given);
  const waiting = texts.flatMap(recordedNames);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const rule of rules)
      if (rule.kind === 'record' && rule.record === name) waiting.push(...recordedNames(rule.expr.text));
  }
  for (const name of given) seen.delete(name);
  return seen;
}

/**
 * The recording rules that something reads, directly or through what other rules record, by file and group. A test
 * that loads only these evaluates what it is about, and not every rule of the bundle at every step.
 * @param texts expressions and templates
 * @param given series that a test brings itself, and that no rule must write as well
 */
export function rulesBehind(
  texts: readonly string[],
  ruleFiles: RuleFiles,
  given: readonly string[] = [],
): RuleFiles {
  const names = namesBehind(
    texts,
    Object.values(ruleFiles).flatMap((groups) => groups.flatMap(({ rules }) => rules)),
    given,
  );
  const needed = (rule: Rule): boolean => rule.kind === 'record' && names.has(rule.record);
  const files = Object.entries(ruleFiles).map(([file, groups]) => {
    const left = groups.map((group) => ({ ...group, rules: group.rules.filter(needed) }));
    return [file, left.filter(({ rules }) => rules.length > 0)] as const;
  });
  return Object.fromEntries(files.filter(([, groups]) => groups.length > 0));
}
