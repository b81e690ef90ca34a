import { type Clock, systemClock } from './clock.ts';
import { EnvironmentFailure } from './errors.ts';
import {
  type Answer,
  broken,
  classifyResponse,
  type Final,
  HttpFailure,
  type Source,
} from './http-answer.ts';
import { waitBefore } from './patience.ts';
import { type Redact, redactor } from './redact.ts';
import { fetchTransport, type Transport, type WireRequest, type WireResponse } from './transport.ts';
import { joinUrl } from './url.ts';

export { type Answer, HttpFailure, serverWords } from './http-answer.ts';

/** A write that may or may not have been carried out, and the server could not be asked. The next run finds out. */
export class OutcomeUnknown extends EnvironmentFailure {
  constructor(message: string, cause: unknown) {
    super(message);
    this.cause = cause;
  }
}

/** The check after a lost answer found that the object was changed by others meanwhile. */
export class Superseded extends EnvironmentFailure {}

/** Content of one request. */
export interface RequestParts {
  readonly query?: Record<string, string | readonly string[]>;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; give `content-type` among the headers. */
  readonly body?: string;
  /** Expected body of a 2xx; `json` (the default) recognises answers that are cut short. Web pages are never taken. */
  readonly expect?: 'json' | 'anything';
  /** Statuses that the caller judges itself, although they usually mean passing trouble. */
  readonly final?: Final;
  /** Whether a read that timed out is made again (the default); a query that is too slow would be so again. */
  readonly repeatTimeouts?: boolean;
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
  /** How often a request is made at most. By default few times until the server has answered once, then for half a minute. */
  readonly attempts?: number;
  /** Aborted by Ctrl-C: requests that are under way finish, new ones are not made. */
  readonly signal?: AbortSignal | undefined;
}

/** A wrong address should be told at once; a server that was there and restarts comes back in half a minute. */
const attemptsAtFirst = 3;
const attemptsOnceAnswered = 7;

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
  #answered = false;
  #shields = 0;

  constructor(options: HttpOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.redact = options.redact ?? redactor([]);
  }

  /** A request that changes nothing: repeated after every passing failure. @throws HttpFailure */
  async read(path: string, parts: RequestParts & { method?: 'GET' | 'POST' } = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(parts.method ?? 'GET', path, parts);
      } catch (error) {
        const slow = error instanceof HttpFailure && error.kind === 'timeout';
        if ((slow && parts.repeatTimeouts === false) || !(await this.#again(error, attempt))) throw error;
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
        // Also after Ctrl-C: whether it was carried out is what a person then wants to know.
        const done = await this.uninterrupted(check).catch((cause: unknown) => {
          throw cause instanceof Superseded ? cause : new OutcomeUnknown(error.message, cause);
        });
        if (done !== undefined) return done;
        if (!again) throw new HttpFailure(error.kind, error.message, { passing: error.passing });
      }
    }
  }

  /** Does something that Ctrl-C must not stop half-way, such as bringing back what was there before. */
  async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    this.#shields++;
    try {
      return await work();
    } finally {
      this.#shields--;
    }
  }

  /** Exactly one request. @throws HttpFailure */
  async once(method: string, path: string, parts: RequestParts = {}): Promise<Answer> {
    const { base, headers, timeoutMs = 30_000, transport = fetchTransport } = this.options;
    if (this.#signal?.aborted)
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
      throw broken(error, this.#source);
    }
    const answer = classifyResponse(response, parts, this.#source);
    this.#answered = true;
    return answer;
  }

  get #mostAttempts(): number {
    return this.options.attempts ?? (this.#answered ? attemptsOnceAnswered : attemptsAtFirst);
  }

  get #source(): Source {
    const { service, base, variable } = this.options;
    return { service, base, variable, redact: this.redact, now: this.clock.now() };
  }

  get #signal(): AbortSignal | undefined {
    return this.#shields > 0 ? undefined : this.options.signal;
  }

  /** Waits before the next attempt. False when another attempt is of no use. */
  async #again(error: unknown, attempt: number): Promise<boolean> {
    if (!(error instanceof HttpFailure) || !error.passing || attempt >= this.#mostAttempts) return false;
    const wait = waitBefore(attempt, error.retryAfterMs, this.clock.random());
    if (wait === undefined) return false;
    await this.clock.sleep(wait, this.#signal);
    return true;
  }
}
