import { layoutPromql } from '../../promql/index.ts';
import type { Bundle } from '../bundle.ts';
import { groupObject } from '../rules.ts';
import type { FileGroup, FileRule } from '../snapshot.ts';

/** Rule groups by file, as Prometheus reads them. */
export type RuleFiles = Readonly<Record<string, readonly FileGroup[]>>;

/** The rule files of a bundle, as they are written. */
export const ruleFilesOf = ({ ruleFiles }: Bundle): RuleFiles =>
  Object.fromEntries(
    Object.entries(ruleFiles).map(([name, groups]) => [
      name,
      groups.map((group) => groupObject(group, layoutPromql) as unknown as FileGroup),
    ]),
  );

/** Things by a name that several may have. */
function byName<T>(things: readonly T[], name: (thing: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const thing of things) found.set(name(thing), [...(found.get(name(thing)) ?? []), thing]);
  return found;
}

/** What a rule writes or raises. */
export const nameOf = ({ record, alert }: FileRule): string => record ?? alert ?? '';

/** Recorded series have two colons in their names, and nothing else in an expression or a template does. */
const recordedNames = (text: string): string[] =>
  text.match(/\b[a-z][a-z0-9_]*:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];

/** What a rule reads, in its expression and in the queries of its annotations. */
const readBy = ({ expr, annotations }: FileRule): string[] =>
  [expr, ...Object.values(annotations ?? {})].flatMap(recordedNames);

const rulesIn = (files: RuleFiles): FileRule[] =>
  Object.values(files).flatMap((groups) => groups.flatMap(({ rules }) => rules));

/**
 * The alert and the recorded series that it reads, directly or through what other rules record.
 * @param given series that are not looked behind
 */
export function namesBehind(
  alert: string,
  files: RuleFiles,
  given: readonly string[] = [],
): ReadonlySet<string> {
  const rules = byName(rulesIn(files), nameOf);
  const seen = new Set<string>();
  const waiting = [alert];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name) || given.includes(name)) continue;
    seen.add(name);
    waiting.push(...(rules.get(name) ?? []).flatMap(readBy));
  }
  return seen;
}

/** Only the rules with these names: promtool evaluates all that it is given, at every step. Files stay, if need be empty. */
export const onlyRules = (files: RuleFiles, names: ReadonlySet<string>): RuleFiles =>
  Object.fromEntries(
    Object.entries(files).map(([file, groups]) => [
      file,
      groups
        .map((group) => ({ ...group, rules: group.rules.filter((rule) => names.has(nameOf(rule))) }))
        .filter(({ rules }) => rules.length > 0),
    ]),
  );

/** Each rule with its group's pace, as a text; by name. */
function definitions(files: RuleFiles): ReadonlyMap<string, string> {
  const all = Object.values(files).flatMap((groups) =>
    groups.flatMap(({ interval, rules }) => rules.map((rule) => ({ interval, rule }))),
  );
  const grouped = byName(all, ({ rule }) => nameOf(rule));
  return new Map([...grouped].map(([name, list]) => [name, JSON.stringify(list)]));
}

/** Names of rules that differ, or that only one side has. */
export function changedNames(before: RuleFiles, after: RuleFiles): ReadonlySet<string> {
  const [old, now] = [definitions(before), definitions(after)];
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}
