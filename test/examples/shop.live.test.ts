import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { obtainPrograms } from '../../src/servers/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'shop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd = inProject()) =>
  new Promise<{ code: number; output: string }>((resolve) =>
    execFile(command, args, { cwd, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    ),
  );

/** Words that only Relay's pipeline file says. */
const relay = /\brelay|railway_compute|vercel|alembic|supabase|knowledge_api|deploy_railway|api_health\b/i;

describe('examples/shop', () => {
  it('is built whole, and says no word of another pipeline', { timeout: 300_000 }, async () => {
    const argv = [inProject('scripts', 'run.mjs'), 'build', '--pipeline', 'examples/shop/pipeline.config.ts'];
    const { code, output } = await run(process.execPath, [...argv, '--out', folder, '--no-examples']);
    expect(code, output).toBe(0);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(80);
    const lines = files.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          relay.test(line) ? [`${path.slice(folder.length)}:${i + 1} ${line.slice(0, 160)}`] : [],
        );
    });
    // The recorder knows how to wait for hosts that any pipeline may use, and their tokens' shapes.
    expect(lines.filter((line) => !line.startsWith('/record'))).toEqual([]);
  });

  it('has rules that Prometheus loads', async () => {
    const { promtool } = await obtainPrograms(['promtool']);
    const rules = join(folder, 'prometheus', 'rules');
    const files = readdirSync(rules).map((name) => join(rules, name));
    expect((await run(promtool, ['check', 'rules', ...files])).output).not.toContain('FAILED');
  });

  it('records what it knows under its own words', async () => {
    const recorder = join(folder, 'record.mjs');
    const stage = [
      'stage-finish',
      '--deployment-id',
      '1',
      '--service',
      'checkout',
      '--stage',
      'rollout',
      '--status',
      'success',
    ];
    const { output } = await run(process.execPath, [
      recorder,
      ...stage,
      '--environment',
      'live',
      '--dry-run',
    ]);
    expect(output).toContain('/service/checkout/stage/rollout');
    expect(output).not.toContain('::warning');
  });
});

describe('an update', () => {
  it('is a merge without conflicts for a team that edits its pipeline file and adds files of its own', async () => {
    const [upstream, team] = [join(folder, 'upstream'), join(folder, 'team')];
    const git = async (cwd: string, ...args: string[]) => {
      const done = await run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], cwd);
      expect(done.code, done.output).toBe(0);
      return done.output;
    };
    await git(inProject(), 'clone', '-q', '--depth', '1', `file://${inProject()}`, upstream);
    await git(folder, 'clone', '-q', upstream, team);
    const edit = async (cwd: string, path: string, command: string) => {
      await run('sh', ['-c', command], cwd);
      await git(cwd, 'add', path);
      await git(cwd, 'commit', '-q', '-m', path);
    };
    await edit(team, 'pipeline.config.ts', 'cp examples/shop/pipeline.config.ts pipeline.config.ts');
    await edit(team, 'alerts/ours.ts', 'echo "export {};" > alerts/ours.ts');
    await edit(upstream, 'src/lib/root.ts', 'echo "// newer" >> src/lib/root.ts');
    await edit(upstream, 'dashboards/index.ts', 'echo "// newer" >> dashboards/index.ts');
    await git(team, 'fetch', '-q');
    await git(team, 'merge', '-q', '--no-edit', 'origin/HEAD');
    expect(readFileSync(join(team, 'pipeline.config.ts'), 'utf8')).toContain("name: 'Shop'");
    expect(readFileSync(join(team, 'src/lib/root.ts'), 'utf8')).toContain('// newer');
  });
});
