import type { OptionSpec } from '../lib/options.ts';
import { commonOptions, type Verb } from './verb.ts';

/** The help of the tool. */
export function toolHelp(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  return `Records what a deployment pipeline does, by pushing it to a Prometheus Pushgateway.

Usage: node record.mjs VERB [options] [-- command]

${verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n')}

Each verb has --help. Options of all verbs: ${Object.keys(commonOptions)
    .map((name) => `--${name}`)
    .join(', ')}.

Environment:
  PUSHGATEWAY_URL        where to push, possibly with a path prefix; "disabled" switches recording off
  PUSHGATEWAY_USERNAME, PUSHGATEWAY_PASSWORD, or PUSHGATEWAY_TOKEN
  DEPLOYMENT_ID, DEPLOYMENT_ENVIRONMENT, and what GitHub Actions sets

The deployment goes on when recording fails: exit code 0 and a warning, or the exit code of the
command; --strict gives 1. An event that cannot be sent within five seconds is kept, and the next one sends it.
`;
}

function left(name: string, spec: OptionSpec): string {
  return `--${name}${spec.kind === 'switch' ? '' : ` ${spec.placeholder}`}`;
}

function right(spec: OptionSpec): string {
  if (spec.kind === 'switch') return spec.help;
  const notes = [
    spec.required && 'required',
    spec.values && `one of ${spec.values.join(', ')}`,
    spec.names && spec.names().length > 0 && `such as ${spec.names().join(', ')}`,
    spec.env && `else ${spec.env}`,
    spec.default !== undefined &&
      `default ${typeof spec.default === 'function' ? spec.default() : spec.default}`,
  ].filter((note) => typeof note === 'string');
  return notes.length > 0 ? `${spec.help} (${notes.join('; ')})` : spec.help;
}

/** The help of one verb. */
export function verbHelp(verb: Verb): string {
  const options = Object.entries<OptionSpec>({ ...verb.options, ...commonOptions });
  const width = Math.max(...options.map(([name, spec]) => left(name, spec).length));
  const rows = options.map(([name, spec]) => `  ${left(name, spec).padEnd(width)}  ${right(spec)}`);
  const command = {
    required: ' -- command',
    'or-status': ' -- command | --status STATUS',
    optional: ' [-- command]',
    none: '',
  }[verb.command];
  return `${verb.name}: ${verb.summary}\n\nUsage: node record.mjs ${verb.name} [options]${command}\n\n${rows.join('\n')}\n\n${typeof verb.details === 'function' ? verb.details() : verb.details}\n`;
}
