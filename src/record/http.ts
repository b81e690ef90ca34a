import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Transport, TransportError } from '../lib/transport.ts';

/** A complete answer. Redirects are answers: they are not followed, because credentials stay with their host. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Largest answer that is read (default 64 KiB); a longer one is an error. */
  readonly maxBytes?: number;
}

/** No complete answer: the system's code, or TIMEOUT, ABORTED, TOO_LARGE, CUT_SHORT. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** Reads an answer to its end. */
function read(response: IncomingMessage, maxBytes: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) reject(new NoAnswer('TOO_LARGE'));
    });
    response.on('error', (error) => reject(new NoAnswer('CUT_SHORT', { cause: error })));
    response.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
}

/**
 * Sends one request with Node's plain http module: `fetch` would cost a recorder three times its start-up time.
 * @throws NoAnswer
 */
export async function send(request: Request): Promise<Answer> {
  const { method, url, headers = {}, body, timeoutMs, signal, maxBytes = 65_536 } = request;
  const { request: open } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { carefulLookup } = await import('./lookup.ts');
  const size = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  // One request a connection: what an idle connection would save is less than what its end costs.
  const client = open(url, {
    method,
    headers: { ...headers, ...size },
    agent: false,
    lookup: carefulLookup(),
  });
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      abort = () => reject(new NoAnswer('ABORTED'));
      timer = setTimeout(() => reject(new NoAnswer('TIMEOUT')), timeoutMs);
      signal?.addEventListener('abort', abort);
      client.on('error', (error) => reject(new NoAnswer(codeOf(error), { cause: error })));
      client.on('response', (response: IncomingMessage) => read(response, maxBytes).then(resolve, reject));
      if (signal?.aborted) abort();
      else client.end(body);
    });
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
    client.destroy();
  }
}

/** Of several addresses that were tried, the first one's reason. */
const codeOf = (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): string =>
  error.code ?? error.errors?.[0]?.code ?? error.message;

/** The same for clients that all commands share. Their answers are whole lists. */
export const nodeTransport: Transport = async (request) => {
  try {
    const { status, headers, body } = await send({ ...request, maxBytes: 16 * 1_048_576 });
    return { status, headers: new Headers(headers as Record<string, string>), body };
  } catch (error) {
    throw new TransportError(error instanceof NoAnswer ? error.code : String(error), { cause: error });
  }
};
