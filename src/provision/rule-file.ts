import { parseDocument } from 'yaml';
import { durationSeconds } from '../lib/duration.ts';
import type { Rule, RuleFile, RuleGroup } from './rule.ts';

interface RawRule {
  alert?: unknown;
  record?: unknown;
  expr?: unknown;
  for?: unknown;
  keep_firing_for?: unknown;
  labels?: Record<string, unknown>;
  annotations?: Record<string, unknown>;
}
interface RawGroup {
  name?: unknown;
  interval?: unknown;
  limit?: unknown;
  query_offset?: unknown;
  labels?: Record<string, unknown>;
  rules?: RawRule[];
}

const strings = (map: Record<string, unknown> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, String(value)]));

const duration = (value: unknown): number =>
  value === undefined ? 0 : (durationSeconds(String(value)) ?? Number.NaN);

function rule(raw: RawRule, groupLabels: Record<string, string>): Rule {
  const kind = raw.alert === undefined ? 'record' : 'alert';
  return {
    kind,
    name: String(raw.alert ?? raw.record),
    expr: String(raw.expr ?? '').trim(),
    for: duration(raw.for),
    keepFiringFor: duration(raw.keep_firing_for),
    labels: { ...groupLabels, ...strings(raw.labels) },
    annotations: strings(raw.annotations),
  };
}

function group(raw: RawGroup, file: string): RuleGroup {
  const labels = strings(raw.labels);
  return {
    name: String(raw.name),
    file,
    interval: raw.interval === undefined ? undefined : duration(raw.interval),
    limit: Number(raw.limit ?? 0),
    queryOffset: raw.query_offset === undefined ? undefined : String(raw.query_offset),
    rules: (raw.rules ?? []).map((r) => rule(r, labels)),
  };
}

/** Groups as YAML has them. @param file file name or namespace that they are to carry */
export const parseGroups = (raw: readonly unknown[], file: string): RuleGroup[] =>
  raw.map((g) => group(g as RawGroup, file));

/** The problems of a parsed group, each with its place. */
function problems(groups: readonly RuleGroup[]): string[] {
  return groups.flatMap((g) => [
    ...(g.name === 'undefined' ? [`${g.file}: a group has no name`] : []),
    ...(Number.isNaN(g.interval) ? [`${g.file} › ${g.name}: interval is no duration`] : []),
    ...g.rules.flatMap((r) => [
      ...(r.name === 'undefined' ? [`${g.file} › ${g.name}: a rule has neither alert nor record`] : []),
      ...(r.expr === '' ? [`${g.file} › ${g.name} › ${r.name}: expr is missing`] : []),
      ...(Number.isNaN(r.for + r.keepFiringFor)
        ? [`${g.file} › ${g.name} › ${r.name}: a duration is wrong`]
        : []),
    ]),
  ]);
}

/** Reads a rule file. Problems are returned with the file, all of them. */
export function parseRuleFile(name: string, text: string): { file: RuleFile; problems: string[] } {
  const document = parseDocument(text);
  const empty = { name, text, groups: [] };
  if (document.errors.length > 0)
    return { file: empty, problems: document.errors.map((e) => `${name}: ${e.message.split('\n')[0]}`) };
  const raw = (document.toJS() as { groups?: RawGroup[] } | null)?.groups;
  if (!Array.isArray(raw)) return { file: empty, problems: [`${name}: there is no list "groups"`] };
  const groups = parseGroups(raw, name);
  return { file: { name, text, groups }, problems: problems(groups) };
}
