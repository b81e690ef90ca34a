import { type Transport, TransportError, type WireRequest } from '../../../src/lib/transport.ts';
import { type FakeTime, type Fault, faultResponse } from './faults.ts';
import type { FakeRequest, FakeResponse, Handler } from './types.ts';

/** Fate of one request. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly fault: Fault;
  /** Whether the server carried it out. */
  readonly carriedOut: boolean;
  readonly status: number | undefined;
}

/** Decides what goes wrong with the nth request (from 1). May also do something to the world at that moment. */
export type FaultPlan = (n: number, request: WireRequest) => Fault;

const asFake = ({ method, url, headers, body }: WireRequest): FakeRequest => ({
  method,
  path: url.pathname,
  query: url.searchParams,
  headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])),
  body: body ?? '',
});

/**
 * A transport that never leaves the process: each host is a fake server.
 * @param answers what something between answers in the server's place
 * @param time what passes while requests are made: a virtual clock
 */
export function fakeTransport(
  hosts: Readonly<Record<string, Handler>>,
  faults: FaultPlan = () => 'none',
  time: FakeTime = { now: () => Date.now(), pass: () => undefined },
  answers: (request: WireRequest) => FakeResponse | undefined = () => undefined,
): { transport: Transport; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  let n = 0;
  const transport: Transport = async (request) => {
    // One turn of the event loop, so that concurrent requests do interleave.
    await new Promise((resolve) => setImmediate(resolve));
    const handler = hosts[request.url.host];
    const fault: Fault = handler ? faults(++n, request) : 'refused';
    const { method, url, headers, body = '' } = request;
    const entry = { method, url: url.href, headers, body, fault };
    time.pass(1);
    const before = handler ? faultResponse(fault, 'before', request, time) : new TransportError('ENOTFOUND');
    if (before || !handler) {
      exchanges.push({
        ...entry,
        carriedOut: false,
        status: before && 'status' in before ? before.status : undefined,
      });
      if (before instanceof TransportError) throw before;
      return toWire(before ?? { status: 500, body: '' });
    }
    const real = answers(request) ?? handler(asFake(request));
    const after = faultResponse(fault, 'after', request, time, real) ?? real;
    exchanges.push({ ...entry, carriedOut: true, status: 'status' in after ? after.status : undefined });
    if (after instanceof TransportError) throw after;
    return toWire(after);
  };
  return { transport, exchanges };
}

const toWire = (r: { status: number; headers?: Readonly<Record<string, string>>; body: string }) => ({
  status: r.status,
  headers: new Headers(r.headers),
  body: r.body,
});
