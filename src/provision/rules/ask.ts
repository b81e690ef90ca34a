import { mapLimited, width } from '../pool.ts';
import type { Rule, RuleGroup } from '../rule.ts';
import type { RuleServer } from './server.ts';

type Labels = Readonly<Record<string, string>>;

/** Labels of a rule's result: without the name, with those that the rule sets; an empty one removes a label. */
function resultLabels({ __name__: _, ...labels }: Labels, rule: Rule): string {
  const all = Object.entries({ ...labels, ...rule.labels }).filter(([, value]) => value !== '');
  return JSON.stringify(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A result that a rule cannot write: two series that its own labels make the same. */
function collision(series: readonly Labels[], rule: Rule): string | undefined {
  // A template is filled in by the server, for each series anew.
  if (Object.values(rule.labels).some((value) => value.includes('{{'))) return undefined;
  const seen = new Set<string>();
  for (const labels of series) {
    const written = resultLabels(labels, rule);
    if (seen.has(written)) return `its labels make two series of the result the same (${written})`;
    seen.add(written);
  }
  return undefined;
}

/**
 * Asks a server for the expressions of rules, once each: what it answers now, it can evaluate at their turn, which may be
 * minutes away.
 * @returns a sentence for each rule that it cannot evaluate, with its place
 */
export async function askRules(server: RuleServer, groups: readonly RuleGroup[]): Promise<string[]> {
  const expressions = [...new Set(groups.flatMap((g) => g.rules.map((r) => r.expr)))];
  const answers = await mapLimited(expressions, width, (expr) => server.evaluate(expr));
  const byExpression = new Map(expressions.map((expr, i) => [expr, answers[i]]));
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) => {
      const answer = byExpression.get(rule.expr);
      const problem =
        answer === undefined ? undefined : 'error' in answer ? answer.error : collision(answer.series, rule);
      return problem === undefined ? [] : [`${group.file} › ${group.name} › ${rule.name}: ${problem}`];
    }),
  );
}
