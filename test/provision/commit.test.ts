import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { commitToDeploy } from '../../src/provision/commit.ts';
import { desiredOf, writeBundle } from './fixtures/bundle.ts';
import { plan, provision, stage } from './harness.ts';

describe('the commit that Railway deploys', () => {
  let folder: string;
  let hash: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'repository-'));
    git('init', '-q');
    writeBundle({}, join(folder, 'generated'));
    git('add', '.');
    git('commit', '-q', '-m', 'build');
    hash = git('rev-parse', 'HEAD');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one given, GitHub’s, or the one checked out', () => {
    expect(commitToDeploy(folder, undefined, {})).toBe(hash);
    expect(commitToDeploy(folder, hash.slice(0, 8), {})).toBe(hash);
    expect(commitToDeploy(folder, undefined, { GITHUB_SHA: hash })).toBe(hash);
    // One that is not here, as in a shallow checkout: the proof will tell.
    expect(commitToDeploy(folder, 'f'.repeat(40), {})).toBe('f'.repeat(40));
    expect(() => commitToDeploy(folder, 'no-such-branch', {})).toThrow(
      'There is no commit no-such-branch here',
    );
  });

  it('must hold the same build', () => {
    writeFileSync(join(folder, 'generated', 'manifest.json'), '{}');
    expect(() => commitToDeploy(folder, undefined, {})).toThrow(
      `Commit ${hash.slice(0, 7)} holds another build than generated/ here`,
    );
    git('rm', '-q', '--cached', 'generated/manifest.json');
    git('commit', '-q', '-m', 'without');
    expect(() => commitToDeploy(folder, undefined, {})).toThrow('its image would have no rules');
  });

  it('is needed to apply, not to plan', async () => {
    const missing = (): string => {
      throw new UserError('Commit 1234567 holds another build.');
    };
    const on = stage('railway');
    const only = { options: { only: 'prometheus' as const }, world: { commit: missing } };
    const planned = await plan(on, desiredOf(), only);
    expect(planned.result?.code).toBe(2);
    expect(planned.output).toContain(
      'note: it could not be applied now: Commit 1234567 holds another build.',
    );
    expect((await provision(on, desiredOf(), only)).error).toBeInstanceOf(UserError);
    expect(on.railway.deployments).toEqual([]);
  });
});
