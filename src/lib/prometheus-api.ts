import { EnvironmentFailure } from './errors.ts';
import type { Answer, RequestParts } from './http.ts';
import {
  fields,
  isLabels,
  isNumber,
  isRecord,
  isText,
  listOf,
  maybe,
  optional,
  type Shape,
} from './shapes.ts';

/** One labelled value of an instant query. Values are numbers; `NaN`, `+Inf` and `-Inf` are kept as such. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly time: number;
  readonly value: number;
}

/** One series of a range query; times are Unix seconds. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** Evaluation cost of a query (`stats=all`). */
export interface QueryStats {
  readonly seconds: number;
  readonly samples: number;
}

/** A request that Prometheus refused, with the HTTP status and, where it gave one, its reason. */
export class PrometheusError extends EnvironmentFailure {
  readonly status: number;
  readonly reason: string | undefined;
  constructor(message: string, status: number, reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** A client of a server that speaks Prometheus' HTTP API; `HttpClient` is one. */
export interface Server {
  readonly options: {
    readonly service: string;
    readonly base: URL;
    readonly variable: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly redact: (text: string) => string;
  read(path: string, parts?: RequestParts & { method?: 'GET' | 'POST' }): Promise<Answer>;
}

/** A query that took Prometheus (503) or a proxy before it (504) too long would do so again. */
const final = (status: number, json: unknown): boolean =>
  status === 504 || (status === 503 && isRecord(json) && json.status === 'error');

/** Why the credentials were not taken. Mimir and Cortex answer "no org id" to a request without a tenant. */
export function refusedCredentials({ options }: Server, { status, text }: Answer): PrometheusError {
  const { service, base, variable, headers = {} } = options;
  const where = `${service} at ${base.host}`;
  const named = 'x-scope-orgid' in headers;
  const prefix = variable.replace(/_URL$/, '');
  const message = /no org id/i.test(text)
    ? named
      ? `${where} does not know the tenant in RULER_TENANT ("no org id").`
      : `${where} serves several tenants and was named none ("no org id"): set RULER_TENANT.`
    : `${where} refused the credentials (${status}): check ${prefix}_TOKEN, or ${prefix}_USERNAME and ${prefix}_PASSWORD${named ? ', and RULER_TENANT' : ''}.`;
  return new PrometheusError(message, status);
}

interface AskOptions {
  readonly query?: RequestParts['query'];
  readonly form?: Readonly<Record<string, string>>;
  /** The data in words, for the sentence about an answer that is something else. */
  readonly what?: string;
}

/**
 * Asks for an API's `data`. A form is sent as a POST, because expressions outgrow URLs.
 * @throws PrometheusError with the server's reason, or when the data has another shape; HttpFailure
 */
export async function ask<T>(
  server: Server,
  path: string,
  shape: Shape<T>,
  { query, form, what = 'what was asked for' }: AskOptions = {},
): Promise<{ readonly data: T; readonly answer: Answer }> {
  const answer = await server.read(path, {
    ...(query && { query }),
    ...(form && {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }),
    final,
    repeatTimeouts: form === undefined,
  });
  const { status, json } = answer;
  const { service, base, variable } = server.options;
  if (status === 401 || status === 403) throw refusedCredentials(server, answer);
  const body = isRecord(json) ? json : {};
  if (isText(body.error) && body.error) {
    const reason = server.redact(body.error);
    throw new PrometheusError(`${service} refused: ${reason}`, status, reason);
  }
  if (body.status === 'success' && shape(body.data)) return { data: body.data, answer };
  throw new PrometheusError(
    `${service} at ${base.host} answered ${form ? 'POST' : 'GET'} /${path} with ${status < 300 ? `something else than ${what}` : `status ${status}`}. Check ${variable} and its path prefix.`,
    status,
  );
}

type WirePoint = readonly [time: number, value: string];
const isPoint = (data: unknown): data is WirePoint =>
  Array.isArray(data) && typeof data[0] === 'number' && typeof data[1] === 'string';
interface WireSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: WirePoint | undefined;
  readonly values?: readonly WirePoint[] | undefined;
}
interface WireResult {
  readonly result: readonly WireSeries[] | WirePoint;
  readonly stats?: unknown;
}
const isSeries = fields<WireSeries>({
  metric: isLabels,
  value: optional(isPoint),
  values: optional(listOf(isPoint)),
});
/** A series without anything measured is no answer of Prometheus; native histograms stand under names of their own. */
const isSeriesList = listOf(
  (data): data is WireSeries =>
    isSeries(data) && ['value', 'values', 'histogram', 'histograms'].some((name) => name in data),
);
const isResult: Shape<WireResult> = fields<WireResult>({
  result: (data): data is WireResult['result'] => isSeriesList(data) || isPoint(data),
  stats: (_): _ is unknown => true,
});

const aResult = 'the result of a query';

/** A number as Prometheus writes it in JSON. */
export const parseValue = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** Samples of an instant query's result; a scalar is one without labels. */
function samplesOf({ result }: WireResult): Sample[] {
  if (isPoint(result)) return [{ labels: {}, time: result[0], value: parseValue(result[1]) }];
  return result.map(({ metric, value: [time, value] = [0, 'NaN'] }) => ({
    labels: metric,
    time,
    value: parseValue(value),
  }));
}

const seriesOf = ({ result }: WireResult): Series[] =>
  isPoint(result)
    ? []
    : result.map(({ metric, values = [] }) => ({
        labels: metric,
        points: values.map(([time, value]) => [time, parseValue(value)] as const),
      }));

function statsOf({ stats }: WireResult): QueryStats {
  const { timings, samples } = stats as {
    timings: { evalTotalTime: number };
    samples: { totalQueryableSamples: number };
  };
  return { seconds: timings.evalTotalTime, samples: samples.totalQueryableSamples };
}

/** An instant query. @param time Unix seconds; default now @throws PrometheusError, HttpFailure */
export async function query(server: Server, expr: string, time?: number): Promise<Sample[]> {
  const form = { query: expr, ...(time !== undefined && { time: String(time) }) };
  return samplesOf((await ask(server, 'api/v1/query', isResult, { form, what: aResult })).data);
}

/** A span of time and the step through it, Unix seconds; the server allows 11,000 points. */
export interface Steps {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}
const rangeForm = (expr: string, { start, end, step }: Steps) => ({
  query: expr,
  start: String(start),
  end: String(end),
  step: String(step),
});

/** A range query. @throws PrometheusError, HttpFailure */
export async function queryRange(server: Server, expr: string, steps: Steps): Promise<Series[]> {
  const form = rangeForm(expr, steps);
  return seriesOf((await ask(server, 'api/v1/query_range', isResult, { form, what: aResult })).data);
}

/** Cost of an instant query (with a time) or a range query. @throws PrometheusError, HttpFailure */
export async function queryStats(server: Server, expr: string, at: number | Steps): Promise<QueryStats> {
  const asked = typeof at === 'number' ? { query: expr, time: String(at) } : rangeForm(expr, at);
  const path = typeof at === 'number' ? 'api/v1/query' : 'api/v1/query_range';
  return statsOf((await ask(server, path, isResult, { form: { ...asked, stats: 'all' } })).data);
}

type Maybe<T> = T | null | undefined;
/** An alert of a rule. */
export interface ServedAlert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}
/** A rule as Prometheus shows it. Durations are seconds. */
export interface ServedRule {
  readonly type: string;
  readonly name: string;
  readonly query: string;
  readonly duration?: Maybe<number>;
  readonly keepFiringFor?: Maybe<number>;
  readonly labels?: Maybe<Readonly<Record<string, string>>>;
  readonly annotations?: Maybe<Readonly<Record<string, string>>>;
  readonly health?: Maybe<string>;
  readonly lastError?: Maybe<string>;
  readonly lastEvaluation?: Maybe<string>;
  readonly alerts?: Maybe<readonly ServedAlert[]>;
}
/** A group of rules as Prometheus shows it. */
export interface ServedRuleGroup {
  readonly name: string;
  readonly file: string;
  readonly interval: number;
  readonly limit?: Maybe<number>;
  readonly rules: readonly ServedRule[];
}
const isRule = fields<ServedRule>({
  type: isText,
  name: isText,
  query: isText,
  duration: maybe(isNumber),
  keepFiringFor: maybe(isNumber),
  labels: maybe(isLabels),
  annotations: maybe(isLabels),
  health: maybe(isText),
  lastError: maybe(isText),
  lastEvaluation: maybe(isText),
  alerts: maybe(listOf(fields<ServedAlert>({ state: isText, labels: isLabels }))),
});
const isGroup = fields<ServedRuleGroup>({
  name: isText,
  file: isText,
  interval: isNumber,
  limit: maybe(isNumber),
  rules: listOf(isRule),
});
const isRuleListOrNothing = fields<{ groups: Maybe<readonly ServedRuleGroup[]> }>({
  groups: maybe(listOf(isGroup)),
});
/** The data of `/api/v1/rules`; `null` for no groups. */
export const isRuleList = (data: unknown): data is { groups: Maybe<readonly ServedRuleGroup[]> } =>
  isRuleListOrNothing(data) && 'groups' in data;

/** All rule groups that the server runs. @param type only rules of this type @throws PrometheusError, HttpFailure */
export async function ruleGroups(
  server: Server,
  type?: 'alert' | 'record',
): Promise<readonly ServedRuleGroup[]> {
  const { data } = await ask(server, 'api/v1/rules', isRuleList, {
    what: 'a list of rules',
    ...(type && { query: { type } }),
  });
  return data.groups ?? [];
}
