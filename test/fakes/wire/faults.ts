import { TransportError, type WireRequest } from '../../../src/lib/transport.ts';
import type { FakeResponse } from './types.ts';

/** Faults between a client and a server. `…-after` faults happen once the server has carried the request out. */
export const faultKinds = [
  'too many requests, seconds',
  'too many requests, date',
  'bad gateway page',
  'unavailable',
  'internal error',
  'gateway timeout after',
  'refused',
  'cut before',
  'cut after',
  'timeout before',
  'timeout after',
  'redirect to https',
  'redirect to login',
  'redirect to another host',
  'page instead of JSON',
  'truncated JSON',
] as const;
export type Fault = 'none' | (typeof faultKinds)[number];

/** A random number generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The time that passes while requests are made. */
export interface FakeTime {
  now(): number;
  pass(ms: number): void;
}

const page = (status: number): FakeResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status}</title></head><body>nginx</body></html>`,
});
const redirect = (location: string): FakeResponse => ({ status: 302, headers: { location }, body: '' });

function before(
  fault: Fault,
  request: WireRequest,
  time: FakeTime,
): FakeResponse | TransportError | undefined {
  switch (fault) {
    case 'too many requests, seconds':
      return { status: 429, headers: { 'retry-after': '2' }, body: '{"message":"slow down"}' };
    case 'too many requests, date':
      return { status: 429, headers: { 'retry-after': new Date(time.now() + 3000).toUTCString() }, body: '' };
    case 'bad gateway page':
      return page(502);
    case 'unavailable':
      return { status: 503, headers: { 'retry-after': '1' }, body: 'starting' };
    case 'internal error':
      return { status: 500, body: '{"message":"database is locked"}' };
    case 'refused':
      return new TransportError('ECONNREFUSED');
    case 'cut before':
      return new TransportError('ECONNRESET');
    case 'timeout before':
      time.pass(request.timeoutMs);
      return new TransportError('TIMEOUT');
    case 'redirect to https':
      return redirect(request.url.href.replace('http:', 'https:'));
    case 'redirect to login':
      return redirect('/login');
    case 'redirect to another host':
      return redirect('https://evil.example/collect');
    case 'page instead of JSON':
      return page(200);
    default:
      return undefined;
  }
}

function after(
  fault: Fault,
  request: WireRequest,
  time: FakeTime,
  real: FakeResponse,
): FakeResponse | TransportError | undefined {
  switch (fault) {
    case 'cut after':
      return new TransportError('ECONNRESET');
    case 'timeout after':
      time.pass(request.timeoutMs);
      return new TransportError('TIMEOUT');
    case 'gateway timeout after':
      return page(504);
    case 'truncated JSON':
      return real.status < 300 && real.headers?.['content-type'] === 'application/json'
        ? { ...real, body: real.body.slice(0, Math.floor(real.body.length / 2)) }
        : undefined;
    default:
      return undefined;
  }
}

/** Answer instead of the real one, at one side of the server's work; undefined to go on. */
export function faultResponse(
  fault: Fault,
  side: 'before' | 'after',
  request: WireRequest,
  time: FakeTime,
  real?: FakeResponse,
): FakeResponse | TransportError | undefined {
  if (side === 'before') return before(fault, request, time);
  return real ? after(fault, request, time, real) : undefined;
}
