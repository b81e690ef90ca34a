import type { RuleGroup } from '../rule.ts';

/**
 * Splits groups that have more rules than a ruler takes. Parts keep the order; a part does not wait for the one
 * before, so a rule that reads another part's result sees it one evaluation later.
 * @param most rules per group; zero means no limit
 */
export function splitGroups(groups: readonly RuleGroup[], most: number): RuleGroup[] {
  return groups.flatMap((group) => {
    if (most === 0 || group.rules.length <= most) return [group];
    const parts = Math.ceil(group.rules.length / most);
    return Array.from({ length: parts }, (_, i) => ({
      ...group,
      name: i === 0 ? group.name : `${group.name}.${i + 1}`,
      rules: group.rules.slice(i * most, (i + 1) * most),
    }));
  });
}
