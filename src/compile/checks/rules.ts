import { findAll, metricOf } from '../../promql/index.ts';
import type { Check, Found, LocatedExpression, LocatedGroup, View } from './check.ts';
import { metricsReadNow, treeOf } from './tree.ts';

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

/** Whether it writes only series for which all others look back at least two evaluations. */
function isLookedBackAt({ group }: LocatedGroup, view: View): boolean {
  if (group.rules.some((rule) => rule.kind === 'alert')) return false;
  const names = new Set(
    group.rules.flatMap((rule) => (rule.kind === 'record' ? [rule.record as string] : [])),
  );
  const others = view.expressions.filter(({ usage }) => usage.kind !== 'rule' || usage.group !== group);
  return others.every((expression) => {
    if ([...metricsReadNow(expression, view)].some((name) => names.has(name))) return false;
    const tree = treeOf(expression, view);
    return (tree ? findAll(tree, 'matrix') : []).every(
      ({ selector, range }) => !names.has(metricOf(selector) ?? '') || range >= 2_000 * group.interval,
    );
  });
}

export const groupInterval: Check = {
  id: 'group-interval',
  severity: 'error',
  summary: 'A rule group is evaluated at least every 140 seconds, or all others look back two evaluations.',
  why: 'Prometheus looks back five minutes: what is written more seldom has a gap when one evaluation is missed.',
  *run(view) {
    for (const located of view.groups) {
      const { interval } = located.group;
      if (
        Number.isInteger(interval) &&
        interval > 0 &&
        (interval <= longest || isLookedBackAt(located, view))
      )
        continue;
      yield {
        summary: `It is evaluated every ${interval} s.`,
        place: located.place,
        file: located.file,
        fix: `Choose whole seconds, from 1 to ${longest}, or look back two evaluations wherever it is read.`,
      };
    }
  },
};
