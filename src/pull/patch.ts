import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sources } from './locate.ts';

/** The patch that makes the new texts of the old ones, as `git apply` takes it; empty when nothing changes. */
export function patchOf(sources: Sources, changed: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pull-'));
  const put = (side: 'a' | 'b', file: string, text: string): void => {
    const path = join(folder, side, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  try {
    for (const [file, text] of changed) {
      put('a', file, sources.get(file) ?? '');
      put('b', file, text);
    }
    if (changed.size === 0) return '';
    const args = ['diff', '--no-index', '--no-color', '--no-prefix', 'a', 'b'];
    return spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
