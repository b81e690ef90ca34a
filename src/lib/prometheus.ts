import { HttpClient } from './http.ts';
import {
  ask,
  type QueryStats,
  query,
  queryRange,
  queryStats,
  ruleGroups,
  type Sample,
  type Series,
  type ServedRuleGroup,
} from './prometheus-api.ts';
import { baseUrl } from './url.ts';

export { PrometheusError, type QueryStats, type Sample, type Series } from './prometheus-api.ts';

/** A client of one Prometheus by its address. Reads only. Every method throws PrometheusError or HttpFailure. */
export class Prometheus {
  readonly #client: HttpClient;

  /** @param url base URL, possibly with a path prefix @param headers e.g. from {@link authorization} */
  constructor(url: string, headers: Record<string, string> = {}, timeoutMs = 30_000) {
    const variable = 'PROMETHEUS_URL';
    const base = baseUrl(url, variable);
    this.#client = new HttpClient({ service: 'Prometheus', base, variable, headers, timeoutMs });
  }

  /** Any GET of the API. @returns the envelope's `data`, of which the caller knows the shape */
  async get<T>(path: string, query: Record<string, string | readonly string[]> = {}): Promise<T> {
    return (await ask(this.#client, path, (_): _ is T => true, { query })).data;
  }

  /** An instant query. @param time Unix seconds; default now */
  query(expr: string, time?: number): Promise<Sample[]> {
    return query(this.#client, expr, time);
  }

  /** A range query; the server allows 11,000 points per series. Times are Unix seconds. */
  queryRange(expr: string, start: number, end: number, step: number): Promise<Series[]> {
    return queryRange(this.#client, expr, { start, end, step });
  }

  /** Evaluation cost of an instant query. @param time Unix seconds */
  queryStats(expr: string, time: number): Promise<QueryStats> {
    return queryStats(this.#client, expr, time);
  }

  /** Evaluation cost of a range query. */
  queryRangeStats(expr: string, start: number, end: number, step: number): Promise<QueryStats> {
    return queryStats(this.#client, expr, { start, end, step });
  }

  /** All rule groups that the server runs. */
  ruleGroups(): Promise<readonly ServedRuleGroup[]> {
    return ruleGroups(this.#client);
  }

  /** Whether the server answers now that it is ready. */
  async ready(): Promise<boolean> {
    return await this.#client.once('GET', '-/ready', { expect: 'anything' }).then(
      ({ status }) => status === 200,
      () => false,
    );
  }
}
