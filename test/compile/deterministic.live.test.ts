import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, sha256 } from '../../src/compile/manifest.ts';
import { copyProject, differing, type Files, type ProjectCopy } from './project.ts';

let project: ProjectCopy;
let plain: Files;
beforeAll(async () => {
  project = copyProject();
  plain = await build({});
});
afterAll(() => project.remove());

/** Builds from nothing. */
async function build(env: Readonly<Record<string, string>>): Promise<Files> {
  rmSync(join(project.root, 'generated'), { recursive: true, force: true });
  const { code, stdout, stderr } = await project.run('build', ['--no-examples'], env);
  expect(code, stdout + stderr).toBe(0);
  return project.files('generated');
}

const turkish = { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' };
const german = { TZ: 'America/Los_Angeles', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' };

describe('generated/', () => {
  it('is the same to the byte on machines of other time zones and languages, and on other days', async () => {
    const first = await build(turkish);
    const second = await build(german);
    expect(Object.keys(first).length).toBeGreaterThan(5);
    expect(differing(first, second)).toEqual([]);
  });

  it('holds no path of the machine that built it', async () => {
    for (const [path, text] of Object.entries(plain))
      for (const own of [project.root, homedir() === '/' ? project.root : `${homedir()}/`, 'file://'])
        expect(text.includes(own), `${path} holds ${own}`).toBe(false);
  });

  it('is described by its manifest, file by file', async () => {
    const { artefacts, bundle, version } = JSON.parse(plain['manifest.json'] ?? '') as Manifest;
    const listed = Object.keys(plain).filter(
      (path) => path !== 'manifest.json' && path !== 'prometheus/rules/bundle.yml',
    );
    expect(Object.keys(artefacts)).toEqual(listed.sort());
    for (const [path, hash] of Object.entries(artefacts))
      expect(sha256(Buffer.from(plain[path] ?? '', 'latin1').toString('utf8')), path).toBe(hash);
    expect(version).toBe(bundle.slice(0, 12));
    expect(plain['prometheus/rules/bundle.yml']).toContain(`version: ${version}`);
  });
});
