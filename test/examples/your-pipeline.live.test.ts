import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { startPushgateway } from '../../src/servers/start.ts';
import { isNight } from '../nightly.ts';

/** Every command of docs/your-pipeline.md, in its order, as a team would type it. */

const page = readFileSync(inProject('docs', 'your-pipeline.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

const folder = mkdtempSync(join(tmpdir(), 'your-pipeline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, env: Record<string, string> = {}) =>
  new Promise<{ code: number; output: string }>((resolve) =>
    execFile(
      'bash',
      ['-euc', script],
      { cwd: folder, maxBuffer: 64e6, env: { PATH: process.env.PATH, HOME: folder, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    ),
  );
const git = 'git -c user.name=t -c user.email=t@example.com';
/** The command with what a test has instead: no network, and no one who answers. */
const typed = (command: string, gateway: string): string =>
  command
    .replace(/https:\/\/github\.com\/relay\/\S+/, `file://${join(folder, 'upstream')}`)
    .replace(/\bnpm ci\b/, `ln -sfn ${inProject('node_modules')} node_modules`)
    .replace(/^(npm run init .*)$/, '$1 --yes')
    .replace(/^git merge /, `git add -A && ${git} commit -qm Ours && ${git} merge --no-edit `)
    .replace('http://127.0.0.1:9091', gateway);

describe('docs/your-pipeline.md', () => {
  it('names files that are there to be edited', () => {
    const table = page.slice(page.indexOf('## What you may edit'));
    const named = [...table.matchAll(/`((?:[\w-]+\/)*[\w-]+(?:\.config)?\.ts)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named).toEqual(expect.arrayContaining(['pipeline.config.ts', 'alerts/index.ts', 'slo/index.ts']));
    for (const path of named.filter((one) => one.includes('/') || one.startsWith('pipeline')))
      expect(existsSync(inProject(path)), path).toBe(true);
  });

  it.runIf(isNight)('has no command that does not work', { timeout: 540_000 }, async () => {
    const gateway = await startPushgateway({});
    const workflows = join(folder, 'your-repository', '.github', 'workflows');
    mkdirSync(workflows, { recursive: true });
    writeFileSync(
      join(workflows, 'deploy.yml'),
      readFileSync(inProject('test', 'init', 'workflows', 'fly-prisma.yml')),
    );
    const before = await run(
      `git clone -q --depth 1 file://${inProject()} upstream && cd upstream && git checkout -qB main`,
    );
    expect(before.code, before.output).toBe(0);
    // One shell for all commands, because they change the folder; upstream moves on before it is merged.
    const lines = commands.flatMap((command) => [
      ...(command.startsWith('git fetch')
        ? [`(cd ${folder}/upstream && ${git} commit -q --allow-empty -m Newer)`]
        : []),
      typed(command, gateway.url),
      ...(command === 'npm ci' ? ['echo node_modules >> .git/info/exclude'] : []),
    ]);
    const { code, output } = await run(lines.join('\n'));
    expect(code, output.slice(-4_000)).toBe(0);
    const { data } = (await (await fetch(`${gateway.url}/api/v1/metrics`)).json()) as {
      data: { labels: Record<string, string> }[];
    };
    const labels = data.map((group) => group.labels).filter(({ deployment_id }) => deployment_id === 'first');
    expect(labels.map(({ stage, metric }) => stage ?? metric ?? '')).toEqual(
      expect.arrayContaining(['', 'build', 'shop_image_bytes']),
    );
    await gateway.stop();
  });
});
