import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/diff/change.ts';
import { differences } from '../../src/diff/diff.ts';
import { random } from '../../src/simulator/random.ts';
import { objectives } from '../relay.ts';
import { type Edit, edited, parts, snapshot } from './base.ts';
import { edits, type Row } from './edits.ts';
import { smallEdits } from './small-edits.ts';

const sentence = ({ place, text, risk, readBy }: Change): string =>
  `${place.join(' › ')}: ${text}${risk ? ` ! ${risk}` : ''}${readBy ? ` (read by ${readBy.join(', ')})` : ''}`;
const list = (edit: Row[0]): readonly Edit[] =>
  typeof edit[0] === 'string' ? [edit as Edit] : (edit as readonly Edit[]);
const sentences = (...applied: readonly Edit[]): string[] =>
  differences(snapshot(parts()), snapshot(edited(parts(), ...applied)), objectives).map(sentence);

describe('the diff', () => {
  it('says nothing of a bundle that did not change', () => {
    expect(sentences()).toEqual([]);
  });

  it('knows at least eighty single edits', () => {
    expect(edits.length).toBeGreaterThanOrEqual(80);
  });

  it.each(edits.map(([edit, expected]) => [JSON.stringify(edit), edit, expected] as const))(
    'gives exactly the sentence of %s',
    (_, edit, expected) => {
      expect(sentences(...list(edit))).toEqual(expected === '' ? [] : [expected]);
    },
  );

  it.each(smallEdits.map(([edit, expected]) => [JSON.stringify(edit), edit, expected] as const))(
    'does not overlook %s',
    (_, edit, expected) => {
      const wanted = typeof expected === 'string' ? [expected].filter(Boolean) : [...expected];
      expect(sentences(...list(edit)).toSorted()).toEqual(wanted.toSorted());
    },
  );

  it('knows a panel again whose title and id changed, by what it asks', () => {
    expect(sentences(['set', 'recent.title', 'Latest'], ['set', 'recent.id', 99])).toEqual([
      'deployments › Details › Latest: panel id `21` → `99` ! links that open this panel alone no longer find it',
      'deployments › Details › Latest: renamed: `Recent` → `Latest`',
    ]);
  });

  /** Edits whose paths have nothing to do with each other, and that add or remove nothing before the other's place. */
  const simple = edits.filter(
    ([edit, expected]) => list(edit).length === 1 && list(edit)[0]?.[0] === 'set' && expected,
  );
  const place = (row: Row): string => list(row[0])[0]![1].split('.').slice(0, 2).join('.');

  it('gives both sentences of any two edits', () => {
    const dice = random(42);
    for (let round = 0; round < 200; round++) {
      const a = simple[Math.floor(dice.next() * simple.length)]!;
      const b = simple[Math.floor(dice.next() * simple.length)]!;
      if (place(a) === place(b) || a[1].includes('uid changed') || b[1].includes('uid changed')) continue;
      const both = [a[1], b[1]].map((s) => s.replace(/ \(read by.*$/, ''));
      const found = sentences(...list(a[0]), ...list(b[0])).map((s) => s.replace(/ \(read by.*$/, ''));
      expect(found.toSorted(), `${a[1]} and ${b[1]}`).toEqual(both.toSorted());
    }
  });
});
