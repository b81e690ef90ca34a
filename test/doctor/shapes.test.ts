import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { examineGrafana } from '../../src/doctor/grafana.ts';
import { examine } from '../../src/doctor/run.ts';
import { inProject } from '../../src/lib/root.ts';
import { readDesired } from '../../src/provision/desired.ts';
import { FakeGrafana } from '../fakes/grafana/grafana.ts';
import { listen } from '../fakes/wire/listen.ts';
import { pipeline } from '../relay.ts';
import { Dummies, success } from './servers.ts';

const dummies = new Dummies();
afterAll(() => dummies.close());

/** Findings where a URL leads to something else. */
async function found(env: Record<string, string>): Promise<string[]> {
  const { steps } = await examine(env, inProject('generated'), pipeline);
  return steps.flatMap(({ findings }) => findings.map(({ id }) => id)).filter((id) => !id.endsWith('-unset'));
}

const odd = ['null', '[]', '{}', '"x"', '7', '[{"labels":{}}]', '{"result":{},"groups":{},"yaml":3}'];

it.each(odd.flatMap((body) => [body, success(JSON.parse(body))]))(
  'a server that answers everything with %s is found to be another one',
  { timeout: 20_000 },
  async (body) => {
    const url = await dummies.answering(200, body);
    const gateway = await found({ PUSHGATEWAY_URL: url });
    // An empty list, and a group without metrics, are what a Pushgateway may answer.
    expect(['gateway-unreachable', 'gateway-empty']).toContain(gateway[0]);
    expect(await found({ PROMETHEUS_URL: url })).toContain('prometheus-unreachable');
    expect(await found({ GRAFANA_URL: url, GRAFANA_TOKEN: 'glsa_x' })).toEqual(['grafana-unreachable']);
  },
);

it('a Prometheus whose every answer but the first is odd is found to be another one', async () => {
  const url = await dummies.serve(
    createServer((request, response) => {
      const first = request.url?.includes('buildinfo');
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(success(first ? { version: '3.0.0' } : { result: 7, groups: [null], activeTargets: [{}] }));
    }),
  );
  expect([...new Set(await found({ PROMETHEUS_URL: url }))]).toEqual(['prometheus-unreachable']);
});

it('a proxy that answers in place of Grafana is found, and where', { timeout: 60_000 }, async () => {
  const token = 'glsa_0123456789abcdef0123456789abcdef_01234567';
  const grafana = new FakeGrafana();
  grafana.token(token, { role: 'Admin' });
  grafana.prometheus('prom', 'Prometheus', () => []);
  for (const [path, body] of [
    ['/api/datasources', '{"message":"welcome"}'],
    ['/api/search', 'null'],
  ] as const) {
    const { url, stop } = await listen((request) =>
      request.path === path
        ? { status: 200, headers: { 'content-type': 'application/json' }, body }
        : grafana.handler(request),
    );
    const { findings } = await examineGrafana(
      { GRAFANA_URL: url, GRAFANA_TOKEN: token },
      readDesired(inProject('generated')),
      undefined,
    );
    await stop();
    expect(findings.map(({ id }) => id)).toEqual(['grafana-unreachable']);
    expect(findings[0]?.summary).toContain(`answered GET ${path} with something else than a list of `);
  }
});
