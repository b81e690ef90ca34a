import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that arrived: at which path, and what it said. */
export interface Arrival {
  readonly path: string;
  readonly body: unknown;
  /** When, milliseconds. */
  readonly arrivedAt: number;
}

/** A web server that takes whatever is posted to it, as PagerDuty, Slack and webhooks are posted to. */
export interface Inbox {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Notifications that arrived at a path. */
  at(path: string): unknown[];
  stop(): Promise<void>;
}

/** Starts an inbox on a free port. */
export async function startInbox(): Promise<Inbox> {
  const arrivals: Arrival[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      arrivals.push({ path: request.url ?? '', body: JSON.parse(text), arrivedAt: Date.now() });
      response.writeHead(request.url === '/pager' ? 202 : 200).end('{"status":"success"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    at: (path) => arrivals.filter((a) => a.path === path).map(({ body }) => body),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
