import type { Check, Found, LocatedExpression } from './check.ts';
import { metricsReadNow } from './tree.ts';

const recordName = /^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*:[a-z0-9_]+$/;
const alertName = /^[A-Z][A-Za-z0-9]*$/;

export const ruleName: Check = {
  id: 'rule-name',
  severity: 'error',
  summary: 'Recorded series are named level:metric:operation, alerts in CamelCase.',
  why: 'The name says by which labels it is, of what, and how it was computed.',
  *run({ rules }) {
    for (const { rule, place, file } of rules) {
      const [name, form, pattern] =
        rule.kind === 'record'
          ? [rule.record, 'level:metric:operation', recordName]
          : [rule.alert, 'CamelCase', alertName];
      if (!pattern.test(name)) yield { summary: `"${name}" is not ${form}.`, place, file, fix: 'Rename it.' };
    }
  },
};

/** Where the group's series are written first, by name. */
function firstWritten(expression: LocatedExpression): Map<string, number> {
  const first = new Map<string, number>();
  if (expression.usage.kind === 'rule')
    for (const [index, rule] of expression.usage.group.rules.entries())
      if (rule.kind === 'record' && !first.has(rule.record)) first.set(rule.record, index);
  return first;
}

export const ruleOrder: Check = {
  id: 'rule-order',
  severity: 'error',
  summary: 'A rule reads the present value only of series that rules before it in its group write.',
  why: 'It would see the value of the evaluation before, or none at the first. A look back over a range means just that.',
  *run(view): Iterable<Found> {
    const written = new Map<unknown, Map<string, number>>();
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule') continue;
      if (!written.has(usage.group)) written.set(usage.group, firstWritten(expression));
      const index = usage.group.rules.indexOf(usage.rule);
      for (const name of metricsReadNow(expression, view))
        if ((written.get(usage.group)?.get(name) ?? -1) >= index)
          yield {
            summary: `It reads ${name}, which is written after it (or by itself).`,
            place,
            file,
            fix: 'Move it behind the rule that writes it.',
          };
    }
  },
};

/** Prometheus forgets an instant value after five minutes; twice this, and ten seconds each for what comes late. */
const longest = 140;

export const groupInterval: Check = {
  id: 'group-interval',
  severity: 'error',
  summary: 'A rule group is evaluated at least every 140 seconds.',
  why: 'Prometheus looks back five minutes: what is written more seldom has a gap when one evaluation is missed.',
  *run({ groups }) {
    for (const { group, place, file } of groups)
      if (!(Number.isInteger(group.interval) && group.interval > 0 && group.interval <= longest))
        yield {
          summary: `It is evaluated every ${group.interval} s.`,
          place,
          file,
          fix: `Choose whole seconds, from 1 to ${longest}.`,
        };
  },
};
