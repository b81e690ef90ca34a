import { durationMs } from './duration.ts';
import type { Kind, Kinds, OptionSpec, OptionSpecs, ValueSpec, Values } from './options.ts';
import { parseTime } from './time.ts';
import { cleanName, didYouMean } from './words.ts';

/** A command line, taken apart. With problems, `values` holds what could be understood and defaults for the rest. */
export interface Parsed<O extends OptionSpecs> {
  readonly values: Values<O>;
  /** Words after `--`; undefined when there is none. */
  readonly command: readonly string[] | undefined;
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[];
  /** One sentence for each name that the pipeline file does not know, and that is recorded all the same. */
  readonly notes: readonly string[];
  /** Options that were given, with or without a value. */
  readonly given: ReadonlySet<string>;
  /** Options whose value is missing. */
  readonly withoutValue: ReadonlySet<string>;
  /** Words that belong to no option. */
  readonly positionals: readonly string[];
}

const expected: Record<Exclude<Kind, 'text'>, string> = {
  number: 'a number',
  integer: 'a whole number',
  time: 'a time: Unix seconds, or ISO 8601 with a time zone like 2026-01-31T12:00:00Z',
  duration: 'a length of time like 500ms, 5s, 10m, 2h or 1d',
};

const toNumber = (text: string): number | undefined =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;

const convert: { readonly [K in Kind]: (text: string) => Kinds[K] | undefined } = {
  text: (text) => text,
  number: toNumber,
  integer: (text) => (Number.isInteger(toNumber(text)) ? toNumber(text) : undefined),
  time: parseTime,
  duration: durationMs,
};

/** Value of a text on the command line, or the problem with it. */
interface Read {
  readonly value?: string | number;
  readonly problem?: string;
  readonly note?: string;
}

/** A name of the pipeline file; another one keeps its own, because two unknown ones must not replace each other. */
function readName(source: string, known: readonly string[], text: string): Read {
  const value = cleanName(text);
  if (value === '') return { problem: `${source} "${text}" is no name.` };
  if (known.includes(value)) return { value };
  return {
    value,
    note: `${source} "${value}" is not in the pipeline file. It is recorded under that name; add it to pipeline.config.ts and build.${didYouMean(value, known)}`,
  };
}

function readValue(source: string, spec: ValueSpec, text: string): Read {
  if (spec.names) return readName(source, spec.names(), text);
  if (spec.values && !spec.values.includes(text)) {
    const known = spec.values.join(', ');
    return {
      problem: `${source} "${text}" is not one of those known: ${known}.${didYouMean(text, spec.values)}`,
    };
  }
  const value = convert[spec.kind](text);
  if (value === undefined)
    return { problem: `${source} "${text}" is not ${expected[spec.kind as Exclude<Kind, 'text'>]}.` };
  if (typeof value === 'number' && (value < (spec.min ?? -Infinity) || value > (spec.max ?? Infinity)))
    return { problem: `${source} ${text} is out of range: ${rangeText(spec)}.` };
  return { value };
}

const rangeText = ({ min, max }: ValueSpec): string =>
  max === undefined ? `it must be at least ${min}` : `it must be between ${min ?? 0} and ${max}`;

/** The words of a command line, sorted but not converted. */
interface Tokens {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlySet<string>;
  readonly given: ReadonlySet<string>;
  readonly withoutValue: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/** How a command line is taken. */
interface Manner {
  /** Where options with an `env` are looked up. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether words that belong to no option are welcome. */
  readonly takesWords?: boolean;
  /** Whether an empty value is one, for the command to judge. */
  readonly keepsEmpty?: boolean;
}

const optionWord = /^--([^=]+)(?:=([\s\S]*))?$/;
const specOf = (specs: OptionSpecs, name: string): OptionSpec | undefined =>
  Object.hasOwn(specs, name) ? specs[name] : undefined;

/** True for a word that cannot be the value of the option before it. */
const isOption = (specs: OptionSpecs, word: string | undefined): boolean =>
  word === undefined || specOf(specs, optionWord.exec(word)?.[1] ?? '') !== undefined;

function tokenize(
  specs: OptionSpecs,
  words: readonly string[],
  problems: string[],
  { takesWords = false, keepsEmpty = false }: Manner,
): Tokens {
  const texts = new Map<string, string[]>();
  const switches = new Set<string>();
  const withoutValue = new Set<string>();
  const given = new Set<string>();
  const positionals: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [, name = '', inline] = optionWord.exec(words[i]!) ?? [];
    const spec = specOf(specs, name);
    const follows = inline === undefined && !isOption(specs, words[i + 1]);
    if (spec) given.add(name);
    if (!spec) {
      const positional = !words[i]!.startsWith('-');
      if (positional) positionals.push(words[i]!);
      if (!positional || !takesWords) problems.push(unknownWord(words[i]!, name, specs));
      // The value of an unknown option is not reported as a second mistake.
      if (name && follows && !words[i + 1]!.startsWith('--')) i++;
    } else if (spec.kind === 'switch') {
      if (inline === undefined || inline === 'true') switches.add(name);
      else if (inline !== 'false') problems.push(`--${name} takes no value.`);
    } else if (inline === undefined && !follows) {
      problems.push(`--${name} needs a value: --${name} ${spec.placeholder}.`);
      withoutValue.add(name);
    } else {
      const value = inline ?? words[++i]!;
      if (value || keepsEmpty) texts.set(name, [...(texts.get(name) ?? []), value]);
    }
  }
  return { texts, switches, given, withoutValue, positionals };
}

function unknownWord(word: string, name: string, specs: OptionSpecs): string {
  if (!name) return `"${word}" is not expected here; options begin with --, a command follows after " -- ".`;
  return `There is no option --${name}.${didYouMean(name, Object.keys(specs), '--')}`;
}

function finalValue(
  name: string,
  spec: ValueSpec,
  tokens: Tokens,
  env: NodeJS.ProcessEnv,
  problems: string[],
  notes: string[],
) {
  const texts = tokens.texts.get(name) ?? [];
  const fromEnv = texts.length === 0 && spec.env ? env[spec.env] || undefined : undefined;
  const read = (text: string): string | number | undefined => {
    const { value, problem, note } = readValue(fromEnv === undefined ? `--${name}` : spec.env!, spec, text);
    if (problem) problems.push(problem);
    if (note) notes.push(note);
    return value;
  };
  if (spec.repeatable) return texts.map(read).filter((value) => value !== undefined);
  const usual = typeof spec.default === 'function' ? spec.default() : spec.default;
  const fallback = usual === undefined ? undefined : readValue(name, spec, usual).value;
  const text = texts.at(-1) ?? fromEnv;
  if (text !== undefined) return read(text) ?? fallback;
  if (spec.required && !tokens.withoutValue.has(name))
    problems.push(`--${name} is missing: --${name} ${spec.placeholder}.`);
  return fallback;
}

/**
 * Takes a command line apart and reports everything that is wrong with it at once. Unless it is to be kept, an empty
 * value counts as not given: that is what an unset secret or variable of a workflow expands to.
 */
export function parseOptions<const O extends OptionSpecs>(
  specs: O,
  argv: readonly string[],
  manner: Manner = {},
): Parsed<O> {
  const split = argv.indexOf('--');
  const problems: string[] = [];
  const notes: string[] = [];
  const tokens = tokenize(specs, split === -1 ? argv : argv.slice(0, split), problems, manner);
  const values = Object.fromEntries(
    Object.entries<OptionSpec>(specs).map(([name, spec]) => [
      name,
      spec.kind === 'switch'
        ? tokens.switches.has(name)
        : finalValue(name, spec, tokens, manner.env ?? {}, problems, notes),
    ]),
  );
  const { given, withoutValue, positionals } = tokens;
  const command = split === -1 ? undefined : argv.slice(split + 1);
  return { values: values as Values<O>, command, problems, notes, given, withoutValue, positionals };
}
