import { EnvironmentFailure } from './errors.ts';
import { isCertificateError, retryAfterMs } from './patience.ts';
import type { Redact } from './redact.ts';
import { stripControls } from './sanitize.ts';
import { mayHaveArrived, TransportError, type WireResponse } from './transport.ts';

/** Why no usable answer came. `interrupted` is Ctrl-C before the request was made. */
export type FailureKind =
  | 'unreachable'
  | 'timeout'
  | 'redirect'
  | 'not-json'
  | 'cut-short'
  | 'unexpected'
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

/** An answer for the caller to judge: any 2xx, and any 4xx but 429. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

/** Whom an answer came from, for the sentences about it. */
export interface Source {
  /** As people call it: `Grafana`. */
  readonly service: string;
  readonly base: URL;
  /** Variable that holds the URL; named when the URL seems wrong. */
  readonly variable: string;
  readonly redact: Redact;
  /** Unix milliseconds. */
  readonly now: number;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Classifies a request that got no answer. */
export function broken(error: unknown, { service, base }: Source): HttpFailure {
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
    passing: !isCertificateError(code),
  });
}

function tooMany(headers: Headers, where: string, now: number): HttpFailure {
  const asked = retryAfterMs(headers.get('retry-after'), now);
  const wait = asked === undefined ? '' : ` and asks to wait ${Math.ceil(asked / 1000)} s`;
  const message = `${where} says that these are too many requests${wait}.`;
  return new HttpFailure('too-many-requests', message, { passing: true, retryAfterMs: asked });
}

function failed(response: WireResponse, json: unknown, source: Source, where: string): HttpFailure {
  const { status, headers } = response;
  const said = json === undefined ? '' : serverWords({ json, text: '' }, source.redact);
  return new HttpFailure('server-error', `${where} failed (${status})${said && `: ${said}`}.`, {
    perhapsDone: true,
    passing: true,
    retryAfterMs: status === 503 ? retryAfterMs(headers.get('retry-after'), source.now) : undefined,
  });
}

/** Answers that are none of a passing failure: their statuses, or a test. */
export type Final = readonly number[] | ((status: number, json: unknown) => boolean);

interface Expected {
  readonly expect?: 'json' | 'anything';
  readonly final?: Final;
}

/**
 * Classifies a complete response.
 * @param final answers that the caller judges itself, although they usually mean a passing failure
 * @throws HttpFailure unless it is an answer that the caller can judge
 */
export function classifyResponse(
  response: WireResponse,
  { expect = 'json', final = [] }: Expected,
  source: Source,
): Answer {
  const { status, headers, body: text } = response;
  const { service, base, variable, now } = source;
  const where = `${service} at ${base.host}`;
  const json = parse(text);
  if (typeof final === 'function' ? final(status, json) : final.includes(status))
    return { status, headers, text, json };
  if (status >= 300 && status < 400) throw new HttpFailure('redirect', redirected(headers, source));
  if (status === 429) throw tooMany(headers, where, now);
  if (status >= 500) throw failed(response, json, source, where);
  // None of these APIs answers with a page.
  if (status < 300 && (/^\s*</.test(text) || /text\/html/i.test(headers.get('content-type') ?? '')))
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
  return { status, headers, text, json };
}

function redirected(headers: Headers, { service, base, variable, redact }: Source): string {
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
  return `${from} redirects to ${redact(to)}. Redirects are not followed, because credentials stay with their host: set ${variable} to the address that answers.`;
}

/** The message in an error body: `message` of Grafana and Kubernetes, `error` of Prometheus, or the text's beginning. */
export function serverWords(answer: Pick<Answer, 'json' | 'text'>, redact: Redact): string {
  const body = (answer.json ?? {}) as { message?: unknown; error?: unknown };
  const said = body.message ?? body.error;
  const text = typeof said === 'string' ? said : /^\s*</.test(answer.text) ? '' : answer.text;
  // Redacted before it is cut: half a secret would not be recognised.
  return stripControls(redact(text)).replace(/\s+/g, ' ').trim().slice(0, 300);
}
