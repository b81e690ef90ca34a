import { literalIn, objectWith, written } from './source.ts';
import type { Wanted } from './wanted.ts';

/** One literal of a source file that is to be another one. */
export interface Edit {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What is searched for: the panel's title or the dashboard's description, and the files that may define it, likeliest first. */
export interface Subject {
  readonly key: 'title' | 'description';
  readonly value: string;
  readonly files: readonly string[];
}

/** Texts of source files, by path. */
export type Sources = ReadonlyMap<string, string>;

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
    return literal && { file, from: literal.from, to: literal.to, text: written(wanted.after) };
  }
  return undefined;
}

/** A text with its edits made. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((result, { from, to, text: value }) => result.slice(0, from) + value + result.slice(to), text);
}
