import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { examine } from '../../scripts/doctor/run.ts';
import { inProject } from '../../scripts/lib/root.ts';
import { Dummies, success } from './servers.ts';

const dummies = new Dummies();
afterAll(() => dummies.close());

/** What is found where a URL leads to something else. */
async function found(env: Record<string, string>): Promise<string[]> {
  const { steps } = await examine(env, inProject('generated'));
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
