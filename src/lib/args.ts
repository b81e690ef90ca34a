import { UserError } from './errors.ts';
import type { OptionSpec } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { shownArgument } from './redact.ts';

/** One option of a command. `value` names its argument (`FILE`); without it the option is a switch. */
export interface Option {
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
}

/** A command's name, help and options; it takes no others. */
export interface CommandSpec<O extends Record<string, Option>> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  /** Names of positional arguments as help shows them; none are accepted without it. */
  readonly positionals?: string;
  /** Exit codes and examples, printed below the options. */
  readonly footer?: string;
}

type ValueOf<D> = D extends { value: string }
  ? D extends { default: string }
    ? string
    : string | undefined
  : boolean;
/** Options of every command. */
const common = {
  pipeline: { value: 'FILE', help: 'the pipeline file (default pipeline.config.ts of this project)' },
} as const;

/** The parsed options: a string for options with a value, a boolean for switches. */
export type Values<O extends Record<string, Option>> = { -readonly [K in keyof O]: ValueOf<O[K]> } & {
  pipeline: string | undefined;
};

/** The text of --help. */
export function helpText<O extends Record<string, Option>>(spec: CommandSpec<O>): string {
  const rows = Object.entries<Option>({ ...spec.options, ...common, help: { help: 'this text' } }).map(
    ([name, o]) =>
      [
        `--${name}${o.value ? ` ${o.value}` : ''}`,
        o.help + (o.default === undefined ? '' : ` (default ${o.default})`),
      ] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  const usage = `Usage: npm run ${spec.name} -- [options]${spec.positionals ? ` ${spec.positionals}` : ''}`;
  const options = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  return [spec.summary, '', usage, '', options, ...(spec.footer ? ['', spec.footer] : [])].join('\n');
}

/**
 * Parses a command line. `--help` prints the help and ends the process with 0.
 * @throws UserError naming every unknown option and unexpected argument
 */
export function parseCommand<const O extends Record<string, Option>>(
  given: CommandSpec<O>,
  argv: readonly string[] = process.argv.slice(2),
): { values: Values<O>; positionals: string[] } {
  const spec = { ...given, options: { ...common, ...given.options } };
  if (argv.includes('--help')) {
    console.log(helpText(given));
    process.exit(0);
  }
  const specs = Object.fromEntries(
    Object.entries<Option>(spec.options).map(([name, o]) => [name, specOf(o)]),
  );
  // An empty --environment that counted as not given would bring everything to the usual environment.
  const manner = { takesWords: true, keepsEmpty: true };
  const { values, positionals, command = [], problems } = parseOptions(specs, argv, manner);
  const words = [...positionals, ...command];
  const unexpected =
    spec.positionals === undefined
      ? words.map((word) => `"${shownArgument(word)}" is not expected here.`)
      : [];
  if (problems.length + unexpected.length > 0)
    throw new UserError([...problems, ...unexpected].join('\n'), `See: npm run ${spec.name} -- --help`);
  return { values: values as Values<O>, positionals: words };
}

const specOf = ({ value, help, default: usual }: Option): OptionSpec =>
  value === undefined
    ? { kind: 'switch', help }
    : { kind: 'text', placeholder: value, help, ...(usual !== undefined && { default: usual }) };
