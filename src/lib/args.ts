import { parseArgs } from 'node:util';
import { UserError } from './errors.ts';
import { nearest } from './words.ts';

/** One option of a command. `value` names its argument (`FILE`); without it the option is a switch. */
export interface Option {
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
}

/** What a command says of itself: printed by --help, and the only options it takes. */
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
  command: CommandSpec<O>,
  argv: readonly string[] = process.argv.slice(2),
): { values: Values<O>; positionals: string[] } {
  const spec = { ...command, options: { ...common, ...command.options } };
  const options = Object.fromEntries(
    Object.entries<Option>(spec.options).map(([name, o]) => [
      name,
      o.value
        ? { type: 'string' as const, ...(o.default !== undefined && { default: o.default }) }
        : { type: 'boolean' as const, default: false },
    ]),
  );
  if (argv.includes('--help')) {
    console.log(helpText(command));
    process.exit(0);
  }
  // Not strict, so that every mistake is said and not only the first.
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const problems = tokens.flatMap((token) => problemOf(token, spec));
  if (problems.length > 0) throw new UserError(problems.join('\n'), `See: npm run ${spec.name} -- --help`);
  return { values: values as Values<O>, positionals };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** What is wrong with one word of a command line. */
function problemOf<O extends Record<string, Option>>(token: Token, spec: CommandSpec<O>): string[] {
  if (token.kind === 'option-terminator') return [];
  if (token.kind === 'positional')
    return spec.positionals === undefined ? [`Unexpected argument '${token.value}'`] : [];
  const { name, rawName, value, inlineValue } = token;
  if (!rawName.startsWith('--') || !Object.hasOwn(spec.options, name)) {
    const near = nearest(name, Object.keys(spec.options));
    return [`Unknown option '${rawName}'${near === undefined ? '' : `: is --${near} meant?`}`];
  }
  const argument = spec.options[name]?.value;
  if (argument === undefined) return value === undefined ? [] : [`Option '${rawName}' takes no value`];
  if (value === undefined) return [`Option '${rawName}' needs a value: ${rawName} ${argument}`];
  if (value.startsWith('-') && !inlineValue)
    return [`Option '${rawName}' needs a value. If it is "${value}", write ${rawName}=${value}`];
  return [];
}
