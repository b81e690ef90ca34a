import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lib/finding.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { copyProject, type ProjectCopy } from './project.ts';

let project: ProjectCopy;
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: project.root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(async () => {
  await obtainPrograms(['promtool'], 'current');
  project = copyProject();
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '-qm', 'all of it');
});
afterAll(() => project.remove());
beforeEach(() => git('checkout', '-q', '.'));

/** The errors of a build, and what it says beside them. */
async function build(...args: string[]): Promise<{ code: number; errors: Finding[]; notes: string }> {
  const { code, stdout, stderr } = await project.run('build', ['--json', ...args]);
  const found = JSON.parse(stdout) as Finding[];
  return { code, errors: found.filter(({ severity }) => severity === 'error'), notes: stderr };
}

describe('npm run build', () => {
  it('tries the examples of no alert when nothing changed, and says so', async () => {
    const { code, errors, notes } = await build();
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(notes).toMatch(/Examples of 0 of \d+ alerts were tried/);
  });

  it('finds that a threshold moved and the alert’s own example no longer fires', async () => {
    project.edit('pipeline.config.ts', 'alert: 0.9,', 'alert: 0.5,');
    const { code, errors, notes } = await build();
    expect(code).toBe(1);
    expect(new Set(errors.map(({ id, file }) => `${id} ${file}`))).toEqual(
      new Set(['alert-example-fails alerts/examples/health-checks.ts']),
    );
    expect(errors[0]?.summary).toBe(
      'PostDeploymentHealthChecksFailing does not fire in this example, and must.',
    );
    expect(errors[0]?.place.slice(2, 4)).toEqual(['PostDeploymentHealthChecksFailing', 'fires']);
    expect(notes).toMatch(/Examples of 1 of \d+ alerts/);
    expect(git('status', '--short', 'generated')).toBe('');
  });

  it('leaves the examples out when it is told to', async () => {
    project.edit('pipeline.config.ts', 'alert: 0.9,', 'alert: 0.5,');
    const { code, errors, notes } = await build('--no-examples');
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(notes).not.toContain('Examples');
  });

  it('finds what does not compile, with its line, together with all the rest', async () => {
    const file = 'slo/post-deployment-health.ts';
    project.edit(file, "burn: 'ticket'", "burn: 'ticket' as string as 'tickets'");
    project.edit('dashboards/overview/index.ts', "refresh: '10s'", "refresh: '1s'");
    const { errors } = await build();
    expect(errors.map(({ id }) => id).sort()).toEqual(['dashboard-refresh', 'types']);
    const types = errors.find(({ id }) => id === 'types');
    expect(types?.file).toBe(file);
    expect(project.read(file).split('\n')[(types?.line ?? 0) - 1]).toContain("as 'tickets'");
  });

  it('never calls a missing part a bug: it names the file and the line', async () => {
    const file = 'dashboards/overview/index.ts';
    project.edit(file, "refresh: '10s'", 'refresh: undefined!.x');
    const { errors, notes } = await build();
    expect(notes).not.toContain('bug');
    const found = errors.find(({ id }) => id === 'definition-unreadable');
    expect(found?.file).toBe(file);
    expect(project.read(file).split('\n')[(found?.line ?? 0) - 1]).toContain('undefined!.x');
  });

  it('writes into another folder when it is told to', async () => {
    const { code } = await build('--no-examples', '--out', `${project.root}/elsewhere`);
    expect(code).toBe(0);
    expect(project.read('elsewhere/manifest.json')).toBe(project.read('generated/manifest.json'));
    expect(git('status', '--short', 'generated')).toBe('');
  });
});
