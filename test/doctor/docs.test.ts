import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';

/** Every id that the code gives to a finding. */
function ids(): string[] {
  const folder = inProject('src', 'doctor');
  const texts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const calls = texts.flatMap((text) => [
    ...text.matchAll(/'(?:error|warning|note)',\s*'([a-z-]+)'/g),
    ...text.matchAll(/\bid: '([a-z-]+)'/g),
    ...text.matchAll(/\? '([a-z]+-[a-z-]+)' : '([a-z]+-[a-z-]+)',\n/g),
    ...text.matchAll(/',\n\s+'([a-z-]+)',\n/g),
  ]);
  return [...new Set(calls.flatMap(([, ...found]) => found))].sort();
}

it('every finding has its line in docs/doctor.md, and none is left over', () => {
  const documented = [
    ...readFileSync(inProject('docs', 'doctor.md'), 'utf8').matchAll(/`([a-z]+(?:-[a-z]+)*)`(?=[, |])/g),
  ].map(([, id]) => id!);
  const found = ids().filter((id) => !['error', 'warning', 'note', 'job-name'].includes(id));
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter((id) => !documented.includes(id))).toEqual([]);
  expect([...new Set(documented)].filter((id) => !found.includes(id) && id !== 'pushgateway')).toEqual([]);
});
