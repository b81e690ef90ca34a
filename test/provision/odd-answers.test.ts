import { describe, expect, it } from 'vitest';
import { EnvironmentFailure, explain } from '../../src/lib/errors.ts';
import type { FakeRequest } from '../fakes/wire/types.ts';
import { desiredOf } from './fixtures/bundle.ts';
import { provision, type Ran, type Stage, stage } from './harness.ts';

/** JSON that no endpoint of Grafana answers with. */
const odd = [
  'null',
  '[]',
  '{}',
  '"x"',
  '7',
  '[null]',
  '[{}]',
  '{"items":[null],"data":{"result":[null]},"versions":[null],"datasources":{"a":null}}',
  '{"metadata":{"name":"a","annotations":7},"dashboard":null,"meta":null,"uid":7,"title":{},"status":{},"message":[],"version":{},"database":{}}',
];
const desired = desiredOf();
const grafanaOnly = { options: { only: 'grafana' as const }, flags: { createDatasource: true } };

/** The stage with a Grafana that answers some requests with this. */
const answering = (on: Stage, which: (request: FakeRequest) => boolean, body: string): Stage => {
  const { handler } = on.grafana;
  const grafana = {
    ...on.grafana,
    handler: (request: FakeRequest) => {
      const right = handler(request);
      // The write was carried out.
      return which(request) ? { status: 200, headers: { 'content-type': 'application/json' }, body } : right;
    },
  };
  return { ...on, grafana: grafana as unknown as Stage['grafana'] };
};

/** Text for a person, whichever way it ended. */
function told({ result, error, output }: Ran): string {
  if (error !== undefined) {
    expect(error, explain(error)).toBeInstanceOf(EnvironmentFailure);
    return explain(error);
  }
  expect(result).toBeDefined();
  return output;
}

const withoutDatasource = (profile: '11' | '12' | '13'): Stage => {
  const on = stage('railway', { profile });
  on.grafana.state.datasources.length = 0;
  return { ...on, env: { ...on.env, GRAFANA_DATASOURCE_URL: 'http://prometheus:9090' } };
};
const stages = {
  'with a data source': (profile: '11' | '12' | '13') => stage('railway', { profile }),
  'without one': withoutDatasource,
};

describe.each(['11', '12', '13'] as const)('Grafana %s that answers something else', (profile) => {
  describe.each(Object.entries(stages))('%s', (_, make) => {
    it('never brings the command down, whatever it is and whichever request it answers', async () => {
      const { exchanges } = await provision(make(profile), desired, grafanaOnly);
      const asked = new Set(
        exchanges
          .filter(({ url }) => url.startsWith('https://grafana.example'))
          .map(({ method, url }) => `${method} ${new URL(url).pathname}`),
      );
      expect(asked.size).toBeGreaterThan(8);
      const bad: string[] = [];
      for (const request of asked)
        for (const body of odd) {
          const ran = await provision(
            answering(make(profile), ({ method, path }) => `${method} ${path}` === request, body),
            desired,
            grafanaOnly,
          );
          const text = told(ran);
          if (/This is a bug|TypeError|\n {4}at /.test(text)) bad.push(`${request} ${body}: ${text}`);
        }
      expect(bad).toEqual([]);
    });
  });
});

/** A request that is told by name: of which release, what it is answered with, and what that is not. */
const named: readonly (readonly ['11' | '13', method: string, path: RegExp, body: string, what: string])[] = [
  ['13', 'GET', /^\/api\/frontend\/settings$/, '{"datasources":{"a":null}}', 'its settings'],
  ['13', 'GET', /\/folders\/[^/]+$/, '{"items":[]}', 'a folder'],
  ['13', 'GET', /\/folders$/, '{}', 'a list of folders'],
  ['13', 'GET', /\/dashboards$/, '{"items":[null]}', 'a list of dashboards'],
  ['13', 'GET', /\/dashboards\/[^/]+$/, '[]', 'a dashboard'],
  ['13', 'GET', /^\/api\/search$/, '{"hits":[]}', 'a list of dashboards'],
  ['13', 'GET', /^\/api\/datasources$/, '{"datasources":[]}', 'a list of data sources'],
  ['13', 'GET', /\/api\/v1\/query$/, '{"data":{"result":[null]}}', "Prometheus' answer to a query"],
  ['13', 'GET', /^\/api\/annotations$/, '{"annotations":[]}', 'a list of annotations'],
  ['11', 'GET', /^\/api\/folders\/[^/]+$/, '[]', 'a folder'],
  ['11', 'GET', /^\/api\/folders$/, '{"folders":[]}', 'a list of folders'],
  ['11', 'GET', /^\/api\/dashboards\/uid\/[^/]+$/, '{"dashboard":{}}', 'a dashboard'],
];

it.each(named)(
  'names the request and what was expected: Grafana %s, %s %s',
  async (profile, method, path, body, what) => {
    let asked = '';
    const on = answering(
      stage('railway', { profile }),
      (request) => {
        const matches = request.method === method && path.test(request.path);
        if (matches) asked ||= request.path;
        return matches;
      },
      body,
    );
    const ran = await provision(on, desired, grafanaOnly);
    expect(ran.result).toBeUndefined();
    expect(told(ran)).toBe(
      `Grafana at grafana.example answered ${method} ${asked} with something else than ${what}. Check GRAFANA_URL and its path prefix, and what stands between.\n  Not done: nothing was planned and nothing was changed`,
    );
  },
);

it('finds out what became of a write that was answered with something else', async () => {
  const on = stage('railway', { profile: '13' });
  const write = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/dashboards');
  const ran = await provision(answering(on, write, '[]'), desired, grafanaOnly);
  expect(ran.result?.code, ran.output).toBe(0);
  expect(on.grafana.state.all('dashboards')).toHaveLength(2);
});

describe('a Prometheus that answers something else', () => {
  const prometheusOnly = { options: { only: 'prometheus' as const, mode: 'plan' as const } };
  const oddly = async (path: string, body: string): Promise<Ran> => {
    const on = stage('railway');
    const { handler } = on.rules;
    const rules = {
      ...on.rules,
      handler: (request: FakeRequest) =>
        request.path === path
          ? { status: 200, headers: { 'content-type': 'application/json' }, body }
          : handler(request),
    };
    return await provision({ ...on, rules: rules as unknown as Stage['rules'] }, desired, prometheusOnly);
  };

  it.each(['/api/v1/rules', '/api/v1/query', '/api/v1/format_query'])(
    'never brings the command down: %s',
    async (path) => {
      for (const body of [...odd, '{"data":{"groups":[{"name":"a","rules":null}]}}'])
        expect(told(await oddly(path, body)), body).not.toMatch(/This is a bug|TypeError/);
    },
  );

  it('is told by the request', async () => {
    expect(told(await oddly('/api/v1/rules', '{"data":{"groups":[null]}}'))).toContain(
      'Prometheus at prometheus.example answered GET /api/v1/rules with something else than a list of rules. Check PROMETHEUS_URL and its path prefix.',
    );
  });
});
