import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { changed, code, leaves, listIn, same, short, without } from './change.ts';
import { costRisk } from './cost.ts';
import { describeExpression, sameExpression } from './expression.ts';

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly [key: string]: unknown;
}
interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** A change of a panel; `risk` where a reviewer should look twice. */
export interface PanelFinding {
  readonly text: string;
  /** `query A`, when it is about one. */
  readonly query?: string;
  readonly risk?: string;
  readonly before?: string;
  readonly after?: string;
}

const targets = (panel: Panel): Map<string, Target> =>
  new Map(listIn<Target>(panel.targets).map((t) => [t.refId ?? '', t]));

/** Everything of a query but the expression, in words. */
function querySettings(a: Target, b: Target): PanelFinding[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (k) => !['expr', 'refId'].includes(k),
  );
  const names: Readonly<Record<string, string>> = {
    legendFormat: 'legend',
    format: 'format',
    interval: 'least step',
  };
  return keys.filter((key) => !same(a[key], b[key])).map((key) => changed(names[key] ?? key, a[key], b[key]));
}

function queryFindings(before: Panel, after: Panel): PanelFinding[] {
  const [from, to] = [targets(before), targets(after)];
  const found: PanelFinding[] = [];
  for (const [ref, a] of from) {
    const b = to.get(ref);
    const query = `query ${ref}`;
    if (!b) {
      found.push({ text: 'query removed', query, risk: 'what it showed is gone', before: a.expr ?? '' });
      continue;
    }
    const own = querySettings(a, b);
    const cost = costRisk(a.expr ?? '', b.expr ?? '');
    if (!sameExpression(a.expr ?? '', b.expr ?? ''))
      for (const text of describeExpression(a.expr ?? '', b.expr ?? ''))
        own.unshift({ text, before: a.expr ?? '', after: b.expr ?? '', ...(cost && { risk: cost }) });
    found.push(...own.map((f) => ({ ...f, query })));
  }
  for (const [ref, b] of to)
    if (!from.has(ref)) found.push({ text: 'query added', query: `query ${ref}`, after: b.expr ?? '' });
  const order = (own: Map<string, Target>, other: Map<string, Target>): string[] =>
    [...own.keys()].filter((ref) => other.has(ref));
  if (!same(order(from, to), order(to, from))) found.push({ text: 'queries in another order' });
  return found;
}

const stepText = ({ value, color }: Step): string => `${value ?? 'base'} ${color}`;

/** Thresholds in words: the one number that changed where it is one, else the whole list. */
function thresholdFindings(a: readonly Step[], b: readonly Step[], of: string): PanelFinding[] {
  if (same(a, b)) return [];
  if (a.length !== b.length)
    return [
      { text: `thresholds${of} ${code(a.map(stepText).join(', '))} → ${code(b.map(stepText).join(', '))}` },
    ];
  return a.flatMap((step, i) => {
    const other = b[i]!;
    const found: PanelFinding[] = [];
    if (step.value !== other.value)
      found.push({ text: `threshold${of} ${code(step.value)} → ${code(other.value)} (${other.color})` });
    if (step.color !== other.color)
      found.push({
        text: `colour of threshold ${step.value ?? 'base'}${of} ${code(step.color)} → ${code(other.color)}`,
      });
    return found;
  });
}

interface FieldDefaults {
  readonly thresholds?: { readonly mode?: string; readonly steps?: readonly Step[] };
  readonly [key: string]: unknown;
}

/** "… changed" of something that is too large for a sentence; both sides stand beside it. */
function inFull(what: string, a: unknown, b: unknown): PanelFinding[] {
  if (same(a, b)) return [];
  const text = (value: unknown): string => JSON.stringify(value ?? [], null, 2);
  return [{ text: `${what} changed`, before: text(a), after: text(b) }];
}

/** Meaning of a number by its unit; the others say none, only how it is written. */
const scales: Readonly<Record<string, string>> = {
  s: 'seconds',
  dthms: 'seconds',
  dtdurations: 'seconds',
  ms: 'milliseconds',
  m: 'minutes',
  min: 'minutes',
  bytes: 'bytes',
  decbytes: 'bytes',
  percentunit: 'ratio',
  percent: 'percent',
  currencyUSD: 'USD',
  dateTimeAsIso: 'milliseconds since 1970',
  dateTimeFromNow: 'milliseconds since 1970',
  reqps: 'requests a second',
};
const scaleOf = (unit: unknown): string | undefined => scales[String(unit).replace(/^suffix: ?/, '')];
const otherScale = (a: unknown, b: unknown): boolean => scaleOf(a) !== scaleOf(b);

function fieldFindings(a: FieldDefaults, b: FieldDefaults, of = ''): PanelFinding[] {
  const names: Readonly<Record<string, string>> = { noValue: 'text for no data', displayName: 'name' };
  const { thresholds: from, links: linksFrom, mappings: mappingsFrom, ...restA } = a;
  const { thresholds: to, links: linksTo, mappings: mappingsTo, ...restB } = b;
  return [
    ...thresholdFindings(listIn(from?.steps), listIn(to?.steps), of),
    ...leaves(without(from ?? {}, ['steps']), without(to ?? {}, ['steps'])).map(({ path, a: x, b: y }) =>
      changed(`thresholds’ ${path}${of}`, x, y),
    ),
    ...leaves(restA, restB).map(({ path, a: x, b: y }) => ({
      ...changed(`${names[path] ?? path}${of}`, x, y),
      ...(path === 'unit' && otherScale(x, y) && { risk: 'the same numbers read as something else' }),
    })),
    ...linkFindings(linksFrom, linksTo, of),
    ...inFull(`value mappings${of}`, mappingsFrom, mappingsTo),
  ];
}

interface Link {
  readonly title?: string;
  readonly url?: string;
}
function linkFindings(a: unknown, b: unknown, of: string): PanelFinding[] {
  const [from, to] = [a, b].map((list) => new Map(listIn<Link>(list).map((l) => [l.title, l]))) as [
    Map<string | undefined, Link>,
    Map<string | undefined, Link>,
  ];
  const found: PanelFinding[] = [];
  for (const [title, link] of from) {
    const name = `link ${code(title ?? '')}${of}`;
    const other = to.get(title);
    if (!other) found.push({ text: `${name} removed`, risk: 'it is no longer linked from here' });
    else if (link.url !== other.url) found.push(changed(name, link.url, other.url));
    else found.push(...leaves(link, other).map(({ path, a: x, b: y }) => changed(`${name}: ${path}`, x, y)));
  }
  for (const [title, link] of to)
    if (!from.has(title)) found.push({ text: `link ${code(title ?? '')}${of} added: ${short(link.url)}` });
  return found;
}

interface Property {
  readonly id: string;
  readonly value?: unknown;
}
interface Override {
  readonly matcher?: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly Property[];
}
const asDefaults = (o: Override | undefined): FieldDefaults => {
  const own = Object.fromEntries(listIn<Property>(o?.properties).map((p) => [p.id, p.value]));
  return own as FieldDefaults;
};

/** Whom an override is for: the column's name, or the way in which columns are chosen. */
const overrideName = ({ matcher: { id, options } = { id: 'none' } }: Override): string => {
  const text = typeof options === 'string' ? options : JSON.stringify(options ?? '');
  return id === 'byName' ? text : `${id} ${text}`;
};

function overrideFindings(before: Panel, after: Panel): PanelFinding[] {
  const list = (p: Panel): Map<string, Override> =>
    new Map(listIn<Override>(p.fieldConfig?.overrides).map((o) => [overrideName(o), o]));
  const [from, to] = [list(before), list(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) => {
    const of = ` of ${code(name)}`;
    if (!to.has(name))
      return [{ text: `settings${of} removed`, before: JSON.stringify(from.get(name)?.properties, null, 2) }];
    if (!from.has(name))
      return [{ text: `settings${of} added`, after: JSON.stringify(to.get(name)?.properties, null, 2) }];
    return fieldFindings(asDefaults(from.get(name)), asDefaults(to.get(name)), of);
  });
}

/** Parts of a panel that have functions of their own. */
const elsewhere = [
  ...['id', 'targets', 'fieldConfig', 'options', 'transformations', 'links', 'datasource', 'gridPos'],
  // Written by the version of Grafana that saved it.
  'pluginVersion',
];
const settingNames: Readonly<Record<string, string>> = {
  type: 'visualization',
  timeFrom: 'time span',
  interval: 'least step',
};

function layout(a: Panel, b: Panel): PanelFinding[] {
  const [from, to] = [a.gridPos, b.gridPos];
  if (!from || !to) return [];
  const found: PanelFinding[] = [];
  if (from.w !== to.w || from.h !== to.h)
    found.push({ text: `size ${code(`${from.w}×${from.h}`)} → ${code(`${to.w}×${to.h}`)}` });
  return found;
}

/** Title, description and all other properties of a panel. */
function settings(before: Panel, after: Panel): PanelFinding[] {
  const [a, b] = [without(before, elsewhere), without(after, elsewhere)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !same(a[key], b[key]));
  return keys.map((key) => {
    if (key === 'title') return { text: `renamed: ${code(a[key] ?? '')} → ${code(b[key] ?? '')}` };
    if (key !== 'description') return changed(settingNames[key] ?? key, a[key], b[key]);
    return { text: 'description changed', before: String(a[key] ?? ''), after: String(b[key] ?? '') };
  });
}

function idFinding(before: Panel, after: Panel): PanelFinding[] {
  if (before.id === after.id) return [];
  return [
    {
      ...changed('panel id', before.id, after.id),
      risk: 'links that open this panel alone no longer find it',
    },
  ];
}

function ownFindings(before: Panel, after: Panel): PanelFinding[] {
  const options = before.type === after.type ? leaves(before.options, after.options) : [];
  const fields = (panel: Panel): FieldDefaults =>
    (panel.fieldConfig?.defaults ?? {}) as unknown as FieldDefaults;
  const rest = (panel: Panel) => without(panel.fieldConfig ?? {}, ['defaults', 'overrides']);
  return [
    ...settings(before, after),
    ...idFinding(before, after),
    ...queryFindings(before, after),
    ...fieldFindings(fields(before), fields(after)),
    ...leaves(rest(before), rest(after)).map(({ path, a, b }) => changed(path, a, b)),
    ...overrideFindings(before, after),
    ...inFull('transformations', before.transformations, after.transformations),
    ...options.map(({ path, a, b }) => changed(`option ${path}`, a, b)),
    ...linkFindings(before.links, after.links, ' of the panel'),
    ...(same(before.datasource, after.datasource)
      ? []
      : [changed('data source', before.datasource, after.datasource)]),
    ...layout(before, after),
  ];
}

/** Everything that changed in a panel, one sentence each; what no sentence is about is shown as it stands. */
export function panelFindings(before: Panel, after: Panel): PanelFinding[] {
  const found = ownFindings(before, after);
  // Queries whose text alone was laid out anew are the same, and a place is told row by row.
  const [a, b] = [before, after].map((panel) => without(panel, ['targets', 'gridPos', 'pluginVersion']));
  return found.length > 0 ? found : inFull('settings', a, b);
}
