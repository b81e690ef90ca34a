import { lineOf } from '../lib/finding.ts';
import type { Change } from './change.ts';

/** Where something is defined: what a person reads, and the file to edit. */
export interface Location {
  readonly place: readonly string[];
  readonly file: string;
}

/** A place without the labels that tell rules of one series apart. */
const keyOf = (place: readonly string[]): string =>
  place.map((part) => part.replace(/\{.*\}$/s, '')).join('\u0000');

/**
 * Adds to each change the file and line where it is defined, as far as it is defined now: of a query its panel, of a
 * rule that is one of several its series.
 * @param read the text of a file of the project; undefined when it is not there
 */
export function withSources(
  changes: readonly Change[],
  locations: readonly Location[],
  read: (file: string) => string | undefined,
): Change[] {
  const byPlace = new Map(locations.map((location) => [keyOf(location.place), location]));
  const bySeries = new Map(
    locations.map((location) => [keyOf([location.place[0] ?? '', location.place[2] ?? '']), location]),
  );
  const texts = new Map<string, string | undefined>();
  return changes.map((change) => {
    const [first = '', , last = ''] = change.place;
    const tries = change.place.map((_, i) =>
      byPlace.get(keyOf(change.place.slice(0, change.place.length - i))),
    );
    const found = tries.find((location) => location) ?? bySeries.get(keyOf([first, last]));
    if (!found) return change;
    const { file } = found;
    if (!texts.has(file)) texts.set(file, read(file));
    const text = texts.get(file);
    if (text === undefined) return change;
    const place = found.place.map((part) => part.replace(/\{.*\}$/s, ''));
    const line = lineOf({ id: '', severity: 'warning', summary: '', place, file, fix: '' }, text);
    return { ...change, source: { file, line } };
  });
}
