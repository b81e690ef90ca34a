import { EnvironmentFailure } from '../lib/errors.ts';
import { type Answer, HttpClient } from '../lib/http.ts';
import { parseValue } from '../lib/prometheus.ts';
import { redactor } from '../lib/redact.ts';
import { fields, isLabels, isRecord, isText, listOf, optional, type Shape } from '../lib/shapes.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import type { Vector } from '../metrics/index.ts';

/** Reads only, and impatiently: somebody waits for the report. */
const timeoutMs = 15_000;
const attempts = 2;

/** Values that must never be shown. */
export const secretsOf = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    /TOKEN|PASSWORD|SECRET/.test(name) && value ? [value] : [],
  );

/** A client of the server that `<PREFIX>_URL` names. @throws UserError when that is no usable URL */
export function clientOf(
  service: string,
  prefix: 'PUSHGATEWAY' | 'PROMETHEUS',
  env: NodeJS.ProcessEnv,
): HttpClient {
  const variable = `${prefix}_URL`;
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  return new HttpClient({
    service,
    base: baseUrl(set[variable] ?? '', variable),
    variable,
    headers: authorization(prefix, set),
    redact: redactor(secretsOf(env)),
    timeoutMs,
    attempts,
  });
}

/** What a server answered, and the clocks on both sides. */
export interface Heard<T> {
  readonly data: T;
  /** Seconds by which the server's clock is ahead of this machine's; undefined when it does not say its time. */
  readonly ahead: number | undefined;
}

/** Refused for want of credentials. */
export class NotAuthorised extends EnvironmentFailure {}

/** Reads the `data` of an answer in the envelope that Prometheus and the Pushgateway share. @throws EnvironmentFailure also when it has another shape */
export async function hear<T>(
  client: HttpClient,
  path: string,
  shape: Shape<T>,
  query: Record<string, string> = {},
): Promise<Heard<T>> {
  const asked = Date.now();
  const answer = await client.read(path, { query });
  const { service, base, variable } = client.options;
  if (answer.status === 401 || answer.status === 403)
    throw new NotAuthorised(`${service} at ${base.host} refused the credentials (${answer.status}).`);
  const body = isRecord(answer.json) ? answer.json : {};
  if (answer.status >= 300 || body.status !== 'success')
    throw new EnvironmentFailure(
      `${service} at ${base.host} answered ${answer.status} to /${path}${isText(body.error) ? `: ${client.redact(body.error)}` : ''}. Check ${variable} and its path prefix.`,
    );
  const { data } = body;
  if (!shape(data))
    throw new EnvironmentFailure(
      `${base.host} does not answer /${path} as a ${service} does: something else is there. Check ${variable}.`,
    );
  return { data, ahead: aheadOf(answer, (asked + Date.now()) / 2) };
}

/** The header has whole seconds: the middle of that second is the best guess. */
function aheadOf(answer: Answer, nowMs: number): number | undefined {
  const date = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : (date + 500 - nowMs) / 1000;
}

/** One labelled value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Point = readonly [time: number, value: string];
interface Wire {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: Point | undefined;
    readonly values?: readonly Point[] | undefined;
  }[];
}

const isPoint = (data: unknown): data is Point =>
  Array.isArray(data) && typeof data[0] === 'number' && typeof data[1] === 'string';
const isWire: Shape<Wire> = fields({
  result: listOf(fields({ metric: isLabels, value: optional(isPoint), values: optional(listOf(isPoint)) })),
});

/** An instant query. @throws EnvironmentFailure */
export async function query(client: HttpClient, expr: Vector<string> | string): Promise<Sample[]> {
  const { data } = await hear(client, 'api/v1/query', isWire, { query: String(expr) });
  return data.result.map(({ metric, value }) => ({ labels: metric, value: parseValue(value?.[1] ?? 'NaN') }));
}

/** When a query had its last value in a span of time, Unix seconds; undefined when it had none. @throws EnvironmentFailure */
export async function lastTime(
  client: HttpClient,
  expr: Vector<string>,
  span: { readonly start: number; readonly end: number; readonly step: number },
): Promise<number | undefined> {
  const { start, end, step } = span;
  const { data } = await hear(client, 'api/v1/query_range', isWire, {
    query: expr.text,
    start: String(start),
    end: String(end),
    step: String(step),
  });
  return data.result[0]?.values?.at(-1)?.[0];
}
