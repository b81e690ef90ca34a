import { describe, expect, it } from 'vitest';
import { alertGroups } from '../../src/compile/alerts/rules.ts';
import type { Bundle } from '../../src/compile/bundle.ts';
import { findingsOf } from '../../src/compile/checks/index.ts';
import { random } from '../../src/simulator/index.ts';
import { bundle as relayBundle } from '../relay.ts';

type Loose = Record<string, unknown>;
/** An object as people write it; sentences and expressions are made by functions. */
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** Paths of every part of a value that could be left out or be another one; functions are not looked into. */
function partsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (!isLoose(value) || path.length > 5) return [[...path]];
  return [[...path], ...Object.keys(value).flatMap((key) => partsOf(value[key], [...path, key]))];
}

/** A copy with the part at a path changed. */
function changed(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (part: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  if (!isLoose(value)) return value;
  const copy: Loose = Array.isArray(value) ? ([...value] as unknown as Loose) : { ...value };
  const part = changed(copy[key], rest, change);
  if (part === undefined) delete copy[key];
  else copy[key] = part;
  return Array.isArray(copy) ? copy.filter(() => true) : copy;
}

/** Results of a hurried edit: nothing, another kind of thing, or a word less. */
const edits: readonly ((part: unknown) => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 7,
  () => ({}),
  (part) => (typeof part === 'string' ? part.split(' ').slice(1).join(' ') : []),
];

// Without the dashboards, which are most of what the checks read, and of which nothing is edited here.
const bundle: Bundle = { ...relayBundle, dashboards: [] };

/** The bundle after an edit of its alerts, objectives or metrics, with the rules that are made of the alerts. */
function edited(field: 'families' | 'objectives' | 'metrics', value: unknown): Bundle {
  const after = { ...bundle, [field]: value } as Bundle;
  return field === 'families'
    ? { ...after, ruleFiles: { ...bundle.ruleFiles, alerts: alertGroups(after.families) } }
    : after;
}

describe.each(['families', 'objectives', 'metrics'] as const)('an edit anywhere in the %s', (field) => {
  const all = partsOf(bundle[field]).filter(
    (path) => path.length > (field === 'metrics' ? 1 : field === 'families' ? 3 : 1),
  );

  it('is findings or nothing, and never an exception', () => {
    const rng = random(20_261_201);
    for (let i = 0; i < 12; i++) {
      const path = all[Math.floor(rng.next() * all.length)] ?? [];
      const edit = edits[i % edits.length]!;
      const value = changed(bundle[field], path, edit);
      const where = `${field}.${path.join('.')} (edit ${i % edits.length})`;
      try {
        for (const { summary, fix, file } of findingsOf(edited(field, value)))
          expect(summary !== '' && fix !== '' && file !== '', where).toBe(true);
      } catch (error) {
        throw new Error(`${where}: ${(error as Error).stack}`);
      }
    }
  });
});
