import { type Clock, systemClock } from './clock.ts';
import { EnvironmentFailure } from './errors.ts';
import { type Redact, redactor } from './redact.ts';
import {
  fetchTransport,
  mayHaveArrived,
  type Transport,
  TransportError,
  type WireRequest,
  type WireResponse,
} from './transport.ts';
import { joinUrl } from './url.ts';

/** Why no usable answer came. `interrupted` is Ctrl-C before the request was made. */
export type FailureKind =
  | 'unreachable'
  | 'timeout'
  | 'redirect'
  | 'not-json'
  | 'cut-short'
  | 'too-many-requests'
  | 'server-error'
  | 'interrupted';

/** A request without a usable answer, in words. */
export class HttpFailure extends EnvironmentFailure {
  readonly kind: FailureKind;
  /** Whether the request may have been carried out although its answer is missing. */
  readonly perhapsDone: boolean;
  /** Whether asking again may help. */
  readonly passing: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(
    kind: FailureKind,
    message: string,
    facts: { perhapsDone?: boolean; passing?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.perhapsDone = facts.perhapsDone ?? false;
    this.passing = facts.passing ?? false;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** A write that may or may not have been carried out, and the server could not be asked. The next run finds out. */
export class OutcomeUnknown extends EnvironmentFailure {
  constructor(message: string, cause: unknown) {
    super(message);
    this.cause = cause;
  }
}

/** The check after a lost answer found that somebody else has changed the object meanwhile. */
export class Superseded extends EnvironmentFailure {}

/** An answer that the caller can judge: any 2xx, and any 4xx but 429. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

/** What one request carries. */
export interface RequestParts {
  readonly query?: Record<string, string | readonly string[]>;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; give `content-type` among the headers. */
  readonly body?: string;
  /** What a 2xx must be; `json` (the default) recognises answers that are cut short. Web pages are never taken. */
  readonly expect?: 'json' | 'anything';
}

/** One server, its credentials and how patient to be with it. */
export interface HttpOptions {
  /** As people call it: `Grafana`. */
  readonly service: string;
  readonly base: URL;
  /** Variable that holds the URL; named when the URL seems wrong. */
  readonly variable: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly redact?: Redact;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
  /** How often a request is made at most. */
  readonly attempts?: number;
  /** Aborted by Ctrl-C: requests that are under way finish, new ones are not made. */
  readonly signal?: AbortSignal | undefined;
}

const baseDelayMs = 500;
/** A server that asks for more patience than this is left alone: the person who waits should know. */
export const longestWaitMs = 60_000;

/** Milliseconds of a `Retry-After` header (seconds or a date); undefined without one. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * HTTP to one server: with time limits, patient where patience is safe, never following a redirect
 * (it would carry credentials to another host, and turn a write into a read).
 */
export class HttpClient {
  /** Requests made so far, repeated ones included. */
  requests = 0;
  readonly options: HttpOptions;
  readonly clock: Clock;
  readonly redact: Redact;
  readonly #attempts: number;

  constructor(options: HttpOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.redact = options.redact ?? redactor([]);
    this.#attempts = options.attempts ?? 5;
  }

  /** A request that changes nothing: repeated after every passing failure. @throws HttpFailure */
  async read(path: string, parts: RequestParts & { method?: 'GET' | 'POST' } = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(parts.method ?? 'GET', path, parts);
      } catch (error) {
        if (!(await this.#again(error, attempt))) throw error;
      }
    }
  }

  /**
   * A request that changes something. A failure after which it may have been carried out is followed by `check`,
   * which looks at the server: what it returns is the result; undefined means "not done", and it is sent again.
   * @throws HttpFailure when it was not carried out; OutcomeUnknown when even the check could not tell;
   * Superseded when the check throws it
   */
  async write<T>(send: () => Promise<T>, check: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        const again = await this.#again(error, attempt);
        if (!(error instanceof HttpFailure) || !(again || error.perhapsDone)) throw error;
        if (!error.perhapsDone) continue;
        const done = await check().catch((cause: unknown) => {
          throw cause instanceof Superseded ? cause : new OutcomeUnknown(error.message, cause);
        });
        if (done !== undefined) return done;
        if (!again) throw new HttpFailure(error.kind, error.message, { passing: error.passing });
      }
    }
  }

  /** Exactly one request. @throws HttpFailure */
  async once(method: string, path: string, parts: RequestParts = {}): Promise<Answer> {
    const { base, headers, timeoutMs = 30_000, signal, transport = fetchTransport } = this.options;
    if (signal?.aborted)
      throw new HttpFailure('interrupted', `Interrupted before ${this.options.service} was asked.`);
    const body = parts.json === undefined ? parts.body : JSON.stringify(parts.json);
    const request: WireRequest = {
      method,
      url: joinUrl(base, path, parts.query),
      headers: {
        accept: 'application/json',
        ...(parts.json !== undefined && { 'content-type': 'application/json' }),
        ...parts.headers,
        ...headers,
      },
      timeoutMs,
      ...(body !== undefined && { body }),
    };
    this.requests++;
    let response: WireResponse;
    try {
      response = await transport(request);
    } catch (error) {
      throw this.#broken(error);
    }
    return this.#judge(response, parts.expect ?? 'json');
  }

  /** Waits before the next attempt. False when another attempt is of no use. */
  async #again(error: unknown, attempt: number): Promise<boolean> {
    if (!(error instanceof HttpFailure) || !error.passing || attempt >= this.#attempts) return false;
    const asked = error.retryAfterMs;
    if (asked !== undefined && asked > longestWaitMs) return false;
    const backoff = baseDelayMs * 2 ** (attempt - 1) * (0.5 + this.clock.random() / 2);
    await this.clock.sleep(asked ?? backoff, this.options.signal);
    return true;
  }

  #broken(error: unknown): HttpFailure {
    const { service, base } = this.options;
    const code = error instanceof TransportError ? error.code : String(error);
    if (code === 'TIMEOUT')
      return new HttpFailure('timeout', `${service} at ${base.host} did not answer in time.`, {
        perhapsDone: true,
        passing: true,
      });
    const perhapsDone = mayHaveArrived(code);
    const what = perhapsDone ? 'broke the connection' : 'cannot be reached';
    return new HttpFailure('unreachable', `${service} at ${base.host} ${what} (${code}).`, {
      perhapsDone,
      passing: !/CERT|TLS|SELF_SIGNED|LEAF_SIGNATURE/.test(code),
    });
  }

  #judge({ status, headers, body }: WireResponse, expect: 'json' | 'anything'): Answer {
    const { service, base, variable } = this.options;
    const where = `${service} at ${base.host}`;
    if (status >= 300 && status < 400) throw new HttpFailure('redirect', this.#redirected(headers));
    if (status === 429) {
      const retryAfterMs = retryAfter(headers, this.clock.now());
      const wait = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
      throw new HttpFailure('too-many-requests', `${where} says that these are too many requests${wait}.`, {
        passing: true,
        retryAfterMs,
      });
    }
    const json = parse(body);
    if (status >= 500)
      throw new HttpFailure('server-error', `${where} failed (${status})${this.#words(json)}.`, {
        perhapsDone: true,
        passing: true,
        retryAfterMs: status === 503 ? retryAfter(headers, this.clock.now()) : undefined,
      });
    // None of these APIs answers with a page, whatever else it answers with.
    if (status < 300 && (/^\s*</.test(body) || /text\/html/i.test(headers.get('content-type') ?? '')))
      throw new HttpFailure(
        'not-json',
        `${where} answered with a web page instead of data: a log-in page, or ${variable} lacks a path prefix.`,
        { perhapsDone: true },
      );
    if (status < 300 && expect === 'json' && json === undefined)
      throw new HttpFailure('cut-short', `${where} answered with JSON that is cut short.`, {
        perhapsDone: true,
        passing: true,
      });
    return { status, headers, text: body, json };
  }

  /** The server's own words, from whichever of the usual error bodies it sent. */
  #words(json: unknown): string {
    const said = (json as { message?: unknown; error?: unknown } | null | undefined) ?? {};
    const text = said.message ?? said.error;
    return typeof text === 'string' && text ? `: ${this.redact(text).slice(0, 300)}` : '';
  }

  #redirected(headers: Headers): string {
    const { service, base, variable } = this.options;
    const location = headers.get('location') ?? '';
    let target: URL | undefined;
    try {
      target = new URL(location, base);
    } catch {
      target = undefined;
    }
    const from = `${service} at ${base.host}`;
    if (target === undefined) return `${from} redirects, without saying where to. Check ${variable}.`;
    if (target.pathname.endsWith('/login'))
      return `${from} asks for a log-in: a proxy stands before it, or ${variable} is wrong.`;
    const to =
      target.host === base.host ? `${target.protocol}//${target.host}${target.pathname}` : target.origin;
    return `${from} redirects to ${this.redact(to)}. Redirects are not followed, because credentials stay with their host: set ${variable} to the address that answers.`;
  }
}

/** What a server said in an error body: `message` of Grafana and Kubernetes, `error` of Prometheus, or the text's beginning. */
export function serverWords(answer: Answer, redact: Redact): string {
  const body = (answer.json ?? {}) as { message?: unknown; error?: unknown };
  const said = body.message ?? body.error;
  const text = typeof said === 'string' ? said : /^\s*</.test(answer.text) ? '' : answer.text;
  return redact(text.replace(/\s+/g, ' ').trim().slice(0, 300));
}
