import { duration, type FileGroup, type FileRule } from '../../compile/index.ts';
import { groupSentences } from '../../diff/index.ts';
import type { Rule, RuleGroup, ServedGroup } from '../rule.ts';

/** An expression in one agreed spelling. */
export type Spell = (expr: string) => string;

const ruleOf = (rule: Rule, spell: Spell): FileRule => ({
  ...(rule.kind === 'alert' ? { alert: rule.name } : { record: rule.name }),
  expr: spell(rule.expr),
  for: duration(rule.for),
  keep_firing_for: duration(rule.keepFiringFor),
  labels: rule.labels,
  annotations: rule.annotations,
});

const groupOf = (
  { limit, rules }: Omit<RuleGroup, 'queryOffset'>,
  interval: number,
  spell: Spell,
): FileGroup => ({
  name: '',
  interval: duration(interval),
  limit,
  rules: rules.map((rule) => ruleOf(rule, spell)),
});

/**
 * How the group that a server runs differs from the one that is defined, in words; empty when it does not.
 * @param spell spells expressions so that equal ones are equal texts
 */
export function compareGroup(
  served: Omit<ServedGroup, 'rules'> & { readonly rules: readonly Rule[] },
  defined: RuleGroup,
  spell: Spell,
): string[] {
  const interval = served.interval ?? 0;
  return groupSentences(
    groupOf(served, interval, spell),
    groupOf(defined, defined.interval ?? interval, spell),
  );
}

/** Rules of a group whose last evaluation failed, with the server's reason. */
export const failing = (group: ServedGroup): string[] =>
  group.rules
    .filter((rule) => rule.health === 'err')
    .map((rule) => `${rule.name} cannot be evaluated: ${rule.error ?? 'no reason given'}`);
