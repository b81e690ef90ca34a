import { authorization, baseUrl, joinUrl } from '../../lib/url.ts';
import { type Vector, wordsOf } from '../../metrics/index.ts';
import { type Answer, NoAnswer, send } from '../http.ts';
import { judgeNoAnswer } from '../judge.ts';
import { carried } from '../pipeline.ts';

/** One labelled value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert as Prometheus shows it. */
export interface ServedAlert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}
/** An alerting rule as Prometheus shows it. */
export interface ServedRule {
  readonly name: string;
  readonly health: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly alerts?: readonly ServedAlert[];
}

/** Prometheus could not be asked; the message is a sentence. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

const timeoutMs = 10_000;
const maxBytes = 16 * 1_048_576;

/** The few questions that the gate asks of Prometheus, over Node's plain http as everything in the recorder. */
export class GatePrometheus {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: URL, headers: Readonly<Record<string, string>>) {
    this.#base = base;
    this.#headers = headers;
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

  /** An instant query. @param seconds Unix time @throws NotAsked */
  async query(expr: Vector<string>, seconds: number): Promise<Sample[]> {
    const form = new URLSearchParams({ query: wordsOf(carried())(expr.text), time: seconds.toFixed(3) });
    const data = await this.#ask('api/v1/query', form);
    if (!isVector(data)) throw this.#notPrometheus(200);
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** The only value of a query that has one series at most. @throws NotAsked */
  async value(expr: Vector<string>, seconds: number): Promise<number | undefined> {
    return (await this.query(expr, seconds))[0]?.value;
  }

  /** All alerting rules with their alerts. @throws NotAsked */
  async alertingRules(): Promise<ServedRule[]> {
    const data = await this.#ask('api/v1/rules?type=alert');
    if (!isRules(data)) throw this.#notPrometheus(200);
    return data.groups.flatMap((group) => group.rules).filter((rule) => rule.type === 'alerting');
  }

  async #ask(path: string, form?: URLSearchParams): Promise<unknown> {
    const [pathname = '', search = ''] = path.split('?');
    const url = joinUrl(this.#base, pathname);
    url.search = search;
    const answer = await this.#send(url, form);
    const host = this.#base.host;
    if (answer.status === 401 || answer.status === 403)
      throw new NotAsked(
        `Prometheus at ${host} refused the credentials (${answer.status}): check PROMETHEUS_TOKEN, or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD.`,
      );
    const body = parsed(answer.body);
    if (body?.status === 'success' && answer.status === 200) return body.data;
    if (typeof body?.error === 'string') throw new NotAsked(`Prometheus at ${host} refused: ${body.error}`);
    throw this.#notPrometheus(answer.status);
  }

  #notPrometheus(status: number): NotAsked {
    return new NotAsked(
      `${this.#base.host} answered ${status}, which is not an answer of Prometheus: check PROMETHEUS_URL and its path prefix.`,
    );
  }

  /** Questions change nothing, so one that got no answer is asked once more. */
  async #send(url: URL, form: URLSearchParams | undefined, attempt = 1): Promise<Answer> {
    try {
      return await send({
        method: form ? 'POST' : 'GET',
        url,
        headers: {
          ...this.#headers,
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form && { body: form.toString() }),
        timeoutMs,
        maxBytes,
      });
    } catch (error) {
      if (attempt === 1) return await this.#send(url, form, 2);
      const code = error instanceof NoAnswer ? error.code : String(error);
      const verdict = judgeNoAnswer(code, url.host, 'Prometheus');
      throw new NotAsked('reason' in verdict ? verdict.reason : code);
    }
  }
}

interface VectorData {
  readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
}
interface RulesData {
  readonly groups: readonly { readonly rules: readonly (ServedRule & { type: string })[] }[];
}

/** A property of something that may be anything. */
const property = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;
const listOf = (of: unknown, name: string): readonly unknown[] | undefined => {
  const list = property(of, name);
  return Array.isArray(list) ? list : undefined;
};
const isLabels = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isVector = (data: unknown): data is VectorData =>
  listOf(data, 'result')?.every(
    (row) => isLabels(property(row, 'metric')) && typeof listOf(row, 'value')?.[1] === 'string',
  ) ?? false;

const isAlert = (alert: unknown): boolean =>
  typeof property(alert, 'state') === 'string' && isLabels(property(alert, 'labels'));
const isRules = (data: unknown): data is RulesData =>
  listOf(data, 'groups')?.every(
    (group) =>
      listOf(group, 'rules')?.every(
        (rule) => isLabels(rule) && (listOf(rule, 'alerts') ?? []).every(isAlert),
      ) ?? false,
  ) ?? false;

function parsed(text: string): { status?: string; error?: string; data?: unknown } | undefined {
  try {
    return JSON.parse(text) as { status?: string };
  } catch {
    return undefined;
  }
}
