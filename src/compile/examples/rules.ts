import type { Alert } from '../../alerts/index.ts';
import { layoutPromql } from '../../promql/index.ts';
import { rulesBehind } from '../alerts/dependencies.ts';
import { alertFile } from '../alerts/rules.ts';
import { type AlertTest, textsOf } from '../alerts/tests.ts';
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

/** The series or alert of a rule. */
const nameOf = ({ record, alert }: FileRule): string => record ?? alert ?? '';

/** The alert and the recorded series that it reads, directly or through what other rules record. */
export function namesBehind(alert: Alert, { ruleFiles }: Bundle): ReadonlySet<string> {
  const groups = Object.values(rulesBehind(textsOf(alert), ruleFiles)).flat();
  const recorded = groups.flatMap(({ rules }) =>
    rules.flatMap((r) => (r.kind === 'record' ? [r.record] : [])),
  );
  return new Set([alert.name, ...recorded]);
}

/** Only what the examples of an alert need, by file: promtool evaluates all that it is given, at every step. */
export function rulesOfTest(
  { alert, given }: AlertTest,
  { ruleFiles }: Bundle,
): Readonly<Record<string, object[]>> {
  const own = (ruleFiles[alertFile] ?? []).map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => rule.kind === 'alert' && rule.alert === alert.name),
  }));
  const files = { ...rulesBehind(textsOf(alert), ruleFiles, given), [alertFile]: own };
  return Object.fromEntries(
    Object.entries(files).map(([name, groups]) => [name, groups.map((group) => groupObject(group))]),
  );
}

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
