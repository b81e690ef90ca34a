import type {
  LabelName,
  LabelValue,
  LiveCounter,
  LiveHistogram,
  MetricName,
  MetricOfType,
} from './catalogue.ts';

declare const labelsOf: unique symbol;
declare const metricOf: unique symbol;

/**
 * An instant vector, as PromQL text. `L` are the labels that its series can have: what the metric has, less what
 * an aggregation took away. It exists in the types only.
 */
export class Vector<out L extends string = string> {
  declare readonly [labelsOf]: L;
  readonly text: string;
  /** How tightly the outermost operator binds; operands that bind less are put in parentheses. */
  readonly precedence: number;
  constructor(text: string, precedence = 9) {
    this.text = text;
    this.precedence = precedence;
  }
  toString(): string {
    return this.text;
  }
}

/** A selector of one metric of the catalogue: what functions over a range of time take. */
export class Selector<M extends MetricName> extends Vector<LabelName<M>> {
  declare readonly [metricOf]: M;
}

/** A scalar: a number, or PromQL text such as `time() - 600` made by {@link scalar}. */
export class Scalar {
  readonly text: string;
  readonly precedence: number;
  constructor(text: string, precedence = 9) {
    this.text = text;
    this.precedence = precedence;
  }
  toString(): string {
    return this.text;
  }
}

/** A matcher other than equality with one value. */
export class Match<V extends string> {
  readonly operator: '=' | '=' | '=~' | '!=' | '!~';
  readonly value: string;
  declare readonly values: V;
  constructor(operator: '=' | '=' | '=~' | '!=' | '!~', value: string) {
    this.operator = operator;
    this.value = value;
  }
}

/** A dashboard variable used as a matcher (`=~"$name"`); the build checks that the dashboard declares it. */
export const variable = (name: string): Match<never> => new Match('=~', `$${name}`);
/** A dashboard variable used as a matcher, or without that label. */
export const variableOrNone = (name: string): Match<never> => new Match('=~', `$${name}|`);
/** A dashboard variable that has exactly one value (`="$name"`). */
export const oneOf = (name: string): `$${string}` => `$${name}`;
/** Not this value. The empty string means: the label is there. */
export const not = <V extends string>(value: V): Match<V> => new Match('!=', value);
/** Without this label. */
export const without: Match<never> = new Match('=', '');
/** One of these values; of one, that one. */
export const anyOf = <const V extends string>(...values: V[]): Match<V> =>
  values.length === 1
    ? new Match<V>('=', values[0] ?? '')
    : new Match<V>('=~', values.map((v) => v.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
/** Matches an RE2 regular expression; only for open labels. */
export const matches = (regex: string): Match<string> => new Match('=~', regex);

/** Matchers of a selector: only labels that the metric has, only values that they can take. */
export type Matchers<M extends MetricName> = {
  readonly [L in LabelName<M>]?:
    | LabelValue<M, L>
    | Match<LabelValue<M, L>>
    | Match<never>
    | Match<''>
    | `$${string}`;
};

const quote = (text: string): string => JSON.stringify(text);

/** Selects a metric of the catalogue. An unknown metric, label or closed label's value does not compile. */
export const metric = <M extends MetricName>(name: M, matchers: Matchers<M> = {}): Selector<M> =>
  new Selector(selectorText(name, matchers as Record<string, string | Match<string> | undefined>));

/** A selector as PromQL. */
export function selectorText(
  name: string,
  matchers: Readonly<Record<string, string | Match<string> | undefined>>,
): string {
  const list = Object.entries(matchers)
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) =>
      value instanceof Match
        ? `${label}${value.operator}${quote(value.value)}`
        : `${label}=${quote(value ?? '')}`,
    );
  return list.length > 0 ? `${name}{${list.join(',')}}` : name;
}

/** Marks what `rate()` may be taken of: nothing that is pushed once, whatever its type. */
type Counter<M extends MetricName> = M extends LiveHistogram ? { readonly counter: true } : unknown;

/** A series of a histogram; where the histogram fills, its `rate()` may be taken. */
type Part<M extends MetricName, L extends string = LabelName<M>> = Vector<L> & Counter<M>;
const part = <M extends MetricOfType<'histogram'>, L extends string>(
  suffix: string,
  name: M,
  matchers: Matchers<M>,
): Part<M, L> => new Vector(metric(name, matchers).text.replace(name, name + suffix)) as Part<M, L>;

/** The buckets of a histogram, with label `le`. */
export const buckets = <M extends MetricOfType<'histogram'>>(
  name: M,
  matchers: Matchers<M> = {},
): Part<M, LabelName<M> | 'le'> => part('_bucket', name, matchers);
/** The number of observations of a histogram. */
export const observations = <M extends MetricOfType<'histogram'>>(
  name: M,
  matchers: Matchers<M> = {},
): Part<M> => part('_count', name, matchers);
/** The sum of what a histogram observed. */
export const observed = <M extends MetricOfType<'histogram'>>(name: M, matchers: Matchers<M> = {}): Part<M> =>
  part('_sum', name, matchers);

/** A range such as `30d`, or a dashboard's `$__range`. */
export type Range = `${number}${'s' | 'm' | 'h' | 'd'}` | `$${string}`;
/** Moves a range into the past, or to a moment: the end of the dashboard's time span, or what a variable says. */
export interface RangeOptions {
  readonly offset?: Range | `-${Range}`;
  readonly at?: 'start()' | 'end()' | `$${string}`;
}

/** A selector of a metric of the pipeline file, of which the types know no labels. */
type CustomSelector = Vector<string> & { readonly selector: true };

const ranged = (selector: Vector<string>, range: Range, o: RangeOptions = {}): string =>
  `${selector.text}[${range}]${o.at ? ` @ ${o.at}` : ''}${o.offset ? ` offset ${o.offset}` : ''}`;

interface OverTime {
  <M extends MetricName>(s: Selector<M>, range: Range, o?: RangeOptions): Vector<LabelName<M>>;
  (s: CustomSelector, range: Range, o?: RangeOptions): Vector<string>;
}
const overTime =
  (name: string): OverTime =>
  (s: Vector<string>, range: Range, o?: RangeOptions) =>
    new Vector(`${name}(${ranged(s, range, o)})`);

/** The latest value in a range: exact for facts that were recorded once or more. */
export const lastOverTime: OverTime = overTime('last_over_time');
export const maxOverTime: OverTime = overTime('max_over_time');
export const minOverTime: OverTime = overTime('min_over_time');
export const avgOverTime: OverTime = overTime('avg_over_time');
export const sumOverTime: OverTime = overTime('sum_over_time');
export const countOverTime: OverTime = overTime('count_over_time');
export const presentOverTime: OverTime = overTime('present_over_time');

interface OfCounter {
  <M extends LiveCounter>(counter: Selector<M>, range: Range, o?: RangeOptions): Vector<LabelName<M>>;
  <L extends string>(
    counter: Vector<L> & { readonly counter: true },
    range: Range,
    o?: RangeOptions,
  ): Vector<L>;
}
const ofCounter =
  (name: string): OfCounter =>
  (counter: Vector<string>, range: Range, o?: RangeOptions) =>
    new Vector(`${name}(${ranged(counter, range, o)})`);

/** Per-second rate of a live counter. Pushed counters do not compile: their rate is always 0. */
export const rate: OfCounter = ofCounter('rate');
/** Increase of a live counter over a range. */
export const increase: OfCounter = ofCounter('increase');
/** Quantile of a rate of buckets. */
export const histogramQuantile = <L extends string>(
  q: number,
  v: Vector<L | 'le'>,
): Vector<Exclude<L, 'le'>> => new Vector(`histogram_quantile(${q}, ${v.text})`);

interface By<L extends string, B extends L> {
  readonly by?: readonly B[];
}
type Aggregation = <L extends string, B extends L = never>(v: Vector<L>, o?: By<L, B>) => Vector<B>;
const clause = (by: readonly string[] | undefined): string => (by ? ` by (${by.join(', ')}) ` : '');
const aggregation =
  (name: string): Aggregation =>
  (v, o = {}) =>
    new Vector(`${name}${clause(o.by)}(${v.text})`);

export const sum: Aggregation = aggregation('sum');
export const avg: Aggregation = aggregation('avg');
export const min: Aggregation = aggregation('min');
export const max: Aggregation = aggregation('max');
export const count: Aggregation = aggregation('count');
/** 1 for each group that has any series. */
export const group: Aggregation = aggregation('group');
/** Quantile across series, interpolated linearly between neighbours. */
export const quantile = <L extends string, B extends L = never>(
  q: number,
  v: Vector<L>,
  o: By<L, B> = {},
): Vector<B> => new Vector(`quantile${clause(o.by)}(${q}, ${v.text})`);
/** The k largest of each group, with all their labels. */
export const topk = <L extends string>(
  k: number,
  v: Vector<L>,
  o: By<NoInfer<L>, NoInfer<L>> = {},
): Vector<L> => new Vector(`topk${clause(o.by)}(${k}, ${v.text})`);

/** Which labels the two sides of an operator are matched on. */
export interface Matching<K extends string> {
  readonly on?: readonly K[];
  readonly ignoring?: readonly K[];
}

const matching = (m: Matching<string> = {}): string =>
  m.on ? ` on (${m.on.join(', ')})` : m.ignoring ? ` ignoring (${m.ignoring.join(', ')})` : '';

type Operand = Vector<string> | Scalar | number;
const level: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
};
/** A number as PromQL writes it: infinity is `Inf`. */
const numberText = (value: number): string => String(value).replace('Infinity', 'Inf');
const operand = (o: Operand, precedence: number, right: boolean): string => {
  if (typeof o === 'number') return numberText(o);
  return o.precedence < precedence || (right && o.precedence === precedence) ? `(${o.text})` : o.text;
};
const operation = (left: Operand, operator: string, right: Operand, between = ''): [string, number] => {
  const precedence = level[operator] ?? 1;
  return [
    `${operand(left, precedence, false)} ${operator}${between} ${operand(right, precedence, true)}`,
    precedence,
  ];
};

/** Series of the left that have a partner on the right. */
export const and = <L extends string, R extends string>(
  left: Vector<L>,
  right: Vector<R>,
  m?: Matching<NoInfer<L & R>>,
): Vector<L> => new Vector(...operation(left, 'and', right, matching(m)));
/** Series of the left that have no partner on the right. */
export const unless = <L extends string, R extends string>(
  left: Vector<L>,
  right: Vector<R>,
  m?: Matching<NoInfer<L & R>>,
): Vector<L> => new Vector(...operation(left, 'unless', right, matching(m)));
/** Series of the left, and those of the right that have no partner there. */
export const or = <L extends string, R extends string>(
  left: Vector<L>,
  right: Vector<R>,
  m?: Matching<NoInfer<L & R>>,
): Vector<L | R> => new Vector(...operation(left, 'or', right, matching(m)));
/** The first that exists, in this order of preference, for each combination of the labels given. */
export const firstOf = <L extends string>(
  on: readonly NoInfer<L>[],
  first: Vector<L>,
  ...rest: Vector<L>[]
): Vector<L> =>
  rest.reduce<Vector<L>>(
    (left, right) => new Vector(...operation(left, 'or', right, matching({ on }))),
    first,
  );

/** Arithmetic and comparison. `group_left` names labels that are taken from the right. */
export interface BinaryOptions<K extends string, G extends string> extends Matching<K> {
  readonly groupLeft?: readonly G[];
  readonly bool?: boolean;
}
type Arithmetic = '+' | '-' | '*' | '/' | '%';
type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** `left operator right` with a vector on the left; the result has the left's labels. */
export function binary<L extends string, K extends string = never, G extends string = never>(
  left: Vector<L>,
  operator: Arithmetic | Comparison,
  right: Vector<string> | Scalar | number,
  o: BinaryOptions<K, G> = {},
): Vector<L | G> {
  const side = o.groupLeft ? ` group_left (${o.groupLeft.join(', ')})` : '';
  return new Vector(...operation(left, operator, right, `${o.bool ? ' bool' : ''}${matching(o)}${side}`));
}
/** A number (or scalar) times a vector. */
export const times = <L extends string>(factor: number | Scalar, v: Vector<L>): Vector<L> =>
  new Vector(...operation(factor, '*', v));
/** A vector of the same series, all with this value. */
export const constant = <L extends string, B extends L>(
  value: number,
  v: Vector<L>,
  o: By<L, B>,
): Vector<B> => (value === 1 ? group(v, o) : times(value, group(v, o)));

/** PromQL's `time()`: the evaluation time in Unix seconds. */
export const now = new Scalar('time()');
/** Arithmetic of scalars. */
export const scalar = (left: Scalar | number, operator: Arithmetic, right: Scalar | number): Scalar =>
  new Scalar(...operation(left, operator, right));
/** A scalar as a vector with one series without labels. */
export const vector = (s: Scalar | number): Vector<never> => new Vector(`vector(${s})`);
/** Seconds a moment ago: `time() - seconds`. */
export const ago = (seconds: Scalar | number): Scalar => scalar(now, '-', seconds);
/** Start of this UTC day. */
export const midnight: Scalar = scalar(now, '-', scalar(now, '%', 86_400));
/** Start of this UTC calendar month. */
export const monthStart: Scalar = new Scalar(
  'time() - (scalar(day_of_month()) - 1) * 86400 - time() % 86400',
  4,
);
/** Length of this UTC calendar month, seconds. */
export const monthLength: Scalar = new Scalar('scalar(days_in_month()) * 86400', 5);
/** Start of the next UTC calendar month. */
export const nextMonthStart: Scalar = scalar(monthStart, '+', monthLength);

/** When each series of a selector was last sampled, Unix seconds. */
export const timestampOf = <L extends string>(v: Vector<L>): Vector<L> => new Vector(`timestamp(${v.text})`);

/** No value below this. */
export const clampMin = <L extends string>(v: Vector<L>, least: Scalar | number): Vector<L> =>
  new Vector(`clamp_min(${v.text}, ${operand(least, 0, false)})`);
/** Sets a label to a constant. */
export const setLabel = <L extends string, N extends string>(
  v: Vector<L>,
  name: N,
  value: string,
): Vector<L | N> =>
  // A dollar sign would stand for a group of the pattern.
  new Vector(`label_replace(${v.text}, ${quote(name)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`);
/** Copies a label's value, or part of it. */
export const labelReplace = <L extends string, N extends string>(
  v: Vector<L>,
  target: N,
  replacement: string,
  source: NoInfer<L>,
  regex: string,
): Vector<L | N> =>
  new Vector(
    `label_replace(${v.text}, ${quote(target)}, ${quote(replacement)}, ${quote(source)}, ${quote(regex)})`,
  );
/** 1 when there is no such series. */
export const absent = (s: Vector<string>): Vector<string> => new Vector(`absent(${s.text})`);
/** One series for each value, with the value as a label. */
export const countValues = <L extends string, N extends string, B extends L>(
  label: N,
  v: Vector<L>,
  o: { readonly by: readonly B[] },
): Vector<B | N> => new Vector(`count_values${clause(o.by)}(${quote(label)}, ${v.text})`);
/** Joins labels into one. */
export const labelJoin = <L extends string, N extends string>(
  v: Vector<L>,
  target: N,
  separator: string,
  ...sources: L[]
): Vector<L | N> =>
  new Vector(
    `label_join(${v.text}, ${quote(target)}, ${quote(separator)}, ${sources.map(quote).join(', ')})`,
  );
