import type { FileGroup, FileRule, Snapshot } from '../compile/index.ts';
import type { Objective } from '../slo/index.ts';
import { holdReset, holds, ruleFindings } from './alerts.ts';
import { type Change, code, compareKeys, same, seconds } from './change.ts';
import { sameExpression } from './expression.ts';
import { objectiveChange } from './objective.ts';
import { type Route, receiversOf } from './receivers.ts';

/** A rule, where it stands, and what it is known by. */
export interface PlacedRule {
  readonly name: string;
  readonly file: string;
  readonly group: FileGroup;
  readonly rule: FileRule;
}

const labelText = (rule: FileRule): string =>
  Object.entries(rule.labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');

/** An alert is known by its name, a recorded series by its name and labels. */
const identity = (rule: FileRule): string =>
  rule.alert ?? `${rule.record}${labelText(rule) ? `{${labelText(rule)}}` : ''}`;

/** Every rule by its name; alerts of one name are told apart by their labels. */
export function placedRules({ rules }: Snapshot): Map<string, PlacedRule> {
  const all = [...rules].flatMap(([file, groups]) =>
    groups.flatMap((group) => group.rules.map((rule) => ({ file, group, rule }))),
  );
  const counts = new Map<string, number>();
  for (const { rule } of all) counts.set(identity(rule), (counts.get(identity(rule)) ?? 0) + 1);
  const found = new Map<string, PlacedRule>();
  for (const placed of all) {
    const short = identity(placed.rule);
    const several = (counts.get(short) ?? 0) > 1;
    let name = several && placed.rule.alert ? `${short}{${labelText(placed.rule)}}` : short;
    while (found.has(name)) name += ' again';
    found.set(name, { name, ...placed });
  }
  return found;
}

const place = (p: PlacedRule): string[] => [`${p.file}.yml`, p.group.name, p.name];

function pairChanges(
  a: PlacedRule,
  b: PlacedRule,
  route: Route | undefined,
  objectives: readonly Objective[],
): Change[] {
  const isAlert = b.rule.alert !== undefined;
  const moved = a.file !== b.file || a.group.name !== b.group.name;
  const objective = objectiveChange(a.rule, b.rule, objectives);
  const drafts = [
    ...(moved
      ? [
          {
            text: `moved from ${code(`${a.file}.yml › ${a.group.name}`)}`,
            ...(isAlert && holds(a.rule, b.rule) && { risk: holdReset }),
          },
        ]
      : []),
    ...(objective ? [objective] : ruleFindings(a.rule, b.rule, route)),
  ];
  const area = objective ? 'objective' : isAlert ? 'alert' : 'rule';
  return drafts.map((draft) => ({ area, place: place(b), ...draft }));
}

/** Settings of a group that a longer or smaller value makes a risk. */
function groupRisk(key: string, a: FileGroup, b: FileGroup): string | undefined {
  const alerts = b.rules.some((rule) => rule.alert !== undefined);
  const later = seconds(String(b[key] ?? '')) > seconds(String(a[key] ?? ''));
  if (key === 'interval' && alerts && later) return 'its alerts fire later';
  if (key === 'query_offset' && alerts && later) return 'its alerts fire later';
  if (key === 'limit' && Number(b.limit ?? 0) > 0) return 'a rule that gives more series than that fails';
  return undefined;
}

function groupChanges(before: Snapshot, after: Snapshot): Change[] {
  const groups = ({ rules }: Snapshot): Map<string, { file: string; group: FileGroup }> =>
    new Map(
      [...rules].flatMap(([file, list]) => list.map((group) => [group.name, { file, group }] as const)),
    );
  const [from, to] = [groups(before), groups(after)];
  return compareKeys(from, to).both.flatMap((name): Change[] => {
    const { group: a } = from.get(name)!;
    const { file, group: b } = to.get(name)!;
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (key) => key !== 'rules' && !same(a[key], b[key]),
    );
    const common = (x: FileGroup, y: FileGroup): string[] => {
      const names = y.rules.map(identity);
      return x.rules.map(identity).filter((id) => names.includes(id));
    };
    const settings = keys.map((key) => {
      const risk = groupRisk(key, a, b);
      const what = key === 'interval' ? 'evaluated every' : key;
      return {
        text: `${what} ${code(a[key] ?? (key === 'interval' ? 'default' : 'none'))} → ${code(b[key] ?? (key === 'interval' ? 'default' : 'none'))}`,
        ...(risk && { risk }),
      };
    });
    const order = same(common(a, b), common(b, a)) ? [] : [{ text: 'rules in another order' }];
    return [...settings, ...order].map((draft) => ({ area: 'rule', place: [`${file}.yml`, name], ...draft }));
  });
}

/** Removed and added rules that ask the same: alerts that were renamed, and series that got other labels. */
function renames(
  removed: readonly PlacedRule[],
  added: readonly PlacedRule[],
): (readonly [PlacedRule, PlacedRule])[] {
  return removed.flatMap((a) => {
    const b = added.find(
      ({ rule }) =>
        (a.rule.alert ? rule.alert : rule.record === a.rule.record) &&
        sameExpression(String(rule.expr), String(a.rule.expr)),
    );
    return b ? [[a, b] as const] : [];
  });
}

/** That a series has other labels than before, which `formerSeries` reads again. */
const labelsChanged = (from: string, to: string): string => `labels changed: ${code(from)} → ${code(to)}`;
/** The series that a change of labels was about, as it was. */
export const formerSeries = (text: string): string | undefined =>
  /^labels changed: `(.*?)` → `/.exec(text)?.[1];

const removedRule = (placed: PlacedRule): Change =>
  placed.rule.alert
    ? {
        area: 'alert',
        place: place(placed),
        text: 'alert removed',
        risk: 'it is not sent any more',
        before: String(placed.rule.expr),
      }
    : {
        area: 'rule',
        place: place(placed),
        text: 'recording rule removed',
        before: String(placed.rule.expr),
      };

function addedRule(placed: PlacedRule): Change {
  const { rule } = placed;
  const text = rule.alert
    ? `alert added (${rule.labels?.severity ? code(rule.labels.severity) : 'no severity'})`
    : 'recording rule added';
  return { area: rule.alert ? 'alert' : 'rule', place: place(placed), text, after: String(rule.expr) };
}

const routeOf = ({ alertmanager }: Snapshot): Route | undefined =>
  (alertmanager as { route?: Route } | undefined)?.route;

/** The severity of an alert, and whom it reaches as things are now: "critical, to pager or ops-channel". */
function audienceOf({ rule }: PlacedRule, route: Route | undefined): string {
  const severity = rule.labels?.severity ?? 'no severity';
  const receivers = receiversOf(route, rule.labels ?? {});
  return receivers.length === 0 ? severity : `${severity}, to ${receivers.join(' or ')}`;
}

/** Adds to each change of an alert how loud it is: a second look at a page is worth more than one at a note. */
function withAudience(changes: readonly Change[], rules: readonly PlacedRule[], route: Route | undefined) {
  const byName = new Map(rules.map((placed) => [placed.name, placed]));
  return changes.map((change) => {
    const placed = change.area === 'alert' ? byName.get(change.place[2] ?? '') : undefined;
    return placed ? { ...change, audience: audienceOf(placed, route) } : change;
  });
}

/** Everything that changed in recording rules, objectives and alerts. */
export function ruleChanges(before: Snapshot, after: Snapshot, objectives: readonly Objective[]): Change[] {
  const [from, to] = [placedRules(before), placedRules(after)];
  const { removed, added, both } = compareKeys(from, to);
  const [gone, fresh] = [removed.map((key) => from.get(key)!), added.map((key) => to.get(key)!)];
  const renamed = renames(gone, fresh);
  const route = routeOf(after);
  const changes = [
    ...gone.filter((p) => !renamed.some(([a]) => a === p)).map(removedRule),
    ...fresh.filter((p) => !renamed.some(([, b]) => b === p)).map(addedRule),
    ...renamed.flatMap(([a, b]): Change[] => [
      a.rule.alert
        ? {
            area: 'alert',
            place: place(b),
            text: `renamed: ${code(a.rule.alert)} → ${code(b.rule.alert ?? '')}`,
            risk: 'silences and inhibitions that name it no longer apply',
          }
        : { area: 'rule', place: place(b), text: labelsChanged(a.name, b.name) },
      ...pairChanges(a, b, route, objectives),
    ]),
    ...both.flatMap((key) => pairChanges(from.get(key)!, to.get(key)!, route, objectives)),
    ...groupChanges(before, after),
  ];
  return withAudience(changes, [...from.values(), ...to.values()], route);
}
