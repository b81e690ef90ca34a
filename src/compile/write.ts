import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Artefacts } from './artefacts.ts';

/** How `generated/` differs from what the definitions say; paths below it. */
export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Files in `generated/` that no definition makes and yet belong there (test fixtures and pictures have their own commands). */
const kept = (path: string): boolean => path.startsWith('images/');

function filesBelow(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
      : [`${prefix}${entry.name}`],
  );
}

/** Compares a folder with the artefacts. */
export function compare(folder: string, artefacts: Artefacts): Difference {
  const present = new Set(filesBelow(folder));
  const paths = [...artefacts.keys()];
  return {
    added: paths.filter((path) => !present.has(path)),
    changed: paths.filter(
      (path) => present.has(path) && readFileSync(join(folder, path), 'utf8') !== artefacts.get(path),
    ),
    removed: [...present].filter((path) => !artefacts.has(path) && !kept(path)).sort(),
  };
}

/** Writes what differs, each file at once (a reader never sees half of one), and removes what is no longer made. */
export function write(folder: string, artefacts: Artefacts, difference: Difference): void {
  for (const path of [...difference.added, ...difference.changed]) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, artefacts.get(path) ?? '');
    renameSync(temporary, file);
  }
  for (const path of difference.removed) rmSync(join(folder, path));
}
