import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMoment, prometheusAt } from '../../../src/preview/options.ts';
import { liveSource } from '../../../src/preview/source.ts';

/** Headers of the last request, and what is answered next. */
let authorization: string | undefined;
let body = '';
let answer: object = {};
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer(async (request, response) => {
    authorization = request.headers.authorization;
    body = '';
    for await (const part of request) body += part;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

const ask = async (env: NodeJS.ProcessEnv) => {
  answer = { status: 'success', data: { resultType: 'vector', result: [] } };
  const { prometheus, label } = prometheusAt(`${url}/prefix`, '--prometheus', env);
  const found = await liveSource(prometheus, label).ask({ kind: 'instant', expr: 'up', time: 1 });
  return { found, label };
};

describe('credentials', () => {
  it('go to a Prometheus that is named by hand when no other is configured', async () => {
    await ask({ PROMETHEUS_TOKEN: 'secret' });
    expect(authorization).toBe('Bearer secret');
  });

  it('go to the configured Prometheus', async () => {
    await ask({ PROMETHEUS_URL: url, PROMETHEUS_USERNAME: 'me', PROMETHEUS_PASSWORD: 'p' });
    expect(authorization).toBe(`Basic ${Buffer.from('me:p').toString('base64')}`);
  });

  it('never go to another host than the configured one', async () => {
    await ask({ PROMETHEUS_URL: 'https://prometheus.example', PROMETHEUS_TOKEN: 'secret' });
    expect(authorization).toBeUndefined();
  });

  it('are not in what the page is told', async () => {
    expect((await ask({ PROMETHEUS_TOKEN: 'secret' })).label).toBe(url);
    expect(() => prometheusAt('http://me:p@host', '--prometheus', {})).toThrow(/carries a user name/);
  });
});

describe('a live Prometheus', () => {
  const source = () => liveSource(prometheusAt(url, '--prometheus', {}).prometheus, 'label', 5_000);

  it('is asked for ranges, and its points are set on the grid', async () => {
    answer = {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { a: 'b' },
            values: [
              [110, '1'],
              [130, '+Inf'],
            ],
          },
        ],
      },
    };
    const found = await source().ask({ kind: 'range', expr: 'x', start: 100, end: 130, step: 10 });
    expect(found).toEqual({
      ok: true,
      result: {
        kind: 'range',
        start: 100,
        step: 10,
        series: [{ labels: { a: 'b' }, values: [null, 1, null, Number.POSITIVE_INFINITY] }],
      },
    });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      query: 'x',
      start: '100',
      end: '130',
      step: '10',
    });
  });

  it('is asked for values of labels', async () => {
    answer = { status: 'success', data: ['b', 'a'] };
    const found = await source().ask({ kind: 'labelValues', label: 'job', match: 'up', start: 1, end: 2 });
    expect(found).toEqual({ ok: true, result: { kind: 'labelValues', values: ['b', 'a'] } });
  });

  it('has its own words shown when it refuses', async () => {
    answer = { status: 'error', error: 'parse error: nonsense' };
    const found = await source().ask({ kind: 'instant', expr: 'x', time: 1 });
    expect(found).toMatchObject({ ok: false, error: expect.stringContaining('parse error: nonsense') });
  });

  it('stands still when a moment is given', () => {
    expect([source().now(), source().frozen]).toEqual([5_000, true]);
  });
});

it.each([
  ['1768478400', 1_768_478_400_000],
  ['1768478400.5', 1_768_478_400_500],
  ['2026-01-15T12:00:00Z', 1_768_478_400_000],
])('reads the moment %s', (text, ms) => {
  expect(parseMoment(text)).toBe(ms);
});

it('refuses what is no moment', () => {
  expect(() => parseMoment('yesterday')).toThrow(/is no time/);
});
