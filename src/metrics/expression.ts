declare const labelsOf: unique symbol;

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

const quote = (text: string): string => JSON.stringify(text);

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
/** 1 for each group of series. */
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
/** Text of an operation, its operands in parentheses where they bind less. @param between what follows the operator */
export const operation = (
  left: Operand,
  operator: string,
  right: Operand,
  between = '',
): [text: string, precedence: number] => {
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
