import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artefacts } from '../../src/compile/artefacts.ts';
import { bundleHash, manifest, sha256 } from '../../src/compile/manifest.ts';
import { compare, write } from '../../src/compile/write.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generated-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const artefacts: Artefacts = new Map([
  ['a/one.yml', 'one\n'],
  ['two.json', '{}\n'],
]);
const build = (what: Artefacts): void => write(folder, what, compare(folder, what));
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('writing generated/', () => {
  it('makes what is missing', () => {
    expect(compare(folder, artefacts)).toEqual({
      added: ['a/one.yml', 'two.json'],
      changed: [],
      removed: [],
    });
    build(artefacts);
    expect([read('a/one.yml'), read('two.json')]).toEqual(['one\n', '{}\n']);
    expect(compare(folder, artefacts)).toEqual({ added: [], changed: [], removed: [] });
  });

  it('begins with a folder that does not exist', () => {
    rmSync(folder, { recursive: true });
    build(artefacts);
    expect(read('two.json')).toBe('{}\n');
  });

  it('touches only what differs', () => {
    build(artefacts);
    const before = statSync(join(folder, 'two.json'), { bigint: true }).mtimeNs;
    const changed = new Map([...artefacts, ['a/one.yml', 'ONE\n']]);
    expect(compare(folder, changed).changed).toEqual(['a/one.yml']);
    build(changed);
    expect(read('a/one.yml')).toBe('ONE\n');
    expect(statSync(join(folder, 'two.json'), { bigint: true }).mtimeNs).toBe(before);
  });

  it('sees a difference of one byte, and of line ends', () => {
    build(artefacts);
    writeFileSync(join(folder, 'two.json'), '{}\r\n');
    expect(compare(folder, artefacts).changed).toEqual(['two.json']);
  });

  it('removes what nothing makes any more, and keeps pictures', () => {
    build(artefacts);
    writeFileSync(join(folder, 'a', 'old.yml'), '');
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images', 'shot.png'), 'png');
    expect(compare(folder, artefacts).removed).toEqual(['a/old.yml']);
    build(artefacts);
    expect(existsSync(join(folder, 'a', 'old.yml'))).toBe(false);
    expect(read('images/shot.png')).toBe('png');
  });

  it('removes what a build that was killed left behind', () => {
    build(artefacts);
    writeFileSync(join(folder, 'two.json.123.tmp'), 'half');
    expect(compare(folder, artefacts).removed).toEqual(['two.json.123.tmp']);
  });
});

describe('the manifest', () => {
  const files = [
    ['a', 'one'],
    ['b', 'two'],
  ] as const;

  it('has the hash of each file, and one of all', () => {
    const { artefacts: hashes, bundle, version } = manifest('test', files);
    expect(hashes).toEqual({ a: sha256('one'), b: sha256('two') });
    expect(sha256('one')).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed');
    expect(bundle).toBe(bundleHash(hashes));
    expect(bundle).toMatch(/^[0-9a-f]{64}$/);
    expect(version).toBe(bundle.slice(0, 12));
  });

  it('is another one when a text or a name changes, or two texts change places', () => {
    const bundles = [
      manifest('test', files),
      manifest('test', [files[0], ['b', 'Two']]),
      manifest('test', [files[0], ['c', 'two']]),
      manifest('test', [
        ['a', 'two'],
        ['b', 'one'],
      ]),
    ].map(({ bundle }) => bundle);
    expect(new Set(bundles).size).toBe(bundles.length);
  });
});
