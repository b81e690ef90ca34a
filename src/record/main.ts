import { type Parsed, parseOptions } from '../lib/parse-options.ts';
import { type CallLine, nearestVerb, readCallLine, unknownVerbCode } from './call-line.ts';
import { callProblems, forgotCommand } from './check.ts';
import { gatewayOf } from './gateway.ts';
import { defaultDeploymentId } from './github.ts';
import { toolHelp, verbHelp } from './help.ts';
import { type Io, processIo, warningLine } from './io.ts';
import { recordedEnvironment } from './pipeline.ts';
import { Recorder } from './recorder.ts';
import { secretRemover } from './secrets.ts';
import { tellLater } from './told.ts';
import { type AnyOptions, commonOptions, runUnrecorded, type Verb } from './verb.ts';
import { verbs } from './verbs/registry.ts';
import { recorderVersion } from './version.ts';

/**
 * The recorder: one event of a deployment. Never throws and never ends the process.
 * @param argv without the program: a verb, its options, and perhaps ` -- ` and a command
 * @returns the exit code: that of the command, the verdict of a health check or the gate, else 0; with `--strict` 1
 *   when something could not be recorded
 */
export async function main(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io = processIo,
): Promise<number> {
  try {
    const line = readCallLine(argv);
    const asked = help(line, io);
    if (asked !== undefined) return asked;
    if (!line.verb) return await unknownVerb(line, env, io);
    return await call(line.verb, line.rest, env, io);
  } catch (error) {
    return mistake(error, argv, env, io);
  }
}

/**
 * A mistake of the recorder's own. It must not stop a deployment, nor hide that a command may not have run, nor be
 * taken for a yes. @returns the exit code
 */
export function mistake(
  error: unknown,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io = processIo,
): number {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  warn(`Not done, because of a mistake in the recorder: ${what}`, env, io);
  const { verb, command, own } = readCallLine(argv);
  return verb?.undecided ?? (command !== undefined || own.includes('--strict') ? 1 : 0);
}

/** Warnings repeat what others said, and others may repeat our credentials. */
const warn = (text: string, env: NodeJS.ProcessEnv, io: Io): void =>
  io.stderr(warningLine(secretRemover(env)(text)));

/** One call of a verb that is known. */
async function call(verb: Verb, rest: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const parsed = parseOptions({ ...verb.options, ...commonOptions }, rest, {
    env,
  }) as unknown as Parsed<AnyOptions>;
  const { values, command } = parsed;
  const deploymentId = values['deployment-id'] ?? defaultDeploymentId(env);
  const problems = callProblems(verb, parsed, deploymentId, io.now());
  if (problems.length > 0) {
    for (const problem of problems) warn(`${notDone(verb)} (${verb.name}): ${problem}`, env, io);
    return await wrongCall(verb, parsed, env, io);
  }
  const recorder = new Recorder(env, io, values['dry-run']);
  const { environment, name, known } = recordedEnvironment(values.environment);
  for (const note of [...parsed.notes, ...(known ? [] : [unknownEnvironment(name)])])
    io.stderr(warningLine(note));
  const deployment = { environment, deployment_id: deploymentId ?? '' };
  const code = await verb.run({ values, command, deployment, at: values.at ?? io.now(), env, io, recorder });
  for (const warning of recorder.warnings) warn(warning, env, io);
  if (verb.tells && recorder.delivery) await tellLater(deployment, name, env, verb.tells);
  if (code === 0 && recorder.interruptedBy && command === undefined)
    return 128 + (await import('node:os')).constants.signals[recorder.interruptedBy];
  return code === 0 && values.strict && recorder.warnings.length > 0 ? 1 : code;
}

/**
 * Sends what waits on this machine to be sent, at the end of a job. Never throws.
 * @returns the exit code: 1 when strict and something waits still
 */
export async function flush(
  env: NodeJS.ProcessEnv,
  io: Io,
  budgetMs: number,
  strict: boolean,
): Promise<number> {
  try {
    // Whether there is a gateway was said by the events themselves.
    if (gatewayOf(env).kind !== 'ready') return 0;
    const recorder = new Recorder(env, io, false);
    const done = await recorder.flush(budgetMs);
    for (const warning of recorder.warnings) warn(warning, env, io);
    return done || !strict ? 0 : 1;
  } catch (error) {
    return mistake(error, [], env, io);
  }
}

const unknownEnvironment = (name: string): string =>
  `The environment "${name}" is not in the pipeline file. It is recorded under that name, never pages and counts in no SLO; add it to pipeline.config.ts and build.`;

/** Some verbs are about no deployment, and record nothing. */
const notDone = (verb: Verb | undefined): string =>
  verb?.needsDeployment === false ? 'Not done' : 'Not recorded';

/** Runs a wrong call's command all the same. @returns the exit code */
async function wrongCall(
  verb: Verb,
  parsed: Parsed<AnyOptions>,
  env: NodeJS.ProcessEnv,
  io: Io,
): Promise<number> {
  const { values, command } = parsed;
  if (verb.undecided !== undefined && !verb.unrecorded) return verb.undecided;
  // Strict means that the call itself has to be right; then nothing is run that may depend on it.
  if (values.strict) return 1;
  if (values['dry-run']) return 0;
  if (forgotCommand(verb, parsed)) return 1;
  return await (verb.unrecorded ?? runUnrecorded)({ values, command, env, io });
}

/** The command is run all the same: a misspelt verb must not skip a deployment that then looks successful. */
async function unknownVerb(line: CallLine, env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const near = nearestVerb(line.name ?? '');
  const fix = near ? `Did you mean ${near.name}?` : `Verbs: ${verbs.map((verb) => verb.name).join(', ')}.`;
  const what = line.name === undefined ? 'the verb is missing.' : `there is no verb "${line.name}".`;
  warn(`${notDone(near)}: ${what} ${fix}`, env, io);
  if (line.own.includes('--strict')) return near?.undecided ?? 1;
  const { command } = line;
  const code = await runUnrecorded({ values: {}, command, env, io });
  return unknownVerbCode(line, code);
}

/** Answers what asks for help; undefined when nothing does. */
function help({ name, verb, own, command }: CallLine, io: Io): number | undefined {
  const wanted = own.includes('--help') || own.includes('-h') || name === '-h';
  if (name === 'help' && own[0] !== undefined && !own[0].startsWith('-')) {
    const known = verbs.find((one) => one.name === own[0]);
    if (!known) io.stderr(`There is no verb "${own[0]}".\n`);
    io.stdout(known ? verbHelp(known) : toolHelp(verbs));
    return known ? 0 : 1;
  }
  if (own.includes('--version') && !verb) {
    io.stdout(`${recorderVersion}\n`);
    return 0;
  }
  const nothing = name === undefined && own.length === 0 && command === undefined;
  if (!wanted && name !== 'help' && !nothing) return undefined;
  io.stdout(verb ? verbHelp(verb) : toolHelp(verbs));
  return 0;
}
