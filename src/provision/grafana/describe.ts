import { canonicalJson } from '../../lib/canonical.ts';
import type { Json, JsonObject } from '../model.ts';
import { isObject, listOf, normalise, objectsOf } from './normalise.ts';
import { isOwnTag, tagsOf } from './ownership.ts';

const mostDetails = 8;
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const same = (a: Json | undefined, b: Json | undefined): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null);
const quote = (value: string): string => `"${value.length > 60 ? `${value.slice(0, 59)}…` : value}"`;

/** Panels of a dashboard, those inside collapsed rows included, by what identifies them: the id. */
function panelsById(spec: JsonObject): Map<string, JsonObject> {
  const all = objectsOf(spec.panels).flatMap((panel) => [panel, ...objectsOf(panel.panels)]);
  return new Map(all.map((panel, index) => [canonicalJson(panel.id ?? `at ${index}`), panel]));
}

const titleOf = (panel: JsonObject): string =>
  `${panel.type === 'row' ? 'row' : 'panel'} ${quote(text(panel.title) || `#${canonicalJson(panel.id ?? null)}`)}`;

/** Words for panel keys that people know by another name. */
const panelWords: Readonly<Record<string, string>> = {
  gridPos: 'position',
  fieldConfig: 'field settings',
  transformations: 'transformations',
  datasource: 'data source',
  type: 'visualisation',
};

function queryWords(before: JsonObject, after: JsonObject): string[] {
  const refs = (p: JsonObject): Map<string, JsonObject> =>
    new Map(objectsOf(p.targets).map((t) => [text(t.refId), t]));
  const [was, is] = [refs(before), refs(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names.flatMap((name) => {
    const [a, b] = [was.get(name), is.get(name)];
    if (same(a, b)) return [];
    return [
      a === undefined ? `query ${name} added` : b === undefined ? `query ${name} removed` : `query ${name}`,
    ];
  });
}

function panelChange(before: JsonObject, after: JsonObject): string {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const words = keys
    // A row's panels are compared one by one.
    .filter((key) => key !== 'panels' && !same(before[key], after[key]))
    .flatMap((key) => (key === 'targets' ? queryWords(before, after) : [panelWords[key] ?? key]));
  const renamed = same(before.title, after.title) ? '' : ` (was ${quote(text(before.title))})`;
  return `${titleOf(after)}${renamed}: ${words.join(', ')}`;
}

const withoutPanels = (panel: JsonObject): JsonObject => ({ ...panel, panels: [] });

function panelChanges(before: JsonObject, after: JsonObject): string[] {
  const [was, is] = [panelsById(before), panelsById(after)];
  const ids = [...new Set([...was.keys(), ...is.keys()])];
  return ids.flatMap((id) => {
    const [a, b] = [was.get(id), is.get(id)];
    if (a === undefined) return [`${titleOf(b!)} added`];
    if (b === undefined) return [`${titleOf(a)} removed`];
    return same(withoutPanels(a), withoutPanels(b)) ? [] : [panelChange(a, b)];
  });
}

/** Changes of a list whose items have names: variables, annotation queries. */
function namedChanges(word: string, before: Json | undefined, after: Json | undefined): string[] {
  const list = (value: Json | undefined): Map<string, Json> =>
    new Map(
      objectsOf(isObject(value) ? value.list : undefined).map((item) => [text(item.name), item as Json]),
    );
  const [was, is] = [list(before), list(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [a, b] = [was.get(name), is.get(name)];
    if (same(a, b)) return [];
    return [`${word} ${quote(name)} ${a === undefined ? 'added' : b === undefined ? 'removed' : 'changed'}`];
  });
}

const plain = ['title', 'description', 'refresh', 'time', 'timezone', 'editable', 'links', 'graphTooltip'];
const structured = ['panels', 'templating', 'annotations', 'tags', ...plain];

/**
 * How one dashboard differs from another, in words; empty when they show the same.
 * @param before the dashboard as it is @param after the dashboard as it is to be
 */
export function describeDashboard(before: JsonObject, after: JsonObject): string[] {
  const [a, b] = [normalise(before, isOwnTag), normalise(after, isOwnTag)];
  const words = [
    ...plain
      .filter((key) => !same(a[key], b[key]))
      .map((key) =>
        key === 'title' ? `title ${quote(text(a.title))} becomes ${quote(text(b.title))}` : `${key} changed`,
      ),
    ...(same([...tagsOf(a)].sort(), [...tagsOf(b)].sort()) ? [] : ['tags changed']),
    ...panelChanges(a, b),
    ...namedChanges('variable', a.templating, b.templating),
    ...namedChanges('annotation', a.annotations, b.annotations),
    ...[...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !structured.includes(key) && !same(a[key], b[key]))
      .map((key) => `${key} changed`),
  ];
  if (words.length === 0 && !same(listOf(a.panels), listOf(b.panels))) words.push('order of panels');
  if (words.length <= mostDetails) return words;
  return [...words.slice(0, mostDetails - 1), `and ${words.length - mostDetails + 1} more differences`];
}
