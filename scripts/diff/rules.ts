import { type Change, code, compareKeys, same, seconds } from './change.ts';
import { costRisk, describeExpression, sameExpression } from './expression.ts';
import type { FileGroup, FileRule, Snapshot } from './snapshot.ts';

/** A rule and where it stands. */
interface Placed {
  readonly file: string;
  readonly group: FileGroup;
  readonly rule: FileRule;
}

const labelText = (rule: FileRule): string =>
  Object.entries(rule.labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');

/** An alert is known by its name, a recorded series by its name and labels. */
const identity = ({ rule }: Placed): string =>
  rule.alert ?? `${rule.record}${labelText(rule) ? `{${labelText(rule)}}` : ''}`;

export const placedRules = ({ rules }: Snapshot): Map<string, Placed> =>
  new Map(
    [...rules].flatMap(([file, groups]) =>
      groups.flatMap((group) =>
        group.rules.map((rule) => {
          const placed = { file, group, rule };
          return [identity(placed), placed] as const;
        }),
      ),
    ),
  );

const place = (p: Placed): string[] => [`${p.file}.yml`, p.group.name, identity(p)];
const ranks = ['info', 'medium', 'high', 'critical'];

type Draft = Omit<Change, 'area' | 'place'>;

const numbers = (expr: string): number[] =>
  [...expr.matchAll(/(?:[<>]=?|==)\s*(\d+(?:\.\d+)?)/g)].map((m) => Number(m[1]));

/** An alert that fires less easily than before: `> 600` became `> 900`, `< 0.95` became `< 0.9`. */
function weakened(before: string, after: string): boolean {
  const [from, to] = [numbers(before), numbers(after)];
  if (from.length !== to.length) return false;
  return from.some((value, i) => {
    const other = to[i] ?? value;
    if (other === value) return false;
    const upper = new RegExp(`>=?\\s*${String(value).replace('.', '\\.')}\\b`).test(before);
    return upper ? other > value : other < value;
  });
}

function holdChanges(field: 'for' | 'keep_firing_for', a: FileRule, b: FileRule): Draft[] {
  if (seconds(a[field]) === seconds(b[field])) return [];
  const name = field === 'for' ? 'hold' : 'keeps firing for';
  const longer = field === 'for' && seconds(b.for) > seconds(a.for);
  return [
    {
      text: `${name} ${code(a[field] ?? '0s')} → ${code(b[field] ?? '0s')}`,
      ...(longer && { risk: 'it fires later than before' }),
    },
  ];
}

function labelChanges(a: FileRule, b: FileRule): Draft[] {
  const [from, to] = [new Map(Object.entries(a.labels ?? {})), new Map(Object.entries(b.labels ?? {}))];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((name) => from.get(name) !== to.get(name))
    .map((name): Draft => {
      const [x, y] = [from.get(name), to.get(name)];
      const what = name === 'severity' ? 'severity' : `label ${name}`;
      const text = `${what} ${code(x ?? 'none')} → ${code(y ?? 'none')}`;
      if (name === 'severity' && ranks.indexOf(y ?? '') < ranks.indexOf(x ?? ''))
        return { text, risk: 'it reaches fewer people' };
      return { text, risk: 'a hold that is running starts again' };
    });
}

function annotationChanges(a: FileRule, b: FileRule): Draft[] {
  const { removed, added, both } = compareKeys(
    new Map(Object.entries(a.annotations ?? {})),
    new Map(Object.entries(b.annotations ?? {})),
  );
  return [
    ...removed.map((name) => ({ text: `annotation ${name} removed`, risk: 'the notification says less' })),
    ...added.map((name) => ({ text: `annotation ${name} added` })),
    ...both
      .filter((name) => a.annotations?.[name] !== b.annotations?.[name])
      .map((name) => ({
        text: `annotation ${name} changed`,
        before: a.annotations?.[name] ?? '',
        after: b.annotations?.[name] ?? '',
      })),
  ];
}

function expressionChanges(a: FileRule, b: FileRule, isAlert: boolean): Draft[] {
  const [before, after] = [String(a.expr), String(b.expr)];
  if (sameExpression(before, after)) return [];
  const why =
    isAlert && weakened(before, after) ? 'it fires less easily than before' : costRisk(before, after);
  const risk = why ? { risk: why } : {};
  return describeExpression(before, after).map((text) => ({ text, before, after, ...risk }));
}

/** "Objective 99 % → 98 %", with what it means for people who deploy. */
function objectiveChange(a: FileRule, b: FileRule): Draft | undefined {
  const name =
    a.record === 'slo:objective:ratio' ? 'objective' : a.record === 'slo:sla:ratio' ? 'SLA' : undefined;
  const value = ({ expr }: FileRule): number => Number(/^vector\(([\d.]+)\)$/.exec(String(expr))?.[1]);
  const [from, to] = [value(a), value(b)];
  if (!name || Number.isNaN(from) || Number.isNaN(to) || from === to) return undefined;
  const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(4))} %`;
  const allowed = (ratio: number): number => Math.max(1, Math.round((1 - ratio) * 1e6) / 1e4);
  const means = `of 100 deployments a month ${allowed(from)} may fail → ${allowed(to)}`;
  return {
    text: `${name} of ${a.labels?.slo} ${code(percent(from))} → ${code(percent(to))}: ${means}`,
    ...(to < from && { risk: 'more failures are promised to be acceptable' }),
  };
}

function pairChanges(a: Placed, b: Placed): Change[] {
  const isAlert = b.rule.alert !== undefined;
  const objective = objectiveChange(a.rule, b.rule);
  const drafts: Draft[] = [
    ...(a.file === b.file && a.group.name === b.group.name
      ? []
      : [
          {
            text: `moved from ${a.file}.yml › ${a.group.name}`,
            ...(isAlert && { risk: 'a hold that is running starts again' }),
          },
        ]),
    ...(objective ? [objective] : expressionChanges(a.rule, b.rule, isAlert)),
    ...holdChanges('for', a.rule, b.rule),
    ...holdChanges('keep_firing_for', a.rule, b.rule),
    ...(isAlert ? labelChanges(a.rule, b.rule) : []),
    ...annotationChanges(a.rule, b.rule),
  ];
  const area = objective ? 'objective' : isAlert ? 'alert' : 'rule';
  return drafts.map((draft) => ({ area, place: place(b), ...draft }));
}

function groupChanges(before: Snapshot, after: Snapshot): Change[] {
  const groups = ({ rules }: Snapshot): Map<string, { file: string; group: FileGroup }> =>
    new Map(
      [...rules].flatMap(([file, list]) => list.map((group) => [group.name, { file, group }] as const)),
    );
  const [from, to] = [groups(before), groups(after)];
  return compareKeys(from, to).both.flatMap((name): Change[] => {
    const [a, b] = [from.get(name)!, to.get(name)!];
    if (same(a.group.interval, b.group.interval)) return [];
    const text = `evaluated every ${code(a.group.interval ?? 'default')} → ${code(b.group.interval ?? 'default')}`;
    return [{ area: 'rule', place: [`${b.file}.yml`, name], text }];
  });
}

/** Everything that changed in recording rules, objectives and alerts. */
export function ruleChanges(before: Snapshot, after: Snapshot): Change[] {
  const [from, to] = [placedRules(before), placedRules(after)];
  const { removed, added, both } = compareKeys(from, to);
  const gone = removed.map((key): Change => {
    const placed = from.get(key)!;
    return placed.rule.alert
      ? { area: 'alert', place: place(placed), text: 'alert removed', risk: 'nobody hears of it any more' }
      : { area: 'rule', place: place(placed), text: 'recording rule removed' };
  });
  const fresh = added.map((key): Change => {
    const placed = to.get(key)!;
    const { rule } = placed;
    const text = rule.alert
      ? `alert added (${rule.labels?.severity ?? 'no severity'})`
      : 'recording rule added';
    return { area: rule.alert ? 'alert' : 'rule', place: place(placed), text, after: String(rule.expr) };
  });
  return [
    ...gone,
    ...fresh,
    ...both.flatMap((key) => pairChanges(from.get(key)!, to.get(key)!)),
    ...groupChanges(before, after),
  ];
}
