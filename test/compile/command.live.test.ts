import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lib/finding.ts';
import { isNight } from '../nightly.ts';
import { copyProject, differing, type Files, type ProjectCopy } from './project.ts';

let project: ProjectCopy;
let definition: string;
let clean: Files;

const overview = 'dashboards/overview/index.ts';
const keyMetrics = 'dashboards/overview/key-metrics.ts';

beforeAll(async () => {
  project = copyProject();
  definition = project.read(overview);
  expect((await project.run('build', ['--no-examples'])).code).toBe(0);
  clean = project.files('generated');
});
afterAll(() => project.remove());
beforeEach(() => {
  project.write(overview, definition);
  project.restore('generated', clean);
});

/** Differences of generated/ from the build. */
const changed = (): string[] => differing(clean, project.files('generated'));

/** Breaks a definition in one place. */
const breakRefresh = (): void => project.edit(overview, "refresh: '10s'", "refresh: '1s'");

describe('npm run build', () => {
  it('has nothing to do a second time, says so, and leaves pictures alone', async () => {
    mkdirSync(join(project.root, 'generated/images'), { recursive: true });
    project.write('generated/images/overview.png', 'png');
    const { code, stdout, stderr } = await project.run('build', ['--no-examples']);
    expect(project.read('generated/images/overview.png')).toBe('png');
    rmSync(join(project.root, 'generated/images/overview.png'));
    expect({ code, stdout: stdout.replace(/^warning [\s\S]*/, '') }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^generated\/: \d+ files, 0 written\.( Nothing has changed.*)?$/m);
    expect(changed()).toEqual([]);
  });

  it('writes nothing when something is wrong, and says what, where and what to do', async () => {
    breakRefresh();
    project.edit(overview, 'title: titles.overview', "title: ''");
    const { code, stdout, stderr } = await project.run('build', ['--no-examples']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        'error dashboard-refresh: Grafana does not take the refresh interval "1s".',
        '  at deployment-pipeline  (dashboards/overview/index.ts)',
        '  → Write 5s or more, or "".',
      ].join('\n'),
    );
    expect(stdout).toContain('error dashboard-words: The dashboard has no title.');
    expect(stderr).toContain('2 errors; nothing was written.');
    expect(stdout + stderr).not.toMatch(/\bat .*\.m?[jt]s:\d+/);
    expect(changed()).toEqual([]);
  });

  it('speaks JSON, and only JSON, on stdout', async () => {
    breakRefresh();
    const { code, stdout } = await project.run('build', ['--no-examples', '--json'], {
      GITHUB_ACTIONS: 'true',
    });
    const findings = (JSON.parse(stdout) as Finding[]).filter((f) => f.severity === 'error');
    expect(code).toBe(1);
    expect(findings).toEqual([
      {
        id: 'dashboard-refresh',
        severity: 'error',
        summary: 'Grafana does not take the refresh interval "1s".',
        place: ['deployment-pipeline'],
        file: overview,
        fix: 'Write 5s or more, or "".',
      },
    ]);
    expect(changed()).toEqual([]);
  });

  it.runIf(isNight)('gives an empty list, or warnings only, in JSON when all is well', async () => {
    const { code, stdout } = await project.run('build', ['--no-examples', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Finding[]).filter((f) => f.severity === 'error')).toEqual([]);
  });

  it('annotates the pull request on GitHub', async () => {
    breakRefresh();
    const { stdout } = await project.run('build', ['--no-examples'], { GITHUB_ACTIONS: 'true' });
    expect(stdout).toMatch(
      /^::error file=dashboards\/overview\/index\.ts,line=\d+,title=dashboard-refresh%3A deployment-pipeline::/m,
    );
    const line = Number(/index\.ts,line=(\d+),/.exec(stdout)?.[1]);
    expect(project.read(overview).split('\n')[line - 1]).toContain("refresh: '1s'");
  });

  it.runIf(isNight)('names a file that is defined in a row by the file of the row', async () => {
    const text = project.read(keyMetrics);
    project.edit(keyMetrics, "title: 'Active deployments'", "title: ''");
    const { stdout } = await project.run('build', ['--no-examples']);
    project.write(keyMetrics, text);
    expect(stdout).toContain(`at deployment-pipeline › Key metrics ›   (${keyMetrics})`);
  });

  it('refuses an option that it does not know', async () => {
    const { code, stderr } = await project.run('build', ['--chek']);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no option --chek. Did you mean --check?');
    expect(stderr).toContain('npm run build -- --help');
  });

  it('says that promtool is missing, and builds all the same', async () => {
    const nowhere = join(project.root, 'nowhere');
    mkdirSync(nowhere, { recursive: true });
    const env = { PATH: nowhere, XDG_CACHE_HOME: nowhere, PROMTOOL_BIN: '' };
    const { code, stderr } = await project.run('build', ['--no-examples', '--check'], env);
    expect(code).toBe(0);
    expect(stderr).toContain('promtool is not installed');
    expect(stderr).toContain('npm run servers -- --fetch');
  });
});

describe('npm run build -- --check', () => {
  const dashboard = 'generated/grafana/dashboards/deployment-pipeline.json';

  it('is content right after a build', async () => {
    const { code, stderr } = await project.run('build', ['--no-examples', '--check']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/generated\/ is current: \d+ files\./),
    });
  });

  it('names every file that is stale, missing or left over, and fixes none', async () => {
    project.write(dashboard, `${project.read(dashboard)} `);
    rmSync(join(project.root, 'generated/docs/metrics.md'));
    project.write('generated/prometheus/rules/old.yml', 'groups: []\n');
    const before = project.files('generated');
    const { code, stdout, stderr } = await project.run('build', ['--no-examples', '--check'], {
      GITHUB_ACTIONS: 'true',
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`error generated-stale: ${dashboard} is not what the definitions say.`);
    expect(stdout).toContain('error generated-stale: generated/docs/metrics.md is missing.');
    expect(stdout).toContain('generated/prometheus/rules/old.yml is left over: no definition makes it.');
    expect(stdout).toContain(
      `::error file=${dashboard},line=${project.read(dashboard).split('\n').length},title=generated-stale%3A`,
    );
    expect(stderr).toContain('Run "npm run build"');
    expect(differing(before, project.files('generated'))).toEqual([]);

    expect((await project.run('build', ['--no-examples'])).code).toBe(0);
    expect(changed()).toEqual([]);
  });

  it('fails for a definition that changed and was not built, and writes nothing', async () => {
    project.edit(overview, "refresh: '10s'", "refresh: '30s'");
    const { code, stdout } = await project.run('build', ['--no-examples', '--check', '--json']);
    expect(code).toBe(1);
    const files = (JSON.parse(stdout) as Finding[])
      .filter((f) => f.id === 'generated-stale')
      .map((f) => f.file);
    expect(files).toEqual(expect.arrayContaining([dashboard, 'generated/manifest.json']));
    expect(changed()).toEqual([]);
  });
});
