import { canonicalJson } from '../lib/canonical.ts';
import { durationSeconds } from '../lib/duration.ts';
import { codeSpan } from '../lib/sanitize.ts';
/** Area of a change. */
export type Area = 'dashboard' | 'alert' | 'objective' | 'rule' | 'routing' | 'file';

/** One change in a reviewer's words. */
export interface Change {
  readonly area: Area;
  /** From the outside in: dashboard › row › panel › query; file › group › rule. */
  readonly place: readonly string[];
  /** One sentence; Markdown's `code` only, and in it all text that others wrote: see {@link code}. */
  readonly text: string;
  /** Why it needs a second look; absent when it does not. */
  readonly risk?: string;
  /** Text before and after, when a reviewer may want to read both. */
  readonly before?: string;
  readonly after?: string;
  /** Where it is defined, from line 1. */
  readonly source?: { readonly file: string; readonly line: number };
  /** Uid of the dashboard and id of the panel that it is about. */
  readonly dashboard?: string;
  readonly panel?: number;
  /** Of an alert: its severity, and whom it reaches. */
  readonly audience?: string;
  /** Readers of the thing that changed: panels, alerts, recorded series. */
  readonly readBy?: readonly string[];
}

/** A change without its area, which the collector adds. */
export type Draft = Omit<Change, 'area'>;

/** A value as code, on one line. */
export const code = (value: unknown): string =>
  codeSpan((typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')) || '""');

const longest = 80;
/** A value as code, cut where it becomes too long for a sentence. */
export const short = (value: unknown): string => {
  const text = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return code(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
};

/** "name `a` → `b`", with both in full where the sentence had to cut one. */
export function changed(name: string, a: unknown, b: unknown): Pick<Draft, 'text' | 'before' | 'after'> {
  const full = (value: unknown): string =>
    value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const text = `${name} ${short(a)} → ${short(b)}`;
  return text.includes('…') ? { text, before: full(a), after: full(b) } : { text };
}

/** A part of a text: code without its backticks, or words. */
export interface Segment {
  readonly code: boolean;
  readonly text: string;
}

/** A change's text taken apart into code and words. */
export function segments(text: string): Segment[] {
  const found: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g)) {
    const [whole, , inside = ''] = match;
    if (match.index > end) found.push({ code: false, text: text.slice(end, match.index) });
    found.push({ code: true, text: /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ code: false, text: text.slice(end) });
  return found;
}

/** A change's text without Markdown. */
export const plainText = (text: string): string =>
  segments(text)
    .map((segment) => segment.text)
    .join('');

/** A change as one sentence of plain text. @param within parts of its place that are known from where it stands */
export function sentenceOf({ place, text, risk }: Draft, within = 0): string {
  const where = place
    .slice(within)
    .filter((part) => part !== '')
    .join(' › ');
  return `${where ? `${where}: ` : ''}${plainText(text)}${risk ? ` (${plainText(risk)})` : ''}`;
}

/** The keys of two maps or objects: in both, only before, only after; in the order of the first and then the second. */
export function compareKeys<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>) {
  return {
    removed: [...before.keys()].filter((key) => !after.has(key)),
    added: [...after.keys()].filter((key) => !before.has(key)),
    both: [...before.keys()].filter((key) => after.has(key)),
  };
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The objects of a list; none where it is something else, as in a dashboard that was written by hand. */
export const listIn = <T extends object>(value: unknown): T[] =>
  Array.isArray(value) ? (value.filter(isPlain) as unknown as T[]) : [];

/** True when two values have the same JSON, in any order of their keys. */
export const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);

/** Leaves of two values by their path, where they differ; lists of as many objects are entered too. */
export function leaves(a: unknown, b: unknown, path = ''): { path: string; a: unknown; b: unknown }[] {
  if (same(a, b)) return [];
  const below = (key: string | number): string => (path ? `${path}.${key}` : String(key));
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length && [...a, ...b].every(isPlain))
    return a.flatMap((item, i) => leaves(item, b[i], below(i)));
  if (!isPlain(a) || !isPlain(b)) return [{ path, a, b }];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    leaves(a[key], b[key], below(key)),
  );
}

/** An object without some of its keys. */
export const without = (value: object, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** A duration of Prometheus in seconds; 0 for none, and for text that is no duration. */
export const seconds = (text: string | undefined): number => durationSeconds(text ?? '') ?? 0;
