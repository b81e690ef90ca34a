import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { code, same } from './change.ts';
import { costRisk, describeExpression, sameExpression } from './expression.ts';

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly [key: string]: unknown;
}
interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** What is said of a panel; `risk` where a reviewer should look twice. */
export interface PanelFinding {
  readonly text: string;
  /** `query A`, when it is about one. */
  readonly query?: string;
  readonly risk?: string;
  readonly before?: string;
  readonly after?: string;
}

const targets = (panel: Panel): Map<string, Target> =>
  new Map(((panel.targets ?? []) as unknown as Target[]).map((t) => [t.refId ?? '', t]));

/** Everything of a query but the expression, in words. */
function querySettings(a: Target, b: Target): PanelFinding[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (k) => !['expr', 'refId', 'datasource'].includes(k),
  );
  const names: Readonly<Record<string, string>> = {
    legendFormat: 'legend',
    format: 'format',
    interval: 'least step',
  };
  return keys
    .filter((key) => !same(a[key], b[key]))
    .map((key) => ({ text: `${names[key] ?? key} ${code(a[key] ?? 'none')} → ${code(b[key] ?? 'none')}` }));
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

/** Leaves of two values by their path, where they differ. */
function leaves(a: unknown, b: unknown, path: string): { path: string; a: unknown; b: unknown }[] {
  if (same(a, b)) return [];
  const plain = (v: unknown): v is Record<string, unknown> =>
    v !== null && typeof v === 'object' && !Array.isArray(v);
  if (!plain(a) || !plain(b)) return [{ path, a, b }];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    leaves(a[key], b[key], path ? `${path}.${key}` : key),
  );
}

const short = (value: unknown): string => {
  const text = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return code(text.length > 80 ? `${text.slice(0, 79)}…` : text);
};

interface FieldDefaults {
  readonly thresholds?: { readonly steps?: readonly Step[] };
  readonly [key: string]: unknown;
}

function fieldFindings(a: FieldDefaults, b: FieldDefaults, of = ''): PanelFinding[] {
  const names: Readonly<Record<string, string>> = { noValue: 'text for no data', displayName: 'name' };
  const { thresholds: from, links: linksFrom, mappings: mappingsFrom, ...restA } = a;
  const { thresholds: to, links: linksTo, mappings: mappingsTo, ...restB } = b;
  return [
    ...thresholdFindings(from?.steps ?? [], to?.steps ?? [], of),
    ...leaves(restA, restB, '').map(({ path, a: x, b: y }) => ({
      text: `${names[path] ?? path}${of} ${short(x)} → ${short(y)}`,
    })),
    ...linkFindings(linksFrom, linksTo, of),
    ...(same(mappingsFrom, mappingsTo) ? [] : [{ text: `value mappings${of} changed` }]),
  ];
}

interface Link {
  readonly title?: string;
  readonly url?: string;
}
function linkFindings(a: unknown, b: unknown, of: string): PanelFinding[] {
  const [from, to] = [
    new Map(((a ?? []) as Link[]).map((l) => [l.title, l])),
    new Map(((b ?? []) as Link[]).map((l) => [l.title, l])),
  ];
  const found: PanelFinding[] = [];
  for (const [title, link] of from) {
    const other = to.get(title);
    if (!other)
      found.push({ text: `link "${title}"${of} removed`, risk: 'nobody gets there from here any more' });
    else if (!same(link, other))
      found.push({ text: `link "${title}"${of} ${short(link.url)} → ${short(other.url)}` });
  }
  for (const [title, link] of to)
    if (!from.has(title)) found.push({ text: `link "${title}"${of} added: ${short(link.url)}` });
  return found;
}

interface Override {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}
const asDefaults = (o: Override | undefined): FieldDefaults => {
  const own = Object.fromEntries((o?.properties ?? []).map((p) => [p.id, p.value]));
  return own as FieldDefaults;
};

function overrideFindings(before: Panel, after: Panel): PanelFinding[] {
  const list = (p: Panel): Map<string, Override> =>
    new Map(
      ((p.fieldConfig?.overrides ?? []) as Override[]).map((o) => [
        String(o.matcher.options ?? o.matcher.id),
        o,
      ]),
    );
  const [from, to] = [list(before), list(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) => {
    const of = ` of "${name}"`;
    if (!to.has(name)) return [{ text: `settings${of} removed` }];
    if (!from.has(name)) return [{ text: `settings${of} added` }];
    return fieldFindings(asDefaults(from.get(name)), asDefaults(to.get(name)), of);
  });
}

const plainSettings = [
  'title',
  'type',
  'description',
  'timeFrom',
  'interval',
  'maxDataPoints',
  'repeat',
  'repeatDirection',
  'transparent',
  'hideTimeOverride',
] as const;
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

/** Everything that changed in a panel, one sentence each. */
export function panelFindings(before: Panel, after: Panel): PanelFinding[] {
  const settings = plainSettings
    .filter((key) => !same(before[key], after[key]))
    .map((key) => ({
      text:
        key === 'title'
          ? `renamed: ${code(before.title ?? '')} → ${code(after.title ?? '')}`
          : key === 'description'
            ? 'description changed'
            : `${settingNames[key] ?? key} ${short(before[key])} → ${short(after[key])}`,
      ...(key === 'description' && { before: before.description ?? '', after: after.description ?? '' }),
    }));
  return [
    ...settings,
    ...queryFindings(before, after),
    ...fieldFindings(
      (before.fieldConfig?.defaults ?? {}) as unknown as FieldDefaults,
      (after.fieldConfig?.defaults ?? {}) as unknown as FieldDefaults,
    ),
    ...overrideFindings(before, after),
    ...(same(before.transformations, after.transformations) ? [] : [{ text: 'transformations changed' }]),
    ...(before.type === after.type
      ? leaves(before.options, after.options, 'option').map(({ path, a, b }) => ({
          text: `${path.replace(/^option\.?/, 'option ')} ${short(a)} → ${short(b)}`,
        }))
      : []),
    ...linkFindings(before.links, after.links, ' of the panel'),
    ...(same(before.datasource, after.datasource)
      ? []
      : [{ text: `data source ${short(before.datasource)} → ${short(after.datasource)}` }]),
    ...layout(before, after),
  ];
}
