import type { OptionSpec } from '../lib/options.ts';
import type { Parsed } from '../lib/parse-options.ts';
import { farthestAheadMs, formatSeconds } from './time.ts';
import type { AnyOptions, Verb } from './verb.ts';

/** True when the recorder itself makes what is recorded, so that options about what happened already say nothing. */
const runsNow = (verb: Verb, { values, command }: Parsed<AnyOptions>): boolean =>
  command !== undefined || verb.runsNow?.(values) === true;

/** It is part of the address of every event, and a label of every series. */
const longestId = 200;

/** Everything that is wrong with a call, in sentences. */
export function callProblems(
  verb: Verb,
  parsed: Parsed<AnyOptions>,
  deploymentId: string | undefined,
  now: number,
): string[] {
  const { values, command, problems } = parsed;
  const found = [...problems];
  if (deploymentId && deploymentId.length > longestId)
    found.push(
      `The deployment id has ${deploymentId.length} characters: give --deployment-id one of at most ${longestId}, like the run's id.`,
    );
  if (!deploymentId?.trim() && verb.needsDeployment !== false && !parsed.withoutValue.has('deployment-id'))
    found.push(
      'The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.',
    );
  found.push(...commandProblems(verb, parsed), ...timeProblems(verb, parsed, now));
  // A verb's own check may rely on options that could be read.
  return problems.length === 0 ? [...found, ...(verb.check?.(values, command, now) ?? [])] : found;
}

function commandProblems(verb: Verb, parsed: Parsed<AnyOptions>): string[] {
  const { values, command } = parsed;
  const found: string[] = [];
  if (command?.length === 0) found.push('There is no command after " -- ".');
  if (verb.command === 'required' && command === undefined)
    found.push(`${verb.name} needs a command: record.mjs ${verb.name} … -- command.`);
  if (verb.command === 'or-status' && command === undefined && !parsed.given.has('status'))
    found.push(`${verb.name} needs a command after " -- ", or --status of what has run already.`);
  if (verb.command === 'none' && command !== undefined) found.push(`${verb.name} takes no command.`);
  if (verb.timeless && values.at !== undefined)
    found.push(`${verb.name} records no time, so --at says nothing: leave it out.`);
  else if (runsNow(verb, parsed))
    found.push(
      ...reports(verb)
        .filter((name) => parsed.given.has(name))
        .map((name) => `--${name} is for what happened already, and ${verb.name} does it now.`),
    );
  return found;
}

/** Options that say how and when something went that the recorder did not do. */
const reports = (verb: Verb): string[] => [
  'at',
  ...Object.entries<OptionSpec>(verb.options)
    .filter(([, spec]) => spec.kind !== 'switch' && spec.report)
    .map(([name]) => name),
];

/** Times that cannot be: a fact with such a one would stay for ever, because nothing sweeps the future. */
function timeProblems(verb: Verb, { values }: Parsed<AnyOptions>, now: number): string[] {
  // Verbs that record nothing take any time.
  if (verb.needsDeployment === false) return [];
  const times = values as Readonly<Record<string, unknown>>;
  const timeOf = (name: string): number | undefined => {
    const value = times[name];
    return typeof value === 'number' ? value : undefined;
  };
  const names = Object.entries<OptionSpec>({
    ...verb.options,
    at: { kind: 'time', placeholder: '', help: '' },
  })
    .filter(([, spec]) => spec.kind === 'time')
    .map(([name]) => name);
  const ahead = names.filter((name) => (timeOf(name) ?? 0) > now + farthestAheadMs);
  const found = ahead.map(
    (name) =>
      `--${name} is ${formatSeconds((timeOf(name)! - now) / 1000)} ahead of this machine's clock: give the time when it happened.`,
  );
  const began = timeOf('started-at');
  const ended = timeOf('finished-at') ?? timeOf('at');
  if (names.includes('finished-at') && began !== undefined && ended !== undefined && began > ended)
    found.push(
      `--started-at lies ${formatSeconds((began - ended) / 1000)} after the end: exchange the two, or correct one.`,
    );
  return found;
}

/**
 * True when a call that cannot be recorded was to run a command and has none: the ` -- ` before it was forgotten.
 * It must not look as if the command had been run.
 */
export function forgotCommand(verb: Verb, { command, given, positionals }: Parsed<AnyOptions>): boolean {
  if (command !== undefined) return command.length === 0;
  if (verb.command === 'required') return true;
  const stray = positionals.length > 0;
  if (verb.command === 'or-status') return stray || !given.has('status');
  return verb.command === 'optional' && stray;
}
