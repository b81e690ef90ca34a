import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { prometheusConfig, startPrometheus } from '../../src/servers/index.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { listen } from '../fakes/wire/listen.ts';
import { job, run, step } from '../import/runs.ts';
import { isNight } from '../nightly.ts';

/** Every command of docs/import.md, in its order, from an empty folder. */
const commands = [
  ...readFileSync(inProject('docs', 'import.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm),
].flatMap(([, block = '']) => block.trim().split('\n'));

/** The first look goes on until it is ended: as npm runs it, ended as soon as it shows the dashboards. */
const ended = (command: string): string =>
  command.includes('--first-look')
    ? `${command.replace('npm run import --', 'node scripts/run.mjs import')} >look.log 2>&1 & look=$!
until grep -q 'Ctrl-C ends it' look.log || ! kill -0 $look; do sleep 0.5; done
cat look.log; kill $look; wait $look`
    : command;

/** By day test/import holds the commands. */
it.runIf(isNight)('docs/import.md has no command that does not work', { timeout: 400_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docs-import-'));
  const fake = new FakeGitHub();
  const now = Math.floor(Date.now() / 1000);
  fake.files.set(
    '.github/workflows/deploy.yml',
    readFileSync(inProject('test', 'init', 'workflows', 'railway-vercel.yml'), 'utf8'),
  );
  for (let i = 1; i <= 3; i++) {
    const at = now - i * 14_400;
    fake.runs.push(
      run(i, at, [job(i * 10, 'deploy-api', at + 20, [step('Apply migrations', at + 25, at + 35)])]),
    );
  }
  const github = await listen(fake.handler);
  const prometheus = await startPrometheus({ config: prometheusConfig() });
  onTestFinished(async () => {
    await Promise.all([github.stop(), prometheus.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const data = join(folder, 'data');
  const typed = (command: string): string =>
    ended(command)
      .replace(/https:\/\/github\.com\/relay\/\S+/, `--quiet --depth 1 file://${inProject()}`)
      .replace(
        /^npm ci$/,
        `ln -s ${inProject('node_modules')} node_modules; ln -s ${inProject('preview', 'node_modules')} preview/node_modules`,
      )
      .replace('GITHUB_TOKEN=…', 'GITHUB_TOKEN=github_pat_good')
      .replace('--repo owner/name', '--repo acme/shop')
      .replace('--into DIR', `--into ${data}`)
      .replace('http://127.0.0.1:9090', prometheus.url);
  const output = await new Promise<string>((resolve, reject) =>
    execFile(
      'bash',
      ['-euc', commands.map(typed).join('\n')],
      { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, GITHUB_API_URL: github.url } },
      (error, stdout, stderr) => (error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr)),
    ),
  );
  expect(output).toContain('3 runs; about 3 requests are still to be made.');
  expect(output).toMatch(/Showing \d+ dashboards with live data/);
  expect(output).toContain('0 of 3 deployments are recorded already and left out.');
  expect(output).toContain('amtool silence add');
  expect(readdirSync(data).length).toBeGreaterThan(0);
});
