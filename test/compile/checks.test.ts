import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks, findingsOf } from '../../src/compile/checks/index.ts';
import { inProject } from '../../src/lib/root.ts';
import { broken } from './broken.ts';
import type { Broken } from './broken-definition.ts';
import { bundleWith } from './good.ts';

const caretOf = ({ source }: ReturnType<typeof findingsOf>[number]): string | undefined =>
  source?.text.slice(source.from, source.to);

describe('each broken definition', () => {
  it.each(broken.map((b): [string, Broken] => [`${b.id}: ${b.name}`, b]))(
    '%s',
    (_, { changes, ...expected }) => {
      const found = findingsOf(bundleWith(changes));
      expect(found.map((f) => ({ id: f.id, place: f.place, caret: caretOf(f) }))).toEqual([
        { id: expected.id, place: expected.place, caret: expected.caret },
      ]);
      const [finding] = found;
      expect(finding?.summary).toMatch(/^\S.*[.?]$/s);
      expect(finding?.fix).toMatch(/\S/);
      expect(existsSync(inProject(finding?.file ?? '')), finding?.file).toBe(true);
    },
  );
});

describe('the table', () => {
  it('holds at least 60, each with a name of its own in its kind', () => {
    expect(broken.length).toBeGreaterThanOrEqual(60);
    const names = broken.map(({ id, name }) => `${id} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('breaks a bundle in which nothing is wrong', () => {
    expect(findingsOf(bundleWith())).toEqual([]);
  });
});

describe('the registry', () => {
  const examples = new Set(broken.map(({ id }) => id));
  const idsOf = (check: (typeof checks)[number]): string[] => (check.rules ?? [check]).map(({ id }) => id);

  it.each(checks.map((check) => [check.id, check] as const))(
    '%s is explained and has a bad example',
    (_, check) => {
      expect(check.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(check.summary).toMatch(/^[A-Z].*\.$/);
      expect(check.why).toMatch(/^[A-Z].*\.$/);
      for (const { id, summary } of check.rules ?? []) {
        expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(summary).toMatch(/^\S.*\.$/);
      }
      expect(idsOf(check).filter((id) => !examples.has(id))).toEqual([]);
    },
  );

  it('has each id once, and no example is of an id that it does not have', () => {
    const ids = checks.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...examples].filter((id) => !ids.includes(id))).toEqual([]);
  });
});
