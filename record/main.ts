import { defaultDeploymentId } from './github.ts';
import { toolHelp, verbHelp } from './help.ts';
import { type Io, processIo, warningLine } from './io.ts';
import type { OptionSpecs } from './options.ts';
import { type Parsed, parseOptions } from './parse.ts';
import { Recorder } from './recorder.ts';
import { commonOptions, runUnrecorded, type Verb } from './verb.ts';
import { verbs } from './verbs/registry.ts';
import { nearest } from './words.ts';

type AnyParsed = Parsed<OptionSpecs & typeof commonOptions>;

/**
 * The recorder: one event of a deployment. Never throws and never ends the process.
 * @param argv without the program: a verb, its options, and perhaps ` -- ` and a command
 * @returns the exit code: that of the command, the verdict of a health check, else 0; with `--strict` 1 when
 *   something could not be recorded
 */
export async function main(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io = processIo,
): Promise<number> {
  const [name, ...rest] = argv;
  if (wantsHelp(name, rest)) return help(name, rest, io);
  const verb = verbs.find((known) => known.name === name);
  if (!verb) return await unknownVerb(name ?? '', rest, env, io);
  const parsed = parseOptions({ ...verb.options, ...commonOptions }, rest, env) as unknown as AnyParsed;
  const deploymentId = parsed.values['deployment-id'] ?? defaultDeploymentId(env);
  const problems = allProblems(verb, parsed, deploymentId);
  const { values, command } = parsed;
  if (problems.length > 0) {
    problems.forEach((problem) => void io.stderr(warningLine(`Not recorded (${verb.name}): ${problem}`)));
    if (verb.misuseCode !== undefined) return verb.misuseCode;
    // Strict means that the call itself has to be right; then nothing is run that may depend on it.
    if (values.strict) return 1;
    if (values['dry-run']) return 0;
    return await (verb.unrecorded ?? runUnrecorded)({ values, command, env, io });
  }
  const recorder = new Recorder(env, io, values['dry-run']);
  const deployment = { environment: values.environment, deployment_id: deploymentId ?? '' };
  const code = await verb.run({ values, command, deployment, at: values.at ?? io.now(), env, io, recorder });
  recorder.warnings.forEach((warning) => void io.stderr(warningLine(warning)));
  return code === 0 && values.strict && recorder.warnings.length > 0 ? 1 : code;
}

/** Everything that is wrong with a call. */
function allProblems(
  verb: Verb,
  { values, command, problems }: AnyParsed,
  deploymentId: string | undefined,
): string[] {
  const found = [...problems];
  if (!deploymentId && verb.needsDeployment !== false)
    found.push(
      'The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.',
    );
  if (command?.length === 0) found.push('There is no command after " -- ".');
  if (verb.command === 'required' && command === undefined)
    found.push(`${verb.name} needs a command: record.mjs ${verb.name} … -- command.`);
  if (verb.command === 'none' && command !== undefined) found.push(`${verb.name} takes no command.`);
  if (command !== undefined && values.at !== undefined)
    found.push('--at is for what happened already, and a command is run now.');
  // A verb's own check may rely on options that could be read.
  return problems.length === 0 ? [...found, ...(verb.check?.(values, command) ?? [])] : found;
}

/** The command is run all the same: a misspelt verb must not skip a deployment that then looks successful. */
async function unknownVerb(
  name: string,
  rest: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io,
): Promise<number> {
  const near = nearest(
    name,
    verbs.map((verb) => verb.name),
  );
  const mend = near ? `Did you mean ${near}?` : `Verbs: ${verbs.map((verb) => verb.name).join(', ')}.`;
  io.stderr(warningLine(`Not recorded: there is no verb "${name}". ${mend}`));
  const split = rest.indexOf('--');
  const own = split === -1 ? rest : rest.slice(0, split);
  if (own.includes('--strict')) return 1;
  return await runUnrecorded({
    values: {},
    command: split === -1 ? undefined : rest.slice(split + 1),
    env,
    io,
  });
}

function wantsHelp(name: string | undefined, rest: readonly string[]): boolean {
  if (name === undefined || ['help', '--help', '-h'].includes(name)) return true;
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  return own.includes('--help') || own.includes('-h');
}

function help(name: string | undefined, rest: readonly string[], io: Io): number {
  const wanted = name === 'help' ? rest[0] : name;
  const verb = verbs.find((known) => known.name === wanted);
  io.stdout(verb ? verbHelp(verb) : toolHelp(verbs));
  return 0;
}
