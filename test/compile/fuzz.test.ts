import { describe, expect, it } from 'vitest';
import { alertGroups } from '../../src/compile/alerts/rules.ts';
import type { Bundle } from '../../src/compile/bundle.ts';
import { findingsOf } from '../../src/compile/checks/index.ts';
import { viewOf } from '../../src/compile/checks/view.ts';
import { unreadable } from '../../src/compile/unreadable.ts';
import { buildDashboard, type DashboardDefinition } from '../../src/dashboards/dashboard.ts';
import type { Finding } from '../../src/lib/finding.ts';
import { random } from '../../src/simulator/index.ts';
import { isNight } from '../nightly.ts';
import { bundle as relayBundle } from '../relay.ts';

/** `FUZZ_SEED=7` tries other edits; by night there are fifty times as many. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_201);
const times = isNight ? 50 : 1;

type Loose = Record<string, unknown>;
/** An object as people write it; sentences and expressions are made by functions. */
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** Paths of every part of a value that could be left out or be another one; functions are not looked into. */
function partsOf(value: unknown, path: readonly string[] = [], deepest = 5): string[][] {
  if (!isLoose(value) || path.length > deepest) return [[...path]];
  return [[...path], ...Object.keys(value).flatMap((key) => partsOf(value[key], [...path, key], deepest))];
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

/** Runs an edit; whatever it ends in names the edit and the seed that repeats it. */
function tried(where: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`${where}, FUZZ_SEED=${seed}: ${(error as Error).stack}`);
  }
}

function areComplete(findings: readonly Pick<Finding, 'summary' | 'fix' | 'file'>[]): void {
  for (const { summary, fix, file } of findings) expect([summary, fix, file]).not.toContain('');
}

describe.each(['families', 'objectives', 'metrics'] as const)('an edit anywhere in the %s', (field) => {
  const all = partsOf(bundle[field]).filter(
    (path) => path.length > (field === 'metrics' ? 1 : field === 'families' ? 3 : 1),
  );

  it('is findings or nothing, and never an exception', () => {
    const rng = random(seed);
    for (let i = 0; i < 12 * times; i++) {
      const path = all[Math.floor(rng.next() * all.length)] ?? [];
      const value = changed(bundle[field], path, edits[i % edits.length]!);
      tried(`${field}.${path.join('.')} (edit ${i % edits.length})`, () =>
        areComplete(findingsOf(edited(field, value))),
      );
    }
  });
});

describe('an edit anywhere in a dashboard', () => {
  const { dashboards, metrics, pipeline } = relayBundle;
  const alone = { pipeline, metrics, ruleFiles: {}, families: [], objectives: [] };

  /** Findings of the definition; where it cannot be read at all, those that say so, as the command does. */
  function findingsAbout(definition: DashboardDefinition): readonly Finding[] {
    let edited: Bundle;
    try {
      edited = { ...alone, dashboards: [buildDashboard(definition)] };
      viewOf(edited);
    } catch (error) {
      return unreadable(error);
    }
    return findingsOf(edited);
  }

  it.each(dashboards.map(({ definition }) => [definition.uid, definition] as const))(
    'is findings or nothing, and never an exception: %s',
    (uid, definition) => {
      const all = partsOf(definition, [], 11).slice(1);
      const rng = random(seed).fork(uid);
      for (let i = 0; i < 12 * times; i++) {
        const path = all[Math.floor(rng.next() * all.length)] ?? [];
        const value = changed(definition, path, edits[i % edits.length]!) as DashboardDefinition;
        tried(`${uid}.${path.join('.')} (edit ${i % edits.length})`, () => areComplete(findingsAbout(value)));
      }
    },
  );
});
