import { literalIn, objectWith, valueIn, written } from './source.ts';
import type { Wanted } from './wanted.ts';

/** One literal of a source file that is to be another one. */
export interface Edit {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Subject of a search: the panel's title or the dashboard's description, and the files that may define it, likeliest first. */
export interface Subject {
  readonly key: 'title' | 'description';
  readonly value: string;
  readonly files: readonly string[];
}

/** Texts of source files, by path. */
export type Sources = ReadonlyMap<string, string>;

/** So much around what changed must be the same, that it is the right place. */
const least = 12;
/** Characters that end a string literal, or mean something else in it. */
const special = /['"`\\\n]|\$\{/;

/** In a text that has numbers of the pipeline put in: the part that changed, if the definition says it once as it is. */
function partOf(
  text: string,
  object: { readonly from: number; readonly to: number },
  { key, before, after }: Wanted,
): Omit<Edit, 'file'> | undefined {
  const value = valueIn(text, object, key);
  if (value === undefined || typeof before !== 'string' || typeof after !== 'string') return undefined;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let rest = 0;
  while (rest < Math.min(before.length, after.length) - start && before.at(-1 - rest) === after.at(-1 - rest))
    rest++;
  const [from, end] = [Math.max(0, start - least), Math.max(0, rest - least)];
  const old = before.slice(from, before.length - end);
  const now = after.slice(from, after.length - end);
  const source = text.slice(value.from, value.to);
  const at = source.indexOf(old);
  if (at === -1 || source.indexOf(old, at + 1) !== -1 || special.test(old) || special.test(now))
    return undefined;
  return { from: value.from + at, to: value.from + at + old.length, text: now };
}

/**
 * Finds the literal that defines a value: in the object that has the panel's title (or the dashboard's description), the only one
 * of the property that says what was there before. Pure.
 */
export function locate(subject: Subject, wanted: Wanted, sources: Sources): Edit | undefined {
  for (const file of subject.files) {
    const text = sources.get(file) ?? '';
    const object = objectWith(text, subject.key, subject.value);
    if (object === undefined) continue;
    const literal = literalIn(text, object, wanted.key, wanted.before);
    if (literal) return { file, from: literal.from, to: literal.to, text: written(wanted.after) };
    const part = partOf(text, object, wanted);
    return part && { file, ...part };
  }
  return undefined;
}

/** A text with its edits made. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((result, { from, to, text: value }) => result.slice(0, from) + value + result.slice(to), text);
}
