import type {
  LabelName,
  LabelValue,
  LiveCounter,
  LiveHistogram,
  MetricName,
  MetricOfType,
} from './catalogue.ts';
import { Vector } from './expression.ts';

/** Selectors of the catalogue's metrics, and functions over a range of time that take them. */

declare const metricOf: unique symbol;

/** A selector of one metric of the catalogue: what functions over a range of time take. */
export class Selector<M extends MetricName> extends Vector<LabelName<M>> {
  declare readonly [metricOf]: M;
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

/** Marks what `rate()` may be taken of: nothing that is pushed once, not even a counter. */
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
export const avgOverTime: OverTime = overTime('avg_over_time');
export const sumOverTime: OverTime = overTime('sum_over_time');

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
