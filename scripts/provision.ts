import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseCommand } from '../src/lib/args.ts';
import { systemClock } from '../src/lib/clock.ts';
import { EnvironmentFailure, runMain, UserError } from '../src/lib/errors.ts';
import { environmentTransport } from '../src/lib/proxy.ts';
import { redactor, shownArgument } from '../src/lib/redact.ts';
import { inProject, root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { generatedFor } from '../src/pipeline/index.ts';
import {
  commitToDeploy,
  configFile,
  confirmations,
  type Dependencies,
  interruptible,
  type Lookup,
  lookupIn,
  type Options,
  parseSavedPlan,
  readConfig,
  readDesired,
  readSettings,
  run,
  savedPlan,
} from '../src/provision/index.ts';
import { refuseStale } from './stale.ts';

const spec = {
  name: 'provision',
  summary:
    'Brings the built rules to Prometheus and the built dashboards to Grafana, and proves that they run there.',
  options: {
    plan: { help: 'only show what would change' },
    verify: { help: 'only show what drifted from what is defined' },
    yes: { help: 'apply without asking' },
    only: { value: 'TARGET', help: 'grafana, prometheus or alertmanager' },
    environment: { value: 'NAME', help: 'use the settings of this environment (PRODUCTION_GRAFANA_URL, …)' },
    adopt: { help: 'also take over objects that exist under our names and were not made by us' },
    force: { help: 'also overwrite what was edited by hand' },
    destroy: { help: 'remove every dashboard and rule of ours (edited ones also need --force)' },
    dashboard: { value: 'UID', help: 'only this dashboard; several with commas' },
    out: { value: 'FILE', help: 'with --plan: write the plan, to be applied as it is' },
    apply: {
      value: 'FILE',
      help: 'apply a plan that --out wrote, and nothing else; refused when something changed since',
    },
    prune: { help: 'also delete what we made and no longer define' },
    'create-datasource': { help: 'create the Prometheus data source in Grafana if there is none' },
    commit: {
      value: 'HASH',
      help: 'commit that Railway deploys (default GITHUB_SHA, or the one checked out)',
    },
    'proof-timeout': {
      value: 'SECONDS',
      help: 'how long the rules may take to prove themselves (default: by their intervals)',
    },
    fingerprints: { help: 'print what confirms that secrets may go to the addresses of the settings file' },
    'plain-http': { help: 'permit http:// to other machines' },
    format: { value: 'FORMAT', help: 'table, json or markdown', default: 'table' },
    json: { help: 'the same as --format json' },
    markdown: { help: 'the same as --format markdown' },
  },
  footer:
    'Exit codes: 0 done or nothing to do; 2 the plan has changes (--plan), or something drifted (--verify); 1 failed, or something was left alone.\nSettings, permissions and what happens when: docs/provision.md',
} as const;

type Given = ReturnType<typeof parseCommand<typeof spec.options>>['values'];

/** Switches that decide what a plan holds. */
const decided = (given: Given): boolean =>
  [
    given.plan,
    given.verify,
    given.adopt,
    given.force,
    given.prune,
    given.destroy,
    given['create-datasource'],
    given.only !== undefined,
    given.dashboard !== undefined,
  ].some(Boolean);

/** Everything that is wrong with the options at once. */
function optionProblems(given: Given): string[] {
  const { only, format } = given;
  const proof = given['proof-timeout'];
  const formats = [...(given.json ? ['json'] : []), ...(given.markdown ? ['markdown'] : [])];
  if (format !== 'table') formats.push(format);
  const wrong: [boolean, string][] = [
    [
      only !== undefined && !['grafana', 'prometheus', 'alertmanager'].includes(only),
      `--only takes grafana, prometheus or alertmanager, not "${shownArgument(only ?? '')}".`,
    ],
    [
      !['table', 'json', 'markdown'].includes(format),
      `--format takes table, json or markdown, not "${shownArgument(format)}".`,
    ],
    [new Set(formats).size > 1, 'Only one of --json, --markdown and --format can be given.'],
    [
      proof !== undefined && !/^0*[1-9]\d*$/.test(proof),
      `--proof-timeout takes whole seconds, at least 1, not "${shownArgument(proof ?? '')}".`,
    ],
    [given.plan && given.verify, '--plan and --verify exclude each other.'],
    [given.out !== undefined && !given.plan, '--out belongs to --plan.'],
    [
      given.apply !== undefined && decided(given),
      '--apply takes the switches with which the plan was made; leave out the others.',
    ],
    [
      given.dashboard !== undefined && (given.destroy || (only !== undefined && only !== 'grafana')),
      '--dashboard goes with neither --destroy nor another --only than grafana.',
    ],
  ];
  return wrong.flatMap(([is, text]) => (is ? [text] : []));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UserError(`${file} cannot be read.`, 'Name the file that --out wrote.');
  }
}

function optionsOf(given: Given): Options {
  const problems = optionProblems(given);
  if (problems.length > 0) throw new UserError(problems.join('\n'), 'See: npm run provision -- --help');
  const proof = given['proof-timeout'];
  const approved = given.apply === undefined ? undefined : parseSavedPlan(readText(given.apply), given.apply);
  const dashboards = approved ? approved.dashboards : given.dashboard?.split(',').map((uid) => uid.trim());
  return {
    mode: given.plan ? 'plan' : given.verify ? 'verify' : 'apply',
    format: given.json ? 'json' : given.markdown ? 'markdown' : (given.format as Options['format']),
    only: approved ? approved.only : dashboards ? 'grafana' : (given.only as Options['only']),
    dashboards,
    destroy: approved ? approved.destroy : given.destroy,
    approved,
    yes: given.yes || approved !== undefined,
    proofMs: proof === undefined ? undefined : Number(proof) * 1000,
    flags: approved?.flags ?? {
      adopt: given.adopt,
      force: given.force,
      prune: given.prune || given.destroy,
      createDatasource: given['create-datasource'],
    },
  };
}

/** Asks on the terminal; undefined where there is none. Ctrl-C and the end of the input mean no. */
function asking(): Dependencies['ask'] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return (question) =>
    new Promise((resolve) => {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      terminal.on('SIGINT', () => terminal.close());
      terminal.on('close', () => resolve(false));
      terminal.question(question, (answer) => {
        resolve(/^y(es)?$/i.test(answer.trim()));
        terminal.close();
      });
    });
}

/** The lines of the settings file that confirm addresses. They are for the person who has the secrets, and not for a log. */
function printFingerprints(lookup: Lookup): number {
  if (process.env.CI)
    throw new UserError('--fingerprints prints what a log must not hold.', 'Run it on your own machine.');
  const all = confirmations(lookup);
  for (const { name, value } of all) process.stdout.write(`"${name}": "${value}"\n`);
  if (all.length === 0) say('Nothing is to be confirmed: no secret goes to an address of the settings file.');
  return 0;
}

async function main(values: Given): Promise<number> {
  const options = optionsOf(values);
  const environments = readConfig(inProject(configFile));
  const lookup = lookupIn(process.env, environments, values.environment);
  if (values.fingerprints) return printFingerprints(lookup);
  const settings = readSettings(lookup, {
    environment: values.environment,
    only: options.only,
    plainHttp: values['plain-http'],
    createDatasource: options.flags.createDatasource,
    looking: options.mode !== 'apply',
  });
  await refuseStale(values.pipeline);
  const desired = readDesired(generatedFor(values.pipeline));
  const signal = interruptible(say);
  const { code, plan } = await run(desired, settings, options, {
    transport: environmentTransport(),
    clock: systemClock,
    print,
    say,
    ask: asking(),
    keep,
    signal,
    commit: () => commitToDeploy(root, values.commit, process.env),
  });
  if (values.out !== undefined) {
    const redact = redactor(settings.secrets);
    writeFileSync(values.out, redact(`${JSON.stringify(savedPlan(plan, options), null, 2)}\n`));
  }
  return code;
}

/** Puts aside what is overwritten. */
function keep(name: string, text: string): string {
  const folder = inProject('overwritten');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return `overwritten/${name}`;
}

let printed = false;
function print(text: string): void {
  printed = true;
  process.stdout.write(`${text}\n`);
}

/** The failure for readers of stdout as JSON; the same sentence is on stderr. */
function printFailure(error: unknown): void {
  if (printed) return;
  const kind =
    error instanceof UserError ? 'user' : error instanceof EnvironmentFailure ? 'environment' : 'bug';
  const more =
    error instanceof UserError
      ? { fix: error.fix }
      : error instanceof EnvironmentFailure
        ? { notDone: error.notDone }
        : {};
  print(JSON.stringify({ error: { kind, message: (error as Error).message, ...more } }, null, 2));
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  try {
    return await main(values);
  } catch (error) {
    if (values.json || values.format === 'json') printFailure(error);
    throw error;
  }
});
