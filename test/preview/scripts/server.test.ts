import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvironmentFailure } from '../../../src/lib/errors.ts';
import type { QueryRequest } from '../../../src/panels/query.ts';
import type { PreviewState, WireAnswer } from '../../../src/panels/state.ts';
import { type PreviewServer, startServer } from '../../../src/preview/server.ts';
import { edges, everything } from '../support/dashboards.ts';
import { fakeSource, now } from '../support/fakeSource.ts';

let server: PreviewServer;
beforeAll(async () => {
  const bundle = new Map([['main.js', new TextEncoder().encode('1;')]]);
  const views = [{ dashboard: 'edges', name: 'x', search: '' }];
  server = await startServer({ source: fakeSource, bundle, views, dashboards: () => [everything, edges] });
});
afterAll(() => server.close());

const post = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${server.url}/api/query`, { method: 'POST', headers, body: JSON.stringify(body) });

/** fetch() sets the Host header itself; this does not. */
const statusWithHost = (host: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    httpRequest({ hostname, port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('the preview’s server', () => {
  it('serves the page for every dashboard, the bundle and nothing else', async () => {
    for (const path of ['/', '/d/edges', '/d/edges/any-slug?x=1']) {
      const response = await fetch(server.url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/html; charset=utf-8',
      ]);
      expect(await response.text()).toContain('<div id="root">');
    }
    const script = await fetch(`${server.url}/assets/main.js`);
    expect([script.headers.get('content-type'), await script.text()]).toEqual([
      'text/javascript; charset=utf-8',
      '1;',
    ]);
    for (const path of [
      '/assets/other.js',
      '/public/../package.json',
      '/public/fonts/x',
      '/etc/passwd',
      '/api/none',
    ])
      expect((await fetch(server.url + path)).status).toBe(404);
  });

  it('never serves files outside of the icons', async () => {
    for (const path of [
      '/public/build/img/icons/%2e%2e/%2e%2e/%2e%2e/%2e%2e/package.json',
      '/public/build/img/icons/..%2f..%2fx.svg',
    ]) {
      const response = await fetch(server.url + path);
      expect(await response.text()).toMatch(/^(Not found|<svg[^<]*\/>)$/);
    }
  });

  it('tells what there is to see', async () => {
    const state = (await (await fetch(`${server.url}/api/state`)).json()) as PreviewState;
    expect(state).toMatchObject({
      now,
      frozen: true,
      source: { kind: 'live', label: 'http://prometheus.example' },
    });
    expect(state.dashboards.map((d) => d.uid)).toEqual(['everything', 'edges']);
    expect(state.views).toHaveLength(1);
    expect(await (await fetch(`${server.url}/api/dashboards/edges`)).json()).toMatchObject({ uid: 'edges' });
    expect(await (await fetch(`${server.url}/api/dashboards/none`)).json()).toBeNull();
  });

  it('answers queries, and failures in words with status 200: the console of the page stays empty', async () => {
    const query: QueryRequest = { kind: 'instant', expr: 'success_ratio', time: now / 1_000 };
    const answer = (await (await post(query)).json()) as WireAnswer;
    expect(answer).toMatchObject({
      ok: true,
      result: { samples: [[{ environment: 'production' }, expect.any(Number)]] },
    });
    const failed = await post({ ...query, expr: 'broken(' });
    expect(failed.status).toBe(200);
    expect(await failed.json()).toMatchObject({ ok: false, error: expect.stringContaining('parse error') });
  });

  it('answers this machine only, under its own names, and only to scripts that may read it', async () => {
    expect(await statusWithHost('evil.example', '/api/state')).toBe(403);
    expect(await statusWithHost('localhost.evil.example', '/')).toBe(403);
    expect(await statusWithHost('localhost:1234', '/')).toBe(200);
    expect((await post({}, { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await fetch(`${server.url}/api/state`)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets the page load nothing from elsewhere', async () => {
    const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toContain('http');
  });

  it('tells open pages when to load again', async () => {
    const response = await fetch(`${server.url}/api/events`);
    const reader = response.body!.getReader();
    await reader.read();
    server.reload();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: reload');
    await reader.cancel();
  });

  it('says when its port is taken', async () => {
    const port = Number(new URL(server.url).port);
    const second = startServer({ source: fakeSource, bundle: new Map(), dashboards: () => [], port });
    await expect(second).rejects.toThrow(EnvironmentFailure);
    await expect(second).rejects.toThrow(/is taken/);
  });
});
