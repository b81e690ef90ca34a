import { parseDuration, parseTime } from './time.ts';

/** How the text of an option becomes its value. */
interface Kinds {
  text: string;
  number: number;
  /** Milliseconds since 1970. */
  time: number;
  /** Milliseconds. */
  duration: number;
}
type Kind = keyof Kinds;

/** One option of a verb; made by the functions below. */
export type OptionSpec = SwitchSpec | ValueSpec;
interface SwitchSpec {
  readonly kind: 'switch';
  readonly help: string;
}
interface ValueSpec {
  readonly kind: Kind;
  /** Its argument as the help shows it. */
  readonly placeholder: string;
  readonly help: string;
  readonly required?: boolean;
  /** As it would be typed. */
  readonly default?: string;
  /** Variable that says it when the option does not. */
  readonly env?: string;
  /** A closed set of values. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** May be given several times; the value is then a list. */
  readonly repeatable?: boolean;
}
/** The options of a verb, by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type Single<S extends ValueSpec> = S extends { values: readonly (infer V extends string)[] }
  ? V
  : Kinds[S['kind']];
type ValueOf<S extends OptionSpec> = S extends ValueSpec
  ? S extends { repeatable: true }
    ? readonly Single<S>[]
    : S extends { required: true } | { default: string }
      ? Single<S>
      : Single<S> | undefined
  : boolean;
/** The parsed options of a verb. */
export type Values<O extends OptionSpecs> = { readonly [N in keyof O]: ValueOf<O[N]> };

/** A command line, taken apart. With problems, `values` holds what could be understood and defaults for the rest. */
export interface Parsed<O extends OptionSpecs> {
  readonly values: Values<O>;
  /** What follows `--`; undefined when there is none. */
  readonly command: readonly string[] | undefined;
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[];
}

/** The allowed values as the end of a sentence. */
export const allowedSentence = (values: readonly string[]): string => `${values.join(', ')}.`;

/** How many letters have to change to make one word of the other. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    above = row;
  }
  return above[b.length]!;
}

/** The known word that is nearest to a misspelt one, if one is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const farthest = Math.max(2, word.length / 4);
  return known
    .map((candidate) => ({ candidate, d: distance(word, candidate) }))
    .filter(({ d }) => d <= farthest)
    .sort((a, b) => a.d - b.d)[0]?.candidate;
}

const expected: Record<Exclude<Kind, 'text'>, string> = {
  number: 'a number',
  time: 'a time: Unix seconds, or ISO 8601 with a time zone like 2026-01-31T12:00:00Z',
  duration: 'a length of time like 500ms, 5s, 10m, 2h or 1d',
};

const convert: { readonly [K in Kind]: (text: string) => Kinds[K] | undefined } = {
  text: (text) => text,
  number: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
  time: parseTime,
  duration: parseDuration,
};

function readValue(
  source: string,
  spec: ValueSpec,
  text: string,
): { value?: string | number; problem?: string } {
  if (spec.values && !spec.values.includes(text)) {
    const near = nearest(text, spec.values);
    const mend = near ? ` Did you mean ${near}?` : '';
    return {
      problem: `${source} "${text}" is not one of those known: ${allowedSentence(spec.values)}${mend}`,
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

/**
 * Takes a verb's arguments apart and reports everything that is wrong with them at once. An empty value counts as
 * not given: that is what an unset secret or variable of a workflow expands to.
 */
export function parseOptions<const O extends OptionSpecs>(
  specs: O,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Parsed<O> {
  const split = argv.indexOf('--');
  const own = split === -1 ? argv : argv.slice(0, split);
  const command = split === -1 ? undefined : argv.slice(split + 1);
  const problems: string[] = [];
  const given = new Map<string, string[]>();
  const switches = new Set<string>();
  for (let i = 0; i < own.length; i++) {
    const word = own[i]!;
    const [, name = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      problems.push(unknownWord(word, name, specs));
      // The value of an unknown option is not reported as a second mistake.
      if (name && inline === undefined && own[i + 1] !== undefined && !own[i + 1]!.startsWith('--')) i++;
    } else if (spec.kind === 'switch') {
      if (inline !== undefined && inline !== 'true' && inline !== 'false')
        problems.push(`--${name} takes no value.`);
      else if (inline !== 'false') switches.add(name);
    } else {
      const next = inline ?? own[i + 1];
      if (inline === undefined) {
        if (next === undefined || (next.startsWith('--') && next.length > 2)) {
          problems.push(`--${name} needs a value: --${name} ${spec.placeholder}.`);
          continue;
        }
        i++;
      }
      if (next) given.set(name, [...(given.get(name) ?? []), next]);
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries<OptionSpec>(specs))
    values[name] =
      spec.kind === 'switch' ? switches.has(name) : finalValue(name, spec, given.get(name), env, problems);
  return { values: values as Values<O>, command, problems };
}

function unknownWord(word: string, name: string, specs: OptionSpecs): string {
  if (!name) return `"${word}" is not expected here; options begin with --, a command follows after " -- ".`;
  const near = nearest(name, Object.keys(specs));
  return `There is no option --${name}.${near ? ` Did you mean --${near}?` : ''}`;
}

function finalValue(
  name: string,
  spec: ValueSpec,
  texts: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
  problems: string[],
): unknown {
  const fromEnv = texts === undefined && spec.env ? env[spec.env] || undefined : undefined;
  const read = (text: string): string | number | undefined => {
    const { value, problem } = readValue(fromEnv === undefined ? `--${name}` : spec.env!, spec, text);
    if (problem) problems.push(problem);
    return value;
  };
  if (spec.repeatable) return (texts ?? []).map(read).filter((value) => value !== undefined);
  const fallback = spec.default === undefined ? undefined : readValue(name, spec, spec.default).value;
  const text = texts?.at(-1) ?? fromEnv;
  if (text !== undefined) return read(text) ?? fallback;
  if (spec.required) problems.push(`--${name} is missing: --${name} ${spec.placeholder}.`);
  return fallback;
}

type Extra = Partial<Pick<ValueSpec, 'required' | 'default' | 'env' | 'min' | 'max' | 'repeatable'>>;
const make =
  <K extends Kind>(kind: K) =>
  <const E extends Extra = object>(placeholder: string, help: string, extra?: E) =>
    ({ kind, placeholder, help, ...extra }) as { kind: K; placeholder: string; help: string } & E;

/** An option that takes any text. */
export const text = make('text');
/** An option that takes a number. */
export const number = make('number');
/** An option that takes a point in time. */
export const time = make('time');
/** An option that takes a length of time. */
export const duration = make('duration');
/** An option without a value. */
export const flag = (help: string) => ({ kind: 'switch', help }) as const;
/** An option that takes one of a closed set of values. */
export const choice = <const V extends readonly string[], const E extends Extra = object>(
  values: V,
  placeholder: string,
  help: string,
  extra?: E,
) =>
  ({ kind: 'text', values, placeholder, help, ...extra }) as {
    kind: 'text';
    values: V;
    placeholder: string;
    help: string;
  } & E;
