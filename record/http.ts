import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

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
  readonly body?: string;
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

/**
 * Sends one request with Node's plain http module: `fetch` would cost a recorder three times its start-up time.
 * @throws NoAnswer
 */
export async function send(request: Request): Promise<Answer> {
  const { request: open } =
    request.url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { carefulLookup } = await import('./lookup.ts');
  const { method, url, headers = {}, body, timeoutMs, signal, maxBytes = 65_536 } = request;
  return await new Promise<Answer>((resolve, reject) => {
    const timer = setTimeout(() => fail('TIMEOUT'), timeoutMs);
    const abort = (): void => fail('ABORTED');
    const client = open(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
      // One request a connection: what an idle connection would save is less than what its end costs.
      agent: false,
      lookup: carefulLookup(),
    });
    function settle(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    function fail(code: string, cause?: unknown): void {
      settle();
      client.destroy();
      reject(new NoAnswer(code, { cause }));
    }
    client.on('error', (error: NodeJS.ErrnoException) => fail(codeOf(error), error));
    client.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) fail('TOO_LARGE');
        else chunks.push(chunk);
      });
      response.on('error', (error) => fail('CUT_SHORT', error));
      response.on('end', () => {
        settle();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    client.end(body);
  });
}

/** Of several addresses that were tried, the first one's reason. */
const codeOf = (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): string =>
  error.code ?? error.errors?.[0]?.code ?? error.message;
