import type { ValueType } from './ast.ts';

/** The signature of a PromQL function. */
export interface Signature {
  readonly name: string;
  readonly args: readonly ValueType[];
  /** How many arguments are enough. */
  readonly min: number;
  /** How many are too many is one more than this; the last type of `args` repeats. */
  readonly max: number;
  readonly returns: ValueType;
  /** The first version that has it, if that is later than 2.42. */
  readonly since?: string;
  /** Behind `--enable-feature=promql-experimental-functions` in Prometheus 3.5. */
  readonly experimental?: boolean;
  /** The first version that has it without a flag. */
  readonly stable?: string;
}

type Availability = Pick<Signature, 'since' | 'experimental' | 'stable'>;

const letters: Readonly<Record<string, ValueType>> = { v: 'vector', m: 'matrix', s: 'scalar', t: 'string' };

/**
 * Signatures in short: one letter per argument (v instant vector, m range vector, s scalar, t string), `?`
 * after an optional one, `*` after one that may also come any number of times; then what it returns.
 */
function define(short: string, names: string, availability: Availability = {}): Signature[] {
  const [parameters = '', returns = 'v'] = short.split('>');
  const args = [...parameters].filter((c) => c in letters).map((c) => letters[c]!);
  const optional = [...parameters].filter((c) => c === '?' || c === '*').length;
  const max = parameters.includes('*') ? Number.POSITIVE_INFINITY : args.length;
  return names.split(' ').map((name) => ({
    name,
    args,
    min: args.length - optional,
    max,
    returns: letters[returns]!,
    ...availability,
  }));
}

const signatures: readonly Signature[] = [
  ...define('v>v', 'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2'),
  ...define('v>v', 'rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp histogram_count histogram_sum'),
  ...define('v>s', 'scalar'),
  ...define('s>v', 'vector'),
  ...define('>s', 'pi time'),
  ...define('v?>v', 'day_of_month day_of_week day_of_year days_in_month hour minute month year'),
  ...define('vs?>v', 'round'),
  ...define('vs>v', 'clamp_max clamp_min'),
  ...define('vss>v', 'clamp'),
  ...define('sv>v', 'histogram_quantile'),
  ...define('ssv>v', 'histogram_fraction'),
  ...define('vtttt>v', 'label_replace'),
  ...define('vttt*>v', 'label_join'),
  ...define(
    'm>v',
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate',
  ),
  ...define('m>v', 'last_over_time max_over_time min_over_time present_over_time rate resets'),
  ...define('m>v', 'stddev_over_time stdvar_over_time sum_over_time'),
  ...define('ms>v', 'predict_linear'),
  ...define('sm>v', 'quantile_over_time'),
  ...define('v>v', 'histogram_avg', { since: '2.51' }),
  ...define('v>v', 'histogram_stddev histogram_stdvar', { since: '2.47' }),
  ...define('vt*>v', 'sort_by_label sort_by_label_desc', { since: '2.49', experimental: true }),
  ...define('m>v', 'mad_over_time', { since: '2.49', experimental: true }),
  ...define('vv?>v', 'info', { since: '2.55', experimental: true }),
  ...define('mss>v', 'double_exponential_smoothing', { since: '3.0', experimental: true }),
  ...define('m>v', 'ts_of_max_over_time ts_of_min_over_time ts_of_last_over_time', {
    since: '3.5',
    experimental: true,
  }),
  ...define('m>v', 'first_over_time', { since: '3.7', experimental: true, stable: '3.14' }),
  ...define('m>v', 'ts_of_first_over_time', { since: '3.7', experimental: true }),
  ...define('vtss*>v', 'histogram_quantiles', { since: '3.11', experimental: true }),
  ...define('v>v', 'start_timestamp', { since: '3.14', experimental: true }),
  ...define('>s', 'start end step range', { since: '3.12', experimental: true }),
];

/** Every function up to Prometheus 3.14 by name. */
export const functions: ReadonlyMap<string, Signature> = new Map(signatures.map((s) => [s.name, s]));

/** Functions that only versions have which are newer than the signatures here. */
export const newestFunctions: ReadonlyMap<string, string> = new Map([
  ['min_of', '3.13'],
  ['max_of', '3.13'],
  ['integral', '3.16'],
]);

/** Functions that are gone, and what took their place. */
export const removedFunctions: ReadonlyMap<string, string> = new Map([
  [
    'holt_winters',
    'Prometheus 3.0 renamed it to double_exponential_smoothing and put it behind a feature flag.',
  ],
]);

/** Aggregations that take a parameter in front, and its type. */
export const aggregationParameter: ReadonlyMap<string, ValueType> = new Map([
  ['topk', 'scalar'],
  ['bottomk', 'scalar'],
  ['quantile', 'scalar'],
  ['limitk', 'scalar'],
  ['limit_ratio', 'scalar'],
  ['count_values', 'string'],
]);

export const aggregations: ReadonlySet<string> = new Set([
  ...aggregationParameter.keys(),
  ...['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'],
]);

/** Aggregations that Prometheus 2.42 lacks and 3.5 hides behind a flag. */
export const experimentalAggregations: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);
