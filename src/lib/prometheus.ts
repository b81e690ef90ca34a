import { EnvironmentFailure } from './errors.ts';
import { authorization, baseUrl, joinUrl } from './url.ts';

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

/** What evaluation of a query cost the server (`stats=all`). */
export interface QueryStats {
  readonly seconds: number;
  readonly samples: number;
}

/** A query that the server refused: its own words in `message`, HTTP status in `status`. */
export class PrometheusError extends EnvironmentFailure {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

interface Envelope<T> {
  status: 'success' | 'error';
  error?: string;
  data: T;
}
type WireSample = [number, string];
interface WireResult {
  resultType: 'vector' | 'matrix' | 'scalar' | 'string';
  result: { metric: Record<string, string>; value?: WireSample; values?: WireSample[] }[] | WireSample;
  stats?: { timings: { evalTotalTime: number }; samples: { totalQueryableSamples: number } };
}

/** A number as Prometheus writes it in JSON. */
export const parseValue = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** A client of Prometheus' HTTP API (`/api/v1`). Reads only; retries are safe and done once on a broken connection. */
export class Prometheus {
  readonly #base: URL;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;

  /** @param url base URL, possibly with a path prefix @param headers e.g. from {@link authorization} */
  constructor(url: string, headers: Record<string, string> = {}, timeoutMs = 30_000) {
    this.#base = baseUrl(url, 'PROMETHEUS_URL');
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
  }

  /** From PROMETHEUS_URL and its credentials, or undefined when it is not set. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): Prometheus | undefined {
    const url = env.PROMETHEUS_URL;
    return url ? new Prometheus(url, authorization('PROMETHEUS', env)) : undefined;
  }

  /** Any GET of the API: the envelope's `data`. @throws PrometheusError with the server's reason */
  async get<T>(path: string, query: Record<string, string | readonly string[]> = {}): Promise<T> {
    return await this.#call<T>(joinUrl(this.#base, path, query), { method: 'GET' });
  }

  /** An instant query. @param time Unix seconds; default now */
  async query(expr: string, time?: number): Promise<Sample[]> {
    const data = await this.#post('api/v1/query', {
      query: expr,
      ...(time !== undefined && { time: String(time) }),
    });
    return samples(data);
  }

  /** An instant query and what it cost. */
  async queryWithStats(expr: string, time?: number): Promise<{ samples: Sample[]; stats: QueryStats }> {
    const at = time === undefined ? {} : { time: String(time) };
    const data = await this.#post('api/v1/query', { query: expr, stats: 'all', ...at });
    return { samples: samples(data), stats: stats(data) };
  }

  /** A range query; the server allows 11,000 points per series. Times are Unix seconds. */
  async queryRange(expr: string, start: number, end: number, step: number): Promise<Series[]> {
    return series(await this.#post('api/v1/query_range', range(expr, start, end, step)));
  }

  /** A range query and what it cost. */
  async queryRangeWithStats(
    expr: string,
    start: number,
    end: number,
    step: number,
  ): Promise<{ series: Series[]; stats: QueryStats }> {
    const data = await this.#post('api/v1/query_range', { ...range(expr, start, end, step), stats: 'all' });
    return { series: series(data), stats: stats(data) };
  }

  /** True as soon as the server answers that it is ready. */
  async ready(): Promise<boolean> {
    try {
      const response = await fetch(joinUrl(this.#base, '-/ready'), {
        headers: this.#headers,
        signal: AbortSignal.timeout(2_000),
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  async #post(path: string, form: Record<string, string>): Promise<WireResult> {
    const url = joinUrl(this.#base, path);
    const data = await this.#call<WireResult>(url, { method: 'POST', body: new URLSearchParams(form) });
    if (!Array.isArray(data?.result))
      throw new PrometheusError(`${url.origin} does not answer as Prometheus does. Check the URL.`, 200);
    return data;
  }

  async #call<T>(url: URL, init: RequestInit, attempt = 1): Promise<T> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        ...init,
        headers: this.#headers,
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      // Who did not answer in time would not the second time either.
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      if (attempt === 1 && !timedOut) return await this.#call<T>(url, init, 2);
      throw new PrometheusError(`Prometheus at ${url.origin} cannot be reached: ${reason(error)}.`, 0);
    }
    let body: Partial<Envelope<T>> | null;
    try {
      body = JSON.parse(text) as Partial<Envelope<T>> | null;
    } catch {
      const hint =
        response.status === 401 ? ' Check its credentials.' : ' Check the URL and its path prefix.';
      throw new PrometheusError(
        `${url.origin} answered ${response.status} and no JSON.${hint}`,
        response.status,
      );
    }
    if (body?.status !== 'success')
      throw new PrometheusError(
        `Prometheus refused: ${body?.error ?? `status ${response.status}`}`,
        response.status,
      );
    return body.data as T;
  }
}

/** The cause of a failed fetch in words. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { code?: string; message?: string } | undefined;
  if (error.name === 'TimeoutError') return 'no answer in time';
  return cause?.code ?? (cause?.message || error.message);
}

const range = (expr: string, start: number, end: number, step: number): Record<string, string> => ({
  query: expr,
  start: String(start),
  end: String(end),
  step: String(step),
});

const stats = (data: WireResult): QueryStats => ({
  seconds: data.stats?.timings.evalTotalTime ?? 0,
  samples: data.stats?.samples.totalQueryableSamples ?? 0,
});

function samples(data: WireResult): Sample[] {
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    const [time, value] = data.result as WireSample;
    return [{ labels: {}, time, value: parseValue(value) }];
  }
  return (data.result as { metric: Record<string, string>; value?: WireSample }[]).map((r) => ({
    labels: r.metric,
    time: r.value?.[0] ?? 0,
    value: parseValue(r.value?.[1] ?? 'NaN'),
  }));
}

function series(data: WireResult): Series[] {
  return (data.result as { metric: Record<string, string>; values?: WireSample[] }[]).map((r) => ({
    labels: r.metric,
    points: (r.values ?? []).map(([time, value]) => [time, parseValue(value)] as const),
  }));
}
