import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../lib/finding.ts';
import type { Artefacts } from './artefacts.ts';
import type { Difference } from './write.ts';

/** The first line of a file that is not as it should be, from 1. */
function firstDifference(file: string, wanted: string): number {
  const lines = wanted.split('\n');
  const present = readFileSync(file, 'utf8').split('\n');
  const first = present.findIndex((line, i) => line !== lines[i]);
  return (first === -1 ? present.length - 1 : first) + 1;
}

/** An error for each file of `generated/` that is not what the definitions say. @param folder where it is */
export function staleness(
  { changed, added, removed }: Difference,
  artefacts: Artefacts,
  folder: string,
): Finding[] {
  const finding = (path: string, problem: string, line = 1): Finding => ({
    id: 'generated-stale',
    severity: 'error',
    summary: `generated/${path} ${problem}.`,
    place: ['generated', ...path.split('/')],
    file: `generated/${path}`,
    line,
    fix: 'Run "npm run build" and commit the result. generated/ is never edited by hand.',
  });
  return [
    ...changed.map((path) =>
      finding(
        path,
        'is not what the definitions say',
        firstDifference(join(folder, path), artefacts.get(path) ?? ''),
      ),
    ),
    ...added.map((path) => finding(path, 'is missing')),
    ...removed.map((path) => finding(path, 'is left over: no definition makes it')),
  ];
}
