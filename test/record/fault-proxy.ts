import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The proxy's treatment of one request. */
export type Fault =
  | 'pass'
  /** Passes it on after this long. */
  | { readonly slowMs: number }
  /** Takes it and never answers. */
  | 'silent'
  /** Breaks the connection without passing it on. */
  | 'reset'
  /** Passes it on, and breaks the connection instead of answering. */
  | 'reset-after-write'
  /** Passes it on, and breaks the connection within the answer's head. */
  | 'cut-head'
  /** Passes it on, and breaks the connection within the answer's body. */
  | 'cut-body'
  /** Answers itself. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A request as it came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
  readonly atMs: number;
}

/** Stands between recorders and a gateway, and breaks what it is told to break. */
export class FaultProxy {
  /** Everything that came in. */
  readonly seen: Seen[] = [];
  /** Requests that were passed on to the gateway, in that order. */
  readonly passed: Seen[] = [];
  /** Treatment of the next requests, in order; afterwards {@link otherwise}. */
  next: Fault[] = [];
  otherwise: Fault = 'pass';
  /** The gateway's clock, as its answers show it. */
  date: Date | undefined;
  readonly #target: string;
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, answer) => void this.#handle(incoming, answer));
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => void proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets what came in, and what it was told to do. */
  reset(): void {
    this.seen.length = 0;
    this.passed.length = 0;
    this.next = [];
    this.otherwise = 'pass';
    this.date = undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const seen: Seen = {
      method: incoming.method!,
      path: incoming.url!,
      authorization: incoming.headers.authorization,
      body: Buffer.concat(chunks).toString('utf8'),
      atMs: Date.now(),
    };
    this.seen.push(seen);
    const fault = this.next.shift() ?? this.otherwise;
    if (fault === 'silent') return;
    if (fault === 'reset') return void incoming.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault)
      return void answer.writeHead(fault.status, fault.headers).end(fault.body);
    if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
    const passed = await this.#pass(seen, incoming.headers['content-type']);
    if (fault === 'reset-after-write') return void incoming.socket.destroy();
    if (fault === 'cut-head') return void incoming.socket.end('HTTP/1.1 200 OK\r\nContent-Le');
    if (fault === 'cut-body')
      return void incoming.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly the beginning');
    answer.writeHead(passed.status, this.date ? { date: this.date.toUTCString() } : {}).end(passed.body);
  }

  #pass(seen: Seen, contentType: string | undefined): Promise<{ status: number; body: string }> {
    this.passed.push(seen);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.#target}${seen.path}`,
        {
          method: seen.method,
          headers: {
            ...(contentType && { 'content-type': contentType }),
            ...(seen.authorization && { authorization: seen.authorization }),
          },
        },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            body += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode!, body }));
        },
      );
      outgoing.once('error', reject);
      outgoing.end(seen.body || undefined);
    });
  }
}
