import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy, type Ran } from './project.ts';

let project: ProjectCopy;
const nothingChanged = 'Nothing has changed since they were last built and checked.';
const overview = 'dashboards/overview/index.ts';
const json = 'generated/grafana/dashboards/deployment-pipeline.json';

beforeAll(() => {
  project = copyProject();
});
afterAll(() => project.remove());

const build = (...args: string[]): Promise<Ran> => project.run('build', args);

/** Builds until there is nothing to do. */
async function settled(): Promise<Ran> {
  expect((await build()).code).toBe(0);
  const ran = await build();
  expect(ran.stderr).toContain(nothingChanged);
  return ran;
}

describe('a build of what was built before', () => {
  it('says what the former one said, but for what it wrote', async () => {
    const first = await build();
    const second = await build();
    expect(second.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toBe(first.stderr.replace(/\d+ written\.\n$/, `0 written. ${nothingChanged}\n`));
  });

  it('is made again when it is forced', async () => {
    await settled();
    expect((await build('--force')).stderr).not.toContain(nothingChanged);
    expect((await build()).stderr).toContain(nothingChanged);
  });

  it('sees an edit that leaves the size and the time of the last write', async () => {
    await settled();
    const file = join(project.root, overview);
    const time = new Date('2026-01-01T00:00:00Z');
    utimesSync(file, time, time);
    await settled();
    project.edit(overview, "refresh: '10s'", "refresh: '30s'");
    utimesSync(file, time, time);
    const { stderr } = await build();
    expect(stderr).not.toContain(nothingChanged);
    expect(project.read(json)).toContain('"refresh": "30s"');
    project.edit(overview, "refresh: '30s'", "refresh: '10s'");
    expect((await build()).code).toBe(0);
    expect(project.read(json)).toContain('"refresh": "10s"');
  });

  it('mends what was edited by hand, removed, or left over in generated/', async () => {
    await settled();
    const text = project.read(json);
    project.write(json, text.replace('"10s"', '"20s"'));
    rmSync(join(project.root, 'generated/docs/slos.md'));
    project.write('generated/left-over.yml', '');
    expect((await build()).stderr).toMatch(/, 3 written\.$/m);
    expect(project.read(json)).toBe(text);
    expect((await build()).stderr).toContain(nothingChanged);
  });

  it('is not believed by --check when a definition was edited and not built', async () => {
    await settled();
    expect((await build('--check')).code).toBe(0);
    expect((await build('--check')).stderr).toContain(nothingChanged);
    project.edit(overview, "refresh: '10s'", "refresh: '30s'");
    expect((await build('--check')).code).toBe(1);
    expect((await build('--check')).code).toBe(1);
    project.edit(overview, "refresh: '30s'", "refresh: '10s'");
    expect((await build('--check')).code).toBe(0);
  });

  it('fails as often as it is asked while something is wrong', async () => {
    await settled();
    project.edit(overview, "refresh: '10s'", "refresh: '1s'");
    expect((await build()).code).toBe(1);
    expect((await build()).stdout).toContain('error dashboard-refresh');
    project.edit(overview, "refresh: '1s'", "refresh: '10s'");
    expect((await build()).code).toBe(0);
  });

  it('is not made of what is no TypeScript, or imports what is not there, and says where', async () => {
    await settled();
    const text = project.read(overview);
    for (const [broken, why] of [
      [`${text}const = 3;\n`, 'Expected identifier'],
      [text.replace("'../links.ts'", "'../link.ts'"), 'Could not resolve "../link.ts"'],
    ] as const) {
      project.write(overview, broken);
      const { code, stderr } = await build();
      expect(code).toBe(1);
      expect(stderr).toContain(why);
      expect(stderr).toContain(`${overview}:`);
      expect(stderr).toMatch(/Nothing was done: mend what is named above\.\n$/);
      expect(stderr).not.toMatch(/\n {4}at /);
    }
    project.write(overview, text);
    expect((await build()).code).toBe(0);
  });

  it('reads package.json again', async () => {
    await settled();
    const text = project.read('package.json');
    const described = { ...JSON.parse(text), repository: 'https://github.com/relay/observability' };
    project.write('package.json', JSON.stringify(described));
    const { stderr } = await build();
    expect(stderr).not.toContain(nothingChanged);
    expect(stderr).not.toContain('Runbooks are paths');
    project.write('package.json', text);
    expect((await build()).stderr).toContain('Runbooks are paths');
  });

  it('asks promtool when it has come since, and when it became another one', async () => {
    const programs = join(project.root, '.programs');
    mkdirSync(programs);
    const bare = { PATH: programs, XDG_CACHE_HOME: join(project.root, '.nowhere') };
    const here = (): Promise<Ran> => project.run('build', [], bare);
    expect((await here()).stderr).toContain('promtool is not installed');
    expect((await here()).stderr).toContain('promtool is not installed');
    const promtool = join(programs, 'promtool');
    const script = (check: string): string =>
      `#!/bin/sh\nif [ "$1" = --version ]; then echo "promtool, version 3.5.0 (branch: x)"; else ${check}; fi\n`;
    writeFileSync(promtool, script('exit 0'), { mode: 0o755 });
    const judged = await here();
    expect(judged.stderr).not.toContain('promtool is not installed');
    expect(judged.code).toBe(0);
    expect((await here()).stderr).toContain(nothingChanged);
    writeFileSync(promtool, script('echo no; exit 1'));
    expect((await here()).code).toBe(1);
    chmodSync(promtool, 0o644);
    expect((await here()).stderr).toContain('promtool is not installed');
  });

  it('holds for its own folder only', async () => {
    await settled();
    const other = copyProject();
    try {
      cpSync(join(project.root, 'generated'), join(other.root, 'generated'), {
        recursive: true,
        preserveTimestamps: true,
      });
      expect((await other.run('build')).stderr).not.toContain(nothingChanged);
    } finally {
      other.remove();
    }
  });

  it('is not taken from notes that cannot be read', async () => {
    await settled();
    const cache = join(project.root, 'node_modules', '.cache', 'run');
    const notes = readdirSync(cache).filter((name) => /^(former|code)-.*\.json$/.test(name));
    expect(notes.length).toBeGreaterThan(1);
    for (const text of ['{"stamps":', '{}', 'null', '7']) {
      for (const name of notes) writeFileSync(join(cache, name), text);
      const { code, stderr } = await build();
      expect(code, stderr).toBe(0);
    }
  });
});
