import { environmentOf, type Proposal, type ProposedStage, slug } from './propose.ts';
import type { Job, Step } from './workflow.ts';

/** A change of the text: so many characters at an offset give way to other ones. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const recorder = 'node "$DEPLOYMENT_RECORDER"';

/** The white space before the dash of a step. */
function indentOf(text: string, step: Step): string {
  const line = text.slice(text.lastIndexOf('\n', step.place.start) + 1, step.place.start);
  return /^\s*/.exec(line)![0];
}

/** The offset of the line on which a step's dash stands. */
const lineStart = (text: string, step: Step): number => text.lastIndexOf('\n', step.place.start) + 1;

/** The offset after the last line of a step. */
function lineAfter(text: string, step: Step): number {
  const end = text.slice(0, step.place.end).trimEnd().length;
  const newline = text.indexOf('\n', end);
  return newline === -1 ? text.length : newline + 1;
}

const block = (indent: string, lines: readonly string[]): string =>
  lines.map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}\n`).join('');

/** One command that a recorder can stand before: no shell syntax, no quotes around the whole, no block. */
function oneCommand(text: string, { run, runPlace }: Step): boolean {
  if (run === undefined || runPlace === undefined) return false;
  const written = text.slice(runPlace.start, runPlace.end);
  return written === run && !/\n|&&|\|\||[;|<>`]|\$\(|^\w+=|^(?:cd|export|set|if|for|while)\b/.test(run);
}

/** The recorder's words that stand before a command. */
function wrapper({ kind, service, stage, step }: ProposedStage): string {
  const about = `--service ${service} --stage ${stage}`;
  switch (kind) {
    case 'migrate':
      return `migration --service ${service} --migration-name ${slug(step.label)}`;
    case 'test':
      return stage === 'smoke_tests' ? `smoke-test --test-name ${slug(step.label)}` : `stage ${about}`;
    case 'rollback':
      return `rollback --service ${service} --reason health_check_failed`;
    default:
      return `stage ${about}`;
  }
}

const wrap = (stage: ProposedStage): Edit => ({
  at: stage.step.runPlace!.start,
  remove: 0,
  insert: `exec ${recorder} ${wrapper(stage)} -- `,
});

/** A step that is no single command, or an action: its beginning and its end are steps of their own. */
function around(text: string, { service, stage, step }: ProposedStage): Edit[] {
  const indent = indentOf(text, step);
  const id = step.id ?? slug(`${stage}_${step.label}`).slice(0, 40);
  const about = `--service ${service} --stage ${stage}`;
  const begin = block(indent, [`run: ${recorder} stage-start ${about}`]);
  const end = block(indent, [
    `if: \${{ always() && steps.${id}.outcome != 'skipped' }}`,
    `run: ${recorder} stage-finish ${about} --status \${{ steps.${id}.outcome }}`,
  ]);
  return [
    { at: lineStart(text, step), remove: 0, insert: begin },
    ...(step.id === undefined ? [{ at: step.place.start, remove: 0, insert: `id: ${id}\n${indent}  ` }] : []),
    { at: lineAfter(text, step), remove: 0, insert: end },
  ];
}

/** The first step of a job that records: it brings the recorder, and may say that the deployment begins. */
function bring(text: string, [first]: readonly Step[], uses: readonly string[]): Edit {
  return { at: lineStart(text, first!), remove: 0, insert: block(indentOf(text, first!), uses) };
}

/** How a job names the action, its environment where there are several, and what else it tells it. */
function usesOf(name: string, action: string, inputs: Readonly<Record<string, string>>): string[] {
  const given = Object.entries(inputs).map(([key, value]) => `  ${key}: ${value}`);
  return [`name: ${name}`, `uses: ${action}`, ...(given.length > 0 ? ['with:', ...given] : [])];
}

const variables = [
  'PUSHGATEWAY_URL: ${{ vars.PUSHGATEWAY_URL }}',
  'PUSHGATEWAY_USERNAME: ${{ vars.PUSHGATEWAY_USERNAME }}',
  'PUSHGATEWAY_PASSWORD: ${{ secrets.PUSHGATEWAY_PASSWORD }}',
];

/** Where the gateway is, in the environment of the whole workflow. */
function gateway(text: string): Edit {
  const own = /^env:[ \t]*\n/m.exec(text);
  const at = own ? own.index + own[0].length : /^jobs:/m.exec(text)!.index;
  const lines = variables.map((line) => `  ${line}\n`).join('');
  return { at, remove: 0, insert: own ? lines : `env:\n${lines}` };
}

/** The last job: the deployment ends with what all others came to. */
function ending(text: string, jobs: readonly Job[], ends: readonly (readonly string[])[]): Edit {
  const one = /^jobs:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( +)\S/m.exec(text)?.[1] ?? '  ';
  const head = [
    'record-the-end:',
    `${one}needs: [${jobs.map(({ id }) => id).join(', ')}]`,
    `${one}if: always()`,
    `${one}runs-on: ubuntu-latest`,
    `${one}steps:`,
  ];
  const steps = ends.map((lines) => block(`${one}${one}${one}`, lines)).join('');
  const missing = text.endsWith('\n') ? '' : '\n';
  return {
    at: text.length,
    remove: 0,
    insert: `${missing}${head.map((line) => `${one}${line}\n`).join('')}${steps}`,
  };
}

function applied(text: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, i) => ({ ...edit, i })).sort((a, b) => b.at - a.at || b.i - a.i);
  return ordered.reduce(
    (result, { at, remove, insert }) => result.slice(0, at) + insert + result.slice(at + remove),
    text,
  );
}

/**
 * The workflow with the recorder's lines put in; comments, quotes and layout stay as they are.
 * @param action what stands behind `uses:`, such as `owner/repository@main`
 */
export function instrument(text: string, proposal: Proposal, action: string): string {
  const { workflow, stages, environments } = proposal;
  const recording = workflow.jobs.filter(({ id }) => stages.some(({ step }) => step.job === id));
  const where = (environment: string): Readonly<Record<string, string>> =>
    environments.length > 1 ? { environment } : {};
  const begun = new Set<string>();
  const bringing = recording.map(({ id, steps }) => {
    const environment = environmentOf(proposal, id);
    const start = !begun.has(environment);
    begun.add(environment);
    const inputs = { ...where(environment), ...(start && { start: 'true' }) };
    return bring(text, steps, usesOf(start ? 'Record the start' : 'Get the recorder', action, inputs));
  });
  const recorded = stages.flatMap((stage) =>
    oneCommand(text, stage.step) ? [wrap(stage)] : around(text, stage),
  );
  const results = "${{ join(needs.*.result, ',') }}";
  const ends = [...begun].map((environment) =>
    usesOf('Record the end', action, { ...where(environment), results }),
  );
  return applied(text, [gateway(text), ...bringing, ...recorded, ending(text, workflow.jobs, ends)]);
}
