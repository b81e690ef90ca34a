/** How the text of an option becomes its value. */
export interface Kinds {
  text: string;
  number: number;
  /** A whole number. */
  integer: number;
  /** Milliseconds since 1970. */
  time: number;
  /** Milliseconds. */
  duration: number;
}
/** How an option is read. */
export type Kind = keyof Kinds;

/** One option of a verb; made by the functions below. */
export type OptionSpec = SwitchSpec | ValueSpec;
interface SwitchSpec {
  readonly kind: 'switch';
  readonly help: string;
}
/** An option with a value. */
export interface ValueSpec {
  readonly kind: Kind;
  /** Its argument as the help shows it. */
  readonly placeholder: string;
  readonly help: string;
  readonly required?: boolean;
  /** As it would be typed; a function where the pipeline decides. */
  readonly default?: string | (() => string);
  /** Variable that says it when the option does not. */
  readonly env?: string;
  /** A closed set of values. */
  readonly values?: readonly string[];
  /** Names of the pipeline file: any other is taken too, cleaned, with a warning that says where to add it. */
  readonly names?: () => readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** May be given several times; the value is then a list. */
  readonly repeatable?: boolean;
  /** Says something of what happened already, and so has no meaning beside a command. */
  readonly report?: boolean;
}
/** The options of a verb, by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type Single<S extends ValueSpec> = S extends { values: readonly (infer V extends string)[] }
  ? V
  : Kinds[S['kind']];
type ValueOf<S extends OptionSpec> = S extends ValueSpec
  ? S extends { repeatable: true }
    ? readonly Single<S>[]
    : S extends { required: true } | { default: string | (() => string) }
      ? Single<S>
      : Single<S> | undefined
  : boolean;
/** The parsed options of a verb. */
export type Values<O extends OptionSpecs> = { readonly [N in keyof O]: ValueOf<O[N]> };

type Extra = Partial<
  Pick<ValueSpec, 'required' | 'default' | 'env' | 'min' | 'max' | 'repeatable' | 'report'>
>;
const make =
  <K extends Kind>(kind: K) =>
  <const E extends Extra = object>(placeholder: string, help: string, extra?: E) =>
    ({ kind, placeholder, help, ...extra }) as { kind: K; placeholder: string; help: string } & E;

/** An option that takes any text. */
export const text = make('text');
/** An option that takes a number. */
export const number = make('number');
/** An option that takes a whole number. */
export const integer = make('integer');
/** An option that takes a point in time. */
export const time = make('time');
/** An option that takes a length of time. */
export const duration = make('duration');
/** An option without a value. */
export const flag = (help: string) => ({ kind: 'switch', help }) as const;
/** An option that takes a name of the pipeline file, or another one. */
export const named = <const E extends Extra = object>(
  names: () => readonly string[],
  placeholder: string,
  help: string,
  extra?: E,
) =>
  ({ kind: 'text', names, placeholder, help, ...extra }) as unknown as {
    kind: 'text';
    placeholder: string;
    help: string;
  } & E;

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
