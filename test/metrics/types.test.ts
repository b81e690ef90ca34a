import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';

const source = readFileSync(inProject('test', 'metrics', 'types.ts'), 'utf8');
const mark = /^ *\/\/ @ts-expect-error .*$/gm;

// Beside the file, so that its imports lead to the same places.
const folder = mkdtempSync(inProject('test', 'metrics', 'tmp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles a text in the place of types.ts, under the project's own settings: the lines with errors. */
function compile(text: string): Promise<number[]> {
  const file = join(folder, 'types.ts');
  writeFileSync(file, text.replaceAll("from '../../", "from '../../../"));
  const config = join(folder, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({ extends: '../../../tsconfig.json', include: [], files: ['types.ts'] }),
  );
  const tsc = inProject('node_modules', '.bin', 'tsc');
  return new Promise((resolve, reject) =>
    execFile(tsc, ['--noEmit', '--pretty', 'false', '-p', config], (error, stdout, stderr) => {
      const found = [...stdout.matchAll(/types\.ts\((\d+),\d+\): error/g)].map((m) => Number(m[1]));
      if (error && found.length === 0) reject(new Error(stdout + stderr));
      else resolve(found);
    }),
  );
}

describe('the types', () => {
  it('accept what is right and refuse what is marked as wrong', async () => {
    expect(await compile(source)).toEqual([]);
  });

  it('refuse each marked line, and only those', async () => {
    const marked = source
      .split('\n')
      .flatMap((line, i) => (line.includes('@ts-expect-error') ? [i + 2] : []));
    expect(marked.length).toBeGreaterThan(20);
    const refused = await compile(source.replaceAll(mark, ''));
    expect([...new Set(refused)].sort((a, b) => a - b)).toEqual(marked);
  });
});
