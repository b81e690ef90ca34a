import { EnvironmentFailure } from '../../lib/errors.ts';
import { HttpClient } from '../../lib/http.ts';
import { query, ruleGroups, type Sample, type ServedRule } from '../../lib/prometheus-api.ts';
import { redactor } from '../../lib/redact.ts';
import { authorization, baseUrl } from '../../lib/url.ts';
import { readsOf, type Vector, wordsOf } from '../../metrics/index.ts';
import { nodeTransport } from '../http.ts';
import { carried } from '../pipeline.ts';

export type { Sample, ServedRule } from '../../lib/prometheus-api.ts';

/** Prometheus could not be asked; the message is a sentence. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

/** Prometheus as the gate asks it: twice, and soon. */
export class GatePrometheus {
  readonly #client: HttpClient;

  constructor(base: URL, headers: Readonly<Record<string, string>>) {
    this.#client = new HttpClient({
      service: 'Prometheus',
      base,
      variable: 'PROMETHEUS_URL',
      headers,
      redact: redactor(Object.values(headers)),
      transport: nodeTransport,
      timeoutMs: 10_000,
      attempts: 2,
    });
  }

  /** From PROMETHEUS_URL and its credentials. @throws NotAsked when they are not set or wrong */
  static of(env: NodeJS.ProcessEnv): GatePrometheus {
    const set = Object.fromEntries(
      Object.entries(env).filter(([name, value]) => name.startsWith('PROMETHEUS_') && value?.trim()),
    );
    if (!set.PROMETHEUS_URL) throw new NotAsked('PROMETHEUS_URL is not set.');
    try {
      const base = baseUrl(set.PROMETHEUS_URL.trim(), 'PROMETHEUS_URL');
      return new GatePrometheus(base, authorization('PROMETHEUS', set));
    } catch (error) {
      const { message, fix } = error as Error & { fix?: string };
      throw new NotAsked(fix ? `${message} ${fix}` : message);
    }
  }

  /** An instant query. @param seconds Unix time; undefined for now, by the server's clock @throws NotAsked */
  async query(expr: Vector<string>, seconds: number | undefined): Promise<Sample[]> {
    const pipeline = carried();
    const promql = readsOf(pipeline)(wordsOf(pipeline)(expr.text));
    return await this.#ask(() => query(this.#client, promql, seconds));
  }

  /** The only value of a query that has one series at most. @throws NotAsked */
  async value(expr: Vector<string>, seconds: number | undefined): Promise<number | undefined> {
    return (await this.query(expr, seconds))[0]?.value;
  }

  /** All alerting rules with their alerts. @throws NotAsked */
  async alertingRules(): Promise<ServedRule[]> {
    const groups = await this.#ask(() => ruleGroups(this.#client, 'alert'));
    return groups.flatMap(({ rules }) => rules).filter(({ type }) => type === 'alerting');
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof EnvironmentFailure) throw new NotAsked(error.message);
      throw error;
    }
  }
}
