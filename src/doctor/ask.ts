import { type Answer, HttpClient } from '../lib/http.ts';
import {
  ask,
  query as askQuery,
  PrometheusError,
  queryRange,
  type Sample,
  type Steps,
} from '../lib/prometheus-api.ts';
import { environmentTransport } from '../lib/proxy.ts';
import { redactor } from '../lib/redact.ts';
import type { Shape } from '../lib/shapes.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import type { Vector } from '../metrics/index.ts';

/** Reads only, and impatiently: a person waits for the report. */
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
    transport: environmentTransport(env),
    timeoutMs,
    attempts,
  });
}

/** A server's answer, and the clocks on both sides. */
export interface Heard<T> {
  readonly data: T;
  /** Seconds by which the server's clock is ahead of this machine's; undefined when it does not say its time. */
  readonly ahead: number | undefined;
}

/** Whether the server refused the credentials. */
export const isRefusal = (error: unknown): error is PrometheusError =>
  error instanceof PrometheusError && (error.status === 401 || error.status === 403);

/** Reads the `data` of an answer in the envelope that Prometheus and the Pushgateway share. @throws EnvironmentFailure */
export async function hear<T>(
  client: HttpClient,
  path: string,
  shape: Shape<T>,
  query: Record<string, string> = {},
): Promise<Heard<T>> {
  const asked = Date.now();
  const { data, answer } = await ask(client, path, shape, { query });
  return { data, ahead: aheadOf(answer, (asked + Date.now()) / 2) };
}

/** The header has whole seconds: the middle of that second is the best guess. */
function aheadOf(answer: Answer, nowMs: number): number | undefined {
  const date = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : (date + 500 - nowMs) / 1000;
}

/** An instant query. @throws EnvironmentFailure */
export const query = (client: HttpClient, expr: Vector<string> | string): Promise<Sample[]> =>
  askQuery(client, String(expr));

/** When a query had its last value in a span of time, Unix seconds; undefined when it had none. @throws EnvironmentFailure */
export async function lastTime(
  client: HttpClient,
  expr: Vector<string>,
  span: Steps,
): Promise<number | undefined> {
  return (await queryRange(client, expr.text, span))[0]?.points.at(-1)?.[0];
}
