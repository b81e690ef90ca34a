import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient, HttpFailure, OutcomeUnknown, Superseded, serverWords } from '../../src/lib/http.ts';
import { redactor } from '../../src/lib/redact.ts';
import { virtualClock } from '../fakes/wire/clock.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A real server and a client of it; waiting takes no time. */
async function serve(
  listener: RequestListener,
  options: { attempts?: number; timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const client = new HttpClient({
    service: 'Grafana',
    base: new URL(`http://127.0.0.1:${port}/prefix`),
    variable: 'GRAFANA_URL',
    headers: { authorization: 'Bearer secret-token' },
    redact: redactor(['secret-token']),
    clock,
    ...options,
  });
  return { client, clock, server, port };
}

const failure = async (work: Promise<unknown>): Promise<HttpFailure> => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(HttpFailure);
  return error as HttpFailure;
};

describe('reading', () => {
  it('keeps the path prefix, sends the credentials and parses JSON', async () => {
    const seen: string[] = [];
    const { client } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end('{"ok":true}');
    });
    expect((await client.read('api/x', { query: { a: '1 2' } })).json).toEqual({ ok: true });
    expect(seen).toEqual(['GET /prefix/api/x?a=1+2 Bearer secret-token']);
  });

  it.each([500, 502, 503, 504])('repeats after %i', async (status) => {
    let n = 0;
    const { client } = await serve((_, response) => {
      response.statusCode = ++n < 3 ? status : 200;
      response.end('{}');
    });
    expect((await client.read('x')).status).toBe(200);
    expect(client.requests).toBe(3);
  });

  it('hands other errors of the caller out, with their body', async () => {
    const { client } = await serve((_, response) => {
      response.statusCode = 403;
      response.end('{"message":"no"}');
    });
    expect(await client.read('x')).toMatchObject({ status: 403, json: { message: 'no' } });
    expect(client.requests).toBe(1);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    for (const header of ['7', 'Thu, 01 Jan 2026 00:00:07 GMT']) {
      let n = 0;
      const { client, clock } = await serve((_, response) => {
        response.statusCode = ++n === 1 ? 429 : 200;
        response.setHeader('retry-after', header);
        response.end('{}');
      });
      const before = clock.now();
      await client.read('x');
      expect(clock.now() - before).toBe(7000);
    }
  });

  it('gives up at once when asked to wait for longer than a minute', async () => {
    const { client } = await serve((_, response) => {
      response.statusCode = 429;
      response.setHeader('retry-after', '3600');
      response.end();
    });
    expect((await failure(client.read('x'))).message).toContain('asks to wait 3600 s');
    expect(client.requests).toBe(1);
  });

  it('repeats when the answer is cut in the middle of its JSON, and when the connection breaks', async () => {
    let n = 0;
    const { client } = await serve(
      (request, response) => {
        n++;
        if (n === 1) response.end('{"a":[1,2');
        else if (n === 2) {
          response.setHeader('content-length', '100');
          response.write('{"a":');
          setTimeout(() => request.socket.destroy(), 5);
        } else if (n === 3) request.socket.destroy();
        else response.end('{"a":1}');
      },
      { attempts: 5 },
    );
    expect((await client.read('x')).json).toEqual({ a: 1 });
    expect(n).toBe(4);
  });

  it('is more patient with a server that has answered before than with an address that may be wrong', async () => {
    let n = 0;
    const { client } = await serve((request, response) => {
      if (++n === 4) response.end('{}');
      else request.socket.destroy();
    });
    await failure(client.read('x'));
    expect(n).toBe(3);
    await client.read('x');
    await failure(client.read('x'));
    expect(n).toBe(11);
  });

  it('does not wait for ever', async () => {
    const { client } = await serve(() => undefined, { attempts: 2, timeoutMs: 60 });
    const error = await failure(client.read('x'));
    expect(error).toMatchObject({ kind: 'timeout', perhapsDone: true });
    expect(client.requests).toBe(2);
  });

  it('says that the port is closed', async () => {
    const { client, server } = await serve((_, response) => response.end());
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(client.read('x'));
    expect(error).toMatchObject({ kind: 'unreachable', perhapsDone: false });
    expect(error.message).toMatch(/Grafana at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
  });

  it('recognises a page that is no answer', async () => {
    const { client } = await serve((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Log in</title>');
    });
    expect((await failure(client.read('x'))).message).toContain(
      'a log-in page, or GRAFANA_URL lacks a path prefix',
    );
    expect((await failure(client.read('x', { expect: 'anything' }))).kind).toBe('not-json');
  });
});

describe('redirects', () => {
  it('are not followed: credentials stay with their host', async () => {
    const visitors: string[] = [];
    const other = await serve((request, response) => {
      visitors.push(request.headers.authorization ?? 'without');
      response.end('{}');
    });
    const { client } = await serve((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/collect?token=secret-token` });
      response.end();
    });
    for (const work of [client.read('x'), client.once('POST', 'x', { json: {} })]) {
      const error = await failure(work);
      expect(error).toMatchObject({ kind: 'redirect', perhapsDone: false, passing: false });
      expect(error.message).not.toContain('secret-token');
    }
    expect(visitors).toEqual([]);
  });

  it('to a log-in page are named as such', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(302, { location: '/login' });
      response.end();
    });
    expect((await failure(client.read('x'))).message).toContain('asks for a log-in');
  });
});

describe('writing', () => {
  /** A store with one number; the first `broken` answers get lost after the number was counted up. */
  const counting = (broken: number) => {
    const state = { count: 0, requests: 0 };
    const listener: RequestListener = (request, response) => {
      if (request.method === 'GET') {
        response.end(JSON.stringify(state));
        return;
      }
      state.count++;
      if (++state.requests <= broken) request.socket.destroy();
      else response.end(JSON.stringify(state));
    };
    return { state, listener };
  };
  const increment = (client: HttpClient, from: number) =>
    client.write<number>(
      async () => ((await client.once('POST', 'x', { json: {} })).json as { count: number }).count,
      async () => {
        const { count } = (await client.read('x')).json as { count: number };
        return count > from ? count : undefined;
      },
    );

  it('is not sent again when a lost answer turns out to have been a success', async () => {
    const { state, listener } = counting(1);
    const { client } = await serve(listener);
    expect(await increment(client, 0)).toBe(1);
    expect(state.count).toBe(1);
  });

  it('is sent again when it did not arrive', async () => {
    const { state, listener } = counting(0);
    let cut = true;
    const { client } = await serve((request, response) => {
      if (request.method === 'POST' && cut) {
        cut = false;
        request.socket.destroy();
      } else listener(request, response);
    });
    expect(await increment(client, 0)).toBe(1);
    expect(state.count).toBe(1);
  });

  it('is repeated without asking after 429, which carries nothing out', async () => {
    let n = 0;
    const methods: string[] = [];
    const { client } = await serve((request, response) => {
      methods.push(request.method ?? '');
      response.statusCode = ++n === 1 ? 429 : 200;
      response.end('{"count":1}');
    });
    await increment(client, 0);
    expect(methods).toEqual(['POST', 'POST']);
  });

  it('ends as unknown when the check fails too', async () => {
    const { client } = await serve((request) => request.socket.destroy(), { attempts: 2 });
    await expect(increment(client, 0)).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  it('stops when the check finds a change of others', async () => {
    const { client } = await serve((request) => request.socket.destroy());
    const work = client.write(
      () => client.once('POST', 'x', { json: {} }),
      async () => {
        throw new Superseded('theirs');
      },
    );
    await expect(work).rejects.toBeInstanceOf(Superseded);
    expect(client.requests).toBe(1);
  });

  it('is known not to be done when the last attempt failed and the check says so', async () => {
    const { client } = await serve(
      (request, response) =>
        request.method === 'GET' ? response.end('{"count":0}') : request.socket.destroy(),
      { attempts: 2 },
    );
    expect(await failure(increment(client, 0))).toMatchObject({ perhapsDone: false });
  });

  it('lets the caller judge a status that usually means passing trouble', async () => {
    const { client } = await serve((_, response) => {
      response.statusCode = 500;
      response.end('bad rules');
    });
    expect(await client.once('POST', 'x', { final: [500] })).toMatchObject({
      status: 500,
      text: 'bad rules',
    });
  });
});

describe('Ctrl-C', () => {
  it('lets nothing new begin, except what must not stop half-way', async () => {
    const interrupt = new AbortController();
    const { client } = await serve((_, response) => response.end('{}'), { signal: interrupt.signal });
    await client.read('x');
    interrupt.abort();
    expect((await failure(client.read('x'))).kind).toBe('interrupted');
    expect((await client.uninterrupted(() => client.read('x'))).status).toBe(200);
    expect((await failure(client.once('POST', 'x'))).kind).toBe('interrupted');
  });
});

describe('what is shown', () => {
  it('never holds a secret, however the server spells it', async () => {
    const { client } = await serve(
      (request, response) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ message: `token ${request.headers.authorization} is odd` }));
      },
      { attempts: 1 },
    );
    const { message } = await failure(client.read('x'));
    expect(message).toContain('***');
    expect(message).not.toContain('secret-token');
  });

  it('redacts before it cuts, and shows no half of a secret', () => {
    const redact = redactor(['secret-token']);
    for (let before = 285; before < 305; before++) {
      const words = serverWords({ json: { message: `${'x'.repeat(before)}secret-token` }, text: '' }, redact);
      expect(words.replaceAll('x', '')).toMatch(/^\**$/);
      expect(words.length).toBeLessThanOrEqual(300);
    }
  });

  it('redacts what is sent without the line break that its variable ends with', () => {
    expect(redactor(['secret-token\n'])('Bearer secret-token is odd')).toBe('Bearer *** is odd');
  });

  it('passes nothing on that commands a terminal', () => {
    const answer = { json: { message: 'gone\u001b[2J\u202e\r\n\tnow' }, text: '' };
    expect(serverWords(answer, redactor([]))).toBe('gone\ufffd[2J\ufffd now');
  });

  it('redacts percent-encoded and base64 forms, and leaves short values', () => {
    const redact = redactor(['p/ss word', 'ab', undefined]);
    expect(redact('p/ss word')).toBe('***');
    expect(redact(encodeURIComponent('p/ss word'))).toBe('***');
    expect(redact(Buffer.from('p/ss word').toString('base64'))).toBe('***');
    expect(redact('ab cab')).toBe('ab cab');
  });
});
