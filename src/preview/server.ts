import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentFailure } from '../lib/errors.ts';
import {
  type Dashboard,
  encodeResult,
  type PreviewState,
  type QueryRequest,
  type WireAnswer,
} from '../panels/index.ts';
import { contentType, pageHtml, publicFile } from './assets.ts';
import type { Bundle } from './bundle.ts';
import type { RecordedView } from './recording.ts';
import type { Source } from './source.ts';

/** Content of the server. */
export interface ServerOptions {
  readonly source: Source;
  readonly bundle: Bundle;
  /** Read anew at each request: the build may have written them again. */
  readonly dashboards: () => readonly Dashboard[];
  readonly views?: readonly RecordedView[];
  /** 0 for a free one. */
  readonly port?: number;
}

/** A running preview. */
export interface PreviewServer {
  readonly url: string;
  /** Makes open pages load their dashboard again. */
  readonly reload: () => void;
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

const json = (value: unknown): Reply => ({ type: contentType('answer.json'), body: JSON.stringify(value) });
const notFound: Reply = { status: 404, type: 'text/plain; charset=utf-8', body: 'Not found' };
const refused = (why: string): Reply => ({ status: 403, type: 'text/plain; charset=utf-8', body: why });

/** A page from elsewhere must not reach a Prometheus through this server, under any name that it gave to this machine. */
const isLocal = (host: string | undefined): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? '');

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > 1_000_000) throw new Error('the request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function state({ source, dashboards, views = [] }: ServerOptions): PreviewState {
  return {
    source: { kind: source.kind, label: source.label },
    now: source.now(),
    frozen: source.frozen,
    dashboards: dashboards().map(({ uid, title, tags = [] }) => ({ uid, title, tags })),
    views,
  };
}

async function answer(options: ServerOptions, request: IncomingMessage): Promise<Reply> {
  if (!request.headers['content-type']?.startsWith('application/json')) return refused('JSON only');
  const query = JSON.parse(await readBody(request)) as QueryRequest;
  const found = await options.source.ask(query);
  const wire: WireAnswer = found.ok ? { ok: true, result: encodeResult(found.result) } : found;
  return json(wire);
}

async function route(options: ServerOptions, request: IncomingMessage): Promise<Reply> {
  if (!isLocal(request.headers.host)) return refused('This preview answers to this machine only.');
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  if (request.method === 'POST') return path === '/api/query' ? await answer(options, request) : notFound;
  if (path === '/' || path.startsWith('/d/'))
    return { type: contentType('page.html'), body: await pageHtml() };
  if (path === '/api/state') return json(state(options));
  if (path.startsWith('/api/dashboards/')) {
    const uid = path.slice('/api/dashboards/'.length);
    return json(options.dashboards().find((d) => d.uid === uid) ?? null);
  }
  const asset = path.startsWith('/assets/') ? options.bundle.get(path.slice('/assets/'.length)) : undefined;
  if (asset) return { type: contentType(path), body: asset };
  const file = path.startsWith('/public/') ? await publicFile(path.slice('/public/'.length)) : undefined;
  return file ? { type: contentType(path), body: file } : notFound;
}

/** Styles come from Grafana's packages as inline elements; everything else must come from this server. */
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

async function handle(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await route(options, request).catch((error: unknown): Reply => {
    return { status: 500, type: 'text/plain; charset=utf-8', body: (error as Error).message };
  });
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(reply.body);
}

function openEvents(listeners: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}

/** Serves the preview to this machine. @throws EnvironmentFailure when the port is taken */
export async function startServer(options: ServerOptions): Promise<PreviewServer> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url === '/api/events' && isLocal(request.headers.host)) openEvents(listeners, response);
    else void handle(options, request, response);
  });
  const port = options.port ?? 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${error.message}`;
      reject(
        new EnvironmentFailure(`Port ${port} ${why}.`, 'The preview did not start. Choose one with --port.'),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reload: () => {
      for (const listener of listeners) listener.write('event: reload\ndata: 1\n\n');
    },
    close: async () => {
      for (const listener of listeners) listener.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
