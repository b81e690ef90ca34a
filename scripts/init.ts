import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { $ } from 'zx';
import {
  configText,
  findWorkflows,
  instrument,
  proposalText,
  propose,
  proposedFile,
  readWorkflow,
  type Workflow,
} from '../src/init/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { inProject } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';

const spec = {
  name: 'init',
  summary:
    "Writes a pipeline file from a repository's workflows, and shows the workflow with the recorder's lines.",
  options: {
    from: { value: 'DIR', help: 'the checkout whose workflows are read', default: '.' },
    workflow: { value: 'FILE', help: 'the workflow that deploys; otherwise it is found' },
    out: { value: 'FILE', help: 'the pipeline file to write', default: 'pipeline.config.ts' },
    name: { value: 'NAME', help: "what is deployed, as titles call it; otherwise the checkout's folder" },
    grafana: { value: 'URL', help: 'where Grafana is', default: 'https://grafana.example.com' },
    action: {
      value: 'OWNER/REPO@REF',
      help: 'your copy of this project, for uses:',
      default: 'your-organisation/deployment-observability@main',
    },
    write: { help: 'change the workflow too; otherwise the change is only shown' },
    yes: { help: 'ask nothing, and replace a pipeline file that is there' },
  },
  footer:
    'The change of the workflow goes to stdout as a diff. Exit codes: 0 written, 1 nothing was written.',
} as const;

function chosen(checkout: string, named: string | undefined): Workflow {
  if (named !== undefined) {
    const path = [join(checkout, named), resolve(named)].find((file) => existsSync(file));
    if (path === undefined)
      throw new UserError(`There is no workflow ${named}.`, 'Name it from the checkout on.');
    return readWorkflow(relative(checkout, path), readFileSync(path, 'utf8'));
  }
  const { workflows, problems } = findWorkflows(checkout);
  for (const problem of problems) say(problem);
  const [first, ...others] = workflows;
  if (others.length > 0)
    say(
      `Others deploy too: ${others.map(({ file }) => file).join(', ')}. Name one with --workflow to take it.`,
    );
  return first!;
}

async function agreed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) throw new UserError('There is no terminal to ask at.', 'Say --yes to write it.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** The change of a text as a unified diff, as git writes it. */
async function diffOf(name: string, before: string, after: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'init-'));
  try {
    writeFileSync(join(folder, 'before'), before);
    writeFileSync(join(folder, 'after'), after);
    const { stdout } = await $({ cwd: folder, nothrow: true })`git diff --no-index --no-color before after`;
    const hunks = stdout.slice(Math.max(0, stdout.indexOf('@@')));
    return `--- a/${name}\n+++ b/${name}\n${hunks}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const checkout = resolve(values.from);
  const workflow = chosen(checkout, values.workflow);
  const proposal = propose(workflow);
  if (proposal.stages.length === 0)
    throw new UserError(
      `No step of ${workflow.file} is understood.`,
      'Write pipeline.config.ts by hand: docs/your-pipeline.md.',
    );
  say(`${proposalText(proposal)}\n`);
  const out = resolve(values.out);
  const replaced = existsSync(out) ? `Replace ${values.out}?` : `Write ${values.out}?`;
  if (!(await agreed(replaced, values.yes))) return 1;
  const door = relative(dirname(out), inProject('src', 'pipeline', 'index.ts')).replaceAll('\\', '/');
  const file = proposedFile(proposal, { name: values.name ?? basename(checkout), grafana: values.grafana });
  writeFileSync(out, configText(file, door.startsWith('.') ? door : `./${door}`, workflow.file));
  const path = join(checkout, workflow.file);
  const before = readFileSync(path, 'utf8');
  const records = before.includes('DEPLOYMENT_RECORDER') || before.includes('record.mjs');
  if (records) say(`${workflow.file} records itself already: it stays as it is.`);
  const after = records ? before : instrument(before, proposal, values.action);
  if (after !== before) process.stdout.write(await diffOf(workflow.file, before, after));
  if (values.write && after !== before) writeFileSync(path, after);
  say(
    `\n${values.out} is written. Next: npm run build${values.write ? '' : ', and the change of the workflow above (--write makes it)'}.`,
  );
  return 0;
});
