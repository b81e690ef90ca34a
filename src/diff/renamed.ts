import type { FileRule, Snapshot } from '../compile/index.ts';
import { durationSeconds, formatDuration } from '../lib/duration.ts';
import { dataPanels } from '../panels/index.ts';
import { findAll, formatPromql, metricOf, parsePromql, selectors } from '../promql/index.ts';
import { type Change, code } from './change.ts';

/** A recorded series that is recorded as before, under another name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A text with recorded series called by their new names. */
function called(text: string, renames: readonly Rename[]): string {
  if (renames.length === 0) return text;
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  const pattern = new RegExp(`(?<![\\w:])(?:${[...names.keys()].map(escaped).join('|')})(?![\\w:])`, 'g');
  return text.replaceAll(pattern, (name) => names.get(name) ?? name);
}

/** The rules of each recorded series, as texts that do not depend on how they are laid out. */
function recordings({ rules }: Snapshot, renames: readonly Rename[]): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const groups of rules.values())
    for (const { record, labels, expr } of groups.flatMap((group) => group.rules)) {
      if (record === undefined) continue;
      const text = called(String(expr), renames);
      const parsed = parsePromql(text);
      const rule = JSON.stringify([labels ?? {}, parsed.ok ? formatPromql(parsed.ast) : text]);
      found.set(record, [...(found.get(record) ?? []), rule]);
    }
  return new Map([...found].map(([name, list]) => [name, list.sort().join('\n')]));
}

/** Recorded series that have another name and are otherwise the same, those included that only read a renamed one. */
export function renamedSeries(before: Snapshot, after: Snapshot): readonly Rename[] {
  const now = recordings(after, []);
  let renames: readonly Rename[] = [];
  for (;;) {
    const old = recordings(before, renames);
    const gone = [...old].filter(([name]) => !now.has(name) && !renames.some(({ from }) => from === name));
    const fresh = [...now].filter(([name]) => !old.has(name) && !renames.some(({ to }) => to === name));
    const found = gone.flatMap(([from, rules]) => {
      const same = fresh.filter(([, text]) => text === rules);
      return same.length === 1 ? [{ from, to: same[0]![0] }] : [];
    });
    const unique = found.filter(({ to }) => found.filter((other) => other.to === to).length === 1);
    if (unique.length === 0) return renames;
    renames = [...renames, ...unique];
  }
}

/** A snapshot in which the series have their new names, so that what is left of a comparison is something else. */
export function withNewNames(snapshot: Snapshot, renames: readonly Rename[]): Snapshot {
  if (renames.length === 0) return snapshot;
  const again = <T>(value: T): T => JSON.parse(called(JSON.stringify(value), renames)) as T;
  return {
    ...snapshot,
    dashboards: new Map([...snapshot.dashboards].map(([uid, dashboard]) => [uid, again(dashboard)])),
    rules: new Map([...snapshot.rules].map(([file, groups]) => [file, again(groups)])),
  };
}

/** How far back an expression looks at a series, milliseconds; 0 for its present value only. */
function lookBack(expr: string, name: string): number {
  const parsed = parsePromql(expr.replaceAll(/\$\{?\w+\}?(?=[\]:])/g, '5m'));
  if (!parsed.ok || !selectors(parsed.ast).some((selector) => metricOf(selector) === name)) return -1;
  const ranges = [
    ...findAll(parsed.ast, 'matrix').map((m) => (metricOf(m.selector) === name ? m.range : 0)),
    ...findAll(parsed.ast, 'subquery').map((s) =>
      selectors(s.expr).some((selector) => metricOf(selector) === name) ? s.range : 0,
    ),
  ];
  return Math.max(0, ...ranges);
}

interface Reader {
  readonly name: string;
  readonly back: number;
}

/** Reader of a series, and how far back it looks: over a range in its expression, or over the time that a panel shows. */
function readersOf(name: string, { dashboards, rules }: Snapshot): Reader[] {
  const panels = [...dashboards].flatMap(([uid, dashboard]) =>
    dataPanels(dashboard).flatMap((panel) =>
      (panel.targets ?? []).map(({ expr, instant }) => {
        const shown = /^now-(\w+)$/.exec(dashboard.time?.from ?? '')?.[1];
        const span = instant === true ? 0 : (durationSeconds(panel.timeFrom ?? shown ?? '') ?? 0) * 1000;
        const back = lookBack(expr ?? '', name);
        return { name: `panel ${uid} › ${panel.title ?? ''}`, back: back < 0 ? back : Math.max(back, span) };
      }),
    ),
  );
  const ofRule = (rule: FileRule): Reader => ({
    name: rule.alert === undefined ? `series ${rule.record}` : `alert ${rule.alert}`,
    back: lookBack(String(rule.expr), name),
  });
  const all = [...panels, ...[...rules.values()].flat().flatMap((group) => group.rules.map(ofRule))];
  const farthest = new Map<string, number>();
  for (const { name: reader, back } of all)
    if (back >= 0) farthest.set(reader, Math.max(back, farthest.get(reader) ?? 0));
  return [...farthest].map(([reader, back]) => ({ name: reader, back })).sort((a, b) => b.back - a.back);
}

const shown = 4;
const day = 86_400_000;
/** As people say it: days and not weeks. */
const ago = (milliseconds: number): string =>
  milliseconds % day === 0 ? `${milliseconds / day}d` : formatDuration(milliseconds);

/** Cost of a rename: readers that look back at a past that the new name does not have, and the way to keep it. */
function costOf({ from, to }: Rename, after: Snapshot): Pick<Change, 'text' | 'risk' | 'readBy'> {
  const text = `renamed: ${code(from)} → ${code(to)}`;
  const readers = readersOf(to, after);
  const back = readers.filter((reader) => reader.back > 0);
  const readBy = readers.map(({ name }) => name).sort();
  const [first] = back;
  if (!first) return { text, ...(readBy.length > 0 && { readBy }), risk: 'its history starts anew' };
  const list = back.slice(0, shown).map(({ name, back: far }) => `${name} ${ago(far)}`);
  const more = back.length > shown ? ` and ${back.length - shown} more` : '';
  return {
    text: `${text}; until ${ago(first.back)} have passed, ${code(`${to} or ${from}`)} reads both`,
    risk: `its history starts anew, and ${list.join(', ')}${more} look back at it`,
    readBy,
  };
}

/** One change for each renamed series. */
export const renameChanges = (renames: readonly Rename[], after: Snapshot): Change[] =>
  renames.map((rename): Change => {
    const placed = [...after.rules].flatMap(([file, groups]) =>
      groups
        .filter((group) => group.rules.some(({ record }) => record === rename.to))
        .map((group) => [`${file}.yml`, group.name]),
    );
    return { area: 'rule', place: [...(placed[0] ?? []), rename.to], ...costOf(rename, after) };
  });
