import type { FileRule } from '../compile/index.ts';
import { type Change, code, compareKeys, same, seconds } from './change.ts';
import { costRisk } from './cost.ts';
import { describeExpression, sameExpression } from './expression.ts';
import { firingRisk } from './firing.ts';
import { type Route, receiversOf } from './receivers.ts';

/** A change of a rule; its place is known where it is collected. */
export type RuleDraft = Omit<Change, 'area' | 'place'>;

/** From the least urgent to the one that pages. */
const ranks = ['info', 'medium', 'high', 'critical'];

/** Said where the labels of an alert with a hold change. */
export const holdReset = 'a hold that is running starts again';

/** True when an alert waits before it fires. */
export const holds = (...rules: readonly FileRule[]): boolean => rules.some((rule) => seconds(rule.for) > 0);

function holdChanges(field: 'for' | 'keep_firing_for', a: FileRule, b: FileRule): RuleDraft[] {
  const [from, to] = [seconds(a[field]), seconds(b[field])];
  if (from === to) return [];
  const name = field === 'for' ? 'hold' : 'keeps firing for';
  return [
    {
      text: `${name} ${code(a[field] ?? '0s')} → ${code(b[field] ?? '0s')}`,
      ...(field === 'for' && to > from && { risk: 'it fires later than before' }),
      ...(field === 'keep_firing_for' && to < from && { risk: 'it resolves earlier than before' }),
    },
  ];
}

/** Receivers of an alert, where a change of its labels changes them. */
function audience(a: FileRule, b: FileRule, route: Route | undefined): string | undefined {
  const to = (rule: FileRule): string[] => receiversOf(route, rule.labels ?? {});
  const [from, now] = [to(a), to(b)];
  if (from.join() === now.join()) return undefined;
  const left = from.filter((name) => !now.includes(name));
  const told = `goes to ${code(now.join(' or '))}`;
  return left.length > 0 ? `${told} and no longer to ${code(left.join(' or '))}` : told;
}

function labelChanges(a: FileRule, b: FileRule, route: Route | undefined): RuleDraft[] {
  const [from, to] = [a.labels ?? {}, b.labels ?? {}];
  const heard = audience(a, b, route);
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .map((name): RuleDraft => {
      const [x, y] = [from[name], to[name]];
      const isSeverity = name === 'severity';
      const alone = audience(a, { ...b, labels: { ...from, [name]: y ?? '' } }, route);
      const text = `${isSeverity ? 'severity' : `label ${code(name)}`} ${code(x ?? 'none')} → ${code(y ?? 'none')}${alone && heard ? `: ${heard}` : ''}`;
      const lowered = isSeverity && ranks.indexOf(y ?? '') < ranks.indexOf(x ?? '');
      const risk = lowered
        ? 'it reaches fewer people'
        : holds(a, b)
          ? holdReset
          : alone && !isSeverity
            ? 'another receiver is notified'
            : undefined;
      return { text, ...(risk && { risk }) };
    });
}

function annotationChanges(a: FileRule, b: FileRule): RuleDraft[] {
  const [from, to] = [a.annotations ?? {}, b.annotations ?? {}];
  const { removed, added, both } = compareKeys(new Map(Object.entries(from)), new Map(Object.entries(to)));
  return [
    ...removed.map((name) => ({
      text: `annotation ${code(name)} removed`,
      risk: 'the notification says less',
      before: from[name] ?? '',
    })),
    ...added.map((name) => ({ text: `annotation ${code(name)} added`, after: to[name] ?? '' })),
    ...both
      .filter((name) => from[name] !== to[name])
      .map((name) => ({
        text: `annotation ${code(name)} changed`,
        before: from[name] ?? '',
        after: to[name] ?? '',
      })),
  ];
}

/** Changes of an expression, with why it needs a second look: first when it fires, then its cost. */
export function expressionChanges(a: FileRule, b: FileRule, isAlert: boolean): RuleDraft[] {
  const [before, after] = [String(a.expr), String(b.expr)];
  if (sameExpression(before, after)) return [];
  const why = (isAlert ? firingRisk(before, after) : undefined) ?? costRisk(before, after);
  const risk = why ? { risk: why } : {};
  return describeExpression(before, after).map((text) => ({ text, before, after, ...risk }));
}

const known = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** Everything that changed in a rule. @param route Alertmanager's routes, which say who hears of it */
export function ruleFindings(a: FileRule, b: FileRule, route: Route | undefined): RuleDraft[] {
  const isAlert = b.alert !== undefined;
  const others = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !known.includes(key));
  const [from, to] = [a as unknown as Record<string, unknown>, b as unknown as Record<string, unknown>];
  return [
    ...expressionChanges(a, b, isAlert),
    ...holdChanges('for', a, b),
    ...holdChanges('keep_firing_for', a, b),
    ...(isAlert ? labelChanges(a, b, route) : []),
    ...annotationChanges(a, b),
    ...others
      .filter((key) => !same(from[key], to[key]))
      .map((key) => ({ text: `${key} ${code(from[key] ?? 'none')} → ${code(to[key] ?? 'none')}` })),
  ];
}
