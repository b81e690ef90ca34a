import { describe, expect, it } from 'vitest';
import { HttpClient } from '../../../src/lib/http.ts';
import { annotate } from '../../../src/provision/grafana/annotation.ts';
import { owner } from '../../../src/provision/owner.ts';
import type { Fault } from '../../fakes/wire/faults.ts';
import { type FaultPlan, fakeTransport } from '../../fakes/wire/transport.ts';
import { desiredOf } from '../fixtures/bundle.ts';
import {
  changesOf,
  commit,
  grafanaToken,
  plan,
  prometheusPassword,
  provision,
  type Ran,
  type Stage,
  stage,
} from '../harness.ts';

const desired = desiredOf();
const only = { options: { only: 'grafana' as const } };
const none = (on: Stage): Stage => {
  on.grafana.state.datasources.splice(0);
  return on;
};

describe('the data source', () => {
  it('is missing: said, and made only when told', async () => {
    const on = none(stage());
    const env = {
      GRAFANA_DATASOURCE_URL: 'http://prometheus.railway.internal:9090',
      GRAFANA_DATASOURCE_USERNAME: 'grafana',
      GRAFANA_DATASOURCE_PASSWORD: 'ds-password-0815',
    };
    const ran = await provision(on, desired, { ...only, env });
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('there is no data source of type prometheus');
    expect(on.grafana.state.datasources).toEqual([]);

    const made = await provision(on, desired, {
      ...only,
      env,
      flags: { createDatasource: true, force: true },
    });
    expect(made.result?.code, made.output).toBe(0);
    expect(on.grafana.state.datasources).toMatchObject([
      {
        uid: 'deployment-observability',
        type: 'prometheus',
        url: 'http://prometheus.railway.internal:9090',
        secure: { basicAuthPassword: 'ds-password-0815' },
      },
    ]);
    expect(made.output).not.toContain('ds-password-0815');
    // Dashboards open on the one that was made, now and later.
    const templating = on.grafana.state.get('dashboards', 'deployment-slo')!.spec.templating;
    const { list } = templating as { list: { current?: unknown }[] };
    expect(list[0]?.current).toEqual({ text: 'Deployments (Prometheus)', value: 'deployment-observability' });
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
  });

  it('is found by uid or name, and must be of type prometheus', async () => {
    const on = stage();
    on.grafana.prometheus('other', 'Other Prometheus', () => [], false);
    for (const GRAFANA_DATASOURCE of ['other', 'Other Prometheus']) {
      const ran = await plan(on, desired, { ...only, env: { GRAFANA_DATASOURCE } });
      expect(ran.result?.plan.changes.find((c) => c.kind === 'data source')).toMatchObject({
        id: 'other',
        action: 'unchanged',
      });
    }
    const missing = await plan(on, desired, { ...only, env: { GRAFANA_DATASOURCE: 'nowhere' } });
    expect(missing.output).toContain(
      'there is no data source with the uid or name "nowhere": correct GRAFANA_DATASOURCE',
    );
    on.grafana.state.datasources.push({
      ...on.grafana.state.datasources[0]!,
      uid: 'loki',
      name: 'Loki',
      type: 'loki',
    });
    expect((await plan(on, desired, { ...only, env: { GRAFANA_DATASOURCE: 'loki' } })).output).toContain(
      'is of type loki, not prometheus',
    );
  });

  it('is not guessed among several without a default', async () => {
    const on = none(stage());
    on.grafana.prometheus('a', 'A', () => [], false);
    on.grafana.prometheus('b', 'B', () => [], false);
    const ran = await plan(on, desired, only);
    expect(ran.output).toContain('set GRAFANA_DATASOURCE to one of: A, B');
    expect(ran.result?.code).toBe(2);
  });

  it('does not answer: said, and the dashboards are applied all the same', async () => {
    const on = none(stage());
    on.grafana.prometheus('prom', 'Prometheus', undefined);
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('it is not healthy: dial tcp: lookup prometheus: no such host');
    expect(ran.result?.code).toBe(1);
    expect(on.grafana.state.all('dashboards')).toHaveLength(2);
  });

  it('asks another Prometheus than the one that got our rules', async () => {
    const on = stage('railway', {}, new Map([[commit, desired]]));
    const { datasources } = on.grafana.state;
    datasources[0] = { ...datasources[0]!, versions: () => ['0123456789ab'] };
    const first = await provision(on, desired);
    expect(first.result?.code).toBe(1);
    expect(first.output).toContain(
      'asks a Prometheus that runs version 0123456789ab: it is another one than PROMETHEUS_URL',
    );
    const second = await plan(on, desired);
    expect(second.output).toContain(
      'it asks another Prometheus than PROMETHEUS_URL, which runs version 0123456789ab',
    );
    datasources[0] = { ...datasources[0]!, versions: () => on.rules.versions() };
    expect((await provision(on, desired)).result?.code).toBe(0);
  });

  it('cannot be made without the permission', async () => {
    const on = none(stage());
    on.grafana.token(grafanaToken, { role: 'Editor' });
    const ran = await provision(on, desired, { ...only, flags: { createDatasource: true } });
    expect(ran.output).toContain(
      'may not create a data source: it needs datasources:create (the role Admin has it)',
    );
  });
});

describe('a data source that is made', () => {
  const create = { flags: { createDatasource: true } };
  const images = new Map([[commit, desired]]);
  /** Nothing there yet, and a Prometheus with a password. */
  const empty = (): Stage => {
    const on = none(stage('railway', {}, images));
    on.grafana.state.behindNew = ({ url, user, secure }) =>
      new URL(url).host === 'prometheus.example' &&
      user === 'relay' &&
      secure.basicAuthPassword === prometheusPassword
        ? () => on.rules.versions()
        : undefined;
    return on;
  };
  const outcome = (ran: Ran) => ran.result?.outcomes.find((o) => o.change.kind === 'data source');

  it('works with the address and the credentials with which the rules are proven', async () => {
    const on = empty();
    const ran = await provision(on, desired, create);
    expect(ran.result?.code, ran.output).toBe(0);
    expect(on.grafana.state.datasources).toMatchObject([
      {
        name: 'Deployments (Prometheus)',
        url: 'https://prometheus.example',
        user: 'relay',
        jsonData: { httpMethod: 'POST', timeInterval: '15s' },
        secure: { basicAuthPassword: prometheusPassword },
      },
    ]);
    expect(ran.output).not.toContain(prometheusPassword);
    expect((await plan(on, desired)).result?.code).toBe(0);
  });

  it('gets no credentials of another address', async () => {
    const on = empty();
    const env = { GRAFANA_DATASOURCE_URL: 'http://prometheus.railway.internal:9090' };
    const ran = await provision(on, desired, { ...create, env });
    expect(on.grafana.state.datasources).toMatchObject([{ user: '', secure: {} }]);
    expect(ran.result?.code).toBe(1);
    expect(outcome(ran)).toMatchObject({ state: 'failed' });
    expect(ran.output).toContain('it was made, but it is not healthy');
    expect(ran.output).toContain('set GRAFANA_DATASOURCE_URL and its credentials');
    // Everything else is there all the same.
    expect(on.grafana.state.all('dashboards')).toHaveLength(2);
  });

  it('gets a token and a tenant as headers', async () => {
    const on = stage('ruler');
    none(on);
    on.grafana.state.behindNew = () => () => on.rules.versions();
    const env = { GRAFANA_DATASOURCE_URL: 'https://mimir.internal', GRAFANA_DATASOURCE_TOKEN: 'mimir-token' };
    const ran = await provision(on, desired, { ...create, env });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(on.grafana.state.datasources[0]).toMatchObject({
      jsonData: { httpHeaderName1: 'Authorization', httpHeaderName2: 'X-Scope-OrgID' },
      secure: { httpHeaderValue1: 'Bearer mimir-token', httpHeaderValue2: 'relay' },
    });
    expect(ran.output).not.toContain('mimir-token');
  });

  it('must ask the Prometheus that got the rules', async () => {
    const on = empty();
    on.grafana.state.behindNew = () => () => ['0123456789ab'];
    const ran = await provision(on, desired, create);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('it was made, but Grafana\'s data source "Deployments (Prometheus)" asks');
    expect(ran.output).toContain('runs version 0123456789ab: it is another one than PROMETHEUS_URL');
  });

  it('before the rules are there is made with a note', async () => {
    const on = empty();
    const ran = await provision(on, desired, { ...only, ...create });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(ran.output).toMatch(/done +create data source .* it has no rules of ours/);
  });

  it('is made once by two runs', async () => {
    for (const profile of ['11', '12', '13'] as const) {
      const on = none(stage('railway', { profile }));
      const both = await Promise.all([
        provision(on, desired, { ...only, ...create }),
        provision(on, desired, { ...only, ...create }),
      ]);
      expect(both.map((ran) => ran.result?.code)).toEqual([0, 0]);
      expect(both.map((ran) => outcome(ran)?.state).sort()).toEqual(['already', 'done']);
      expect(on.grafana.state.datasources).toHaveLength(1);
    }
  });

  it.each([
    ['for another address', { uid: 'deployment-observability', name: 'X' }, 'for another address'],
    ['with its name', { uid: 'y', name: 'Deployments (Prometheus)' }, 'has another data source called'],
  ])('is left alone when one was made %s meanwhile', async (_, theirs, words) => {
    const on = empty();
    const faults: FaultPlan = (_n, { method, url }) => {
      if (method === 'POST' && url.pathname === '/api/datasources') {
        on.grafana.prometheus(theirs.uid, theirs.name, () => []);
      }
      return 'none';
    };
    const ran = await provision(on, desired, { ...only, ...create, faults });
    expect(outcome(ran)).toMatchObject({ state: 'conflict', reason: expect.stringContaining(words) });
    expect(on.grafana.state.datasources).toHaveLength(1);
  });
});

describe('the last look at the data source', () => {
  const images = new Map([[commit, desired]]);
  /** Strikes when the data source is asked after everything was applied. */
  const last =
    (on: Stage, strike: () => Fault): FaultPlan =>
    (_, { url }) =>
      on.grafana.state.annotations.length > 0 && url.pathname.startsWith('/api/datasources')
        ? strike()
        : 'none';

  it.each<[string, (on: Stage, interrupt: AbortController) => Fault, string, string]>([
    ['a web page', () => 'page instead of JSON', 'failed', 'answered with a web page'],
    ['a server that went away', () => 'refused', 'failed', 'cannot be reached'],
    [
      'an expired token',
      (on) => {
        on.grafana.token(grafanaToken, { role: 'Admin', state: 'expired' });
        return 'none';
      },
      'failed',
      'GRAFANA_TOKEN has expired',
    ],
    [
      'Ctrl-C',
      (_, interrupt) => {
        interrupt.abort();
        return 'unavailable';
      },
      'not done',
      'interrupted before it was checked',
    ],
  ])('that fails with %s does not hide what was applied', async (_, strike, state, words) => {
    for (const format of ['table', 'json'] as const) {
      const on = stage('railway', {}, images);
      const interrupt = new AbortController();
      const printed: string[] = [];
      const ran = await provision(on, desired, {
        options: { format },
        faults: last(on, () => strike(on, interrupt)),
        world: { signal: interrupt.signal, print: (text) => void printed.push(text) },
      });
      expect(ran.error).toBeUndefined();
      expect(ran.result?.code).toBe(1);
      expect(ran.result?.outcomes.map((o) => o.state)).toEqual([...Array(7).fill('done'), state]);
      expect(printed.join('\n')).toContain(words);
      if (format === 'json')
        expect((JSON.parse(printed.join('')) as { outcomes: [] }).outcomes).toHaveLength(8);
      else expect(printed.join('\n')).toContain('7 of 8 changes applied');
    }
  });
});

describe('a data source without our rules', () => {
  it.each([
    [[], 'the data source "Prometheus" has no rules of ours'],
    [['0123456789ab'], 'the data source "Prometheus" runs the rules of version 0123456789ab'],
  ])('(%o) is noted when only Grafana is asked', async (versions, words) => {
    const on = none(stage());
    on.grafana.prometheus('prom', 'Prometheus', () => versions);
    const ran = await plan(on, desired, only);
    expect(ran.result?.plan.notes.join()).toContain(words);
    expect(ran.output).toContain(`note: ${words}`);
  });
});

describe('the annotation', () => {
  const annotations = (on: Stage): string[] => on.grafana.state.annotations.map((a) => a.tags.join(' '));

  it('marks each version once, and again when an older one comes back', async () => {
    const on = stage();
    const other = desiredOf({ dashboards: desired.dashboards.map((d) => ({ ...d.spec, description: 'x' })) });
    await provision(on, desired, only);
    await provision(on, desired, only);
    on.clock.pass(60_000);
    await provision(on, other, only);
    on.clock.pass(60_000);
    await provision(on, desired, only);
    expect(annotations(on)).toEqual([
      `deployment-observability owner:Relay bundle:${desired.version}`,
      `deployment-observability owner:Relay bundle:${other.version}`,
      `deployment-observability owner:Relay bundle:${desired.version}`,
    ]);
    expect(on.grafana.state.annotations.every((a) => a.time > 1e12)).toBe(true);
  });

  it('is not made when something failed', async () => {
    const on = stage('railway', { minRefreshSeconds: 60 });
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('not everything was applied');
    expect(annotations(on)).toEqual([]);
  });

  it('that Grafana forgot is no drift', async () => {
    const on = stage();
    await provision(on, desired, only);
    on.grafana.state.annotations.splice(0);
    expect((await plan(on, desired, { options: { only: 'grafana', mode: 'verify' } })).result?.code).toBe(2);
    const verified = await provision(on, desired, { options: { only: 'grafana', mode: 'verify' } });
    expect(verified.result?.code).toBe(0);
  });
});

describe('two annotations at the same moment', () => {
  it('become one, and both runs end well', async () => {
    const on = stage();
    const { transport } = fakeTransport({ 'grafana.example': on.grafana.handler }, undefined, on.clock);
    const client = () =>
      new HttpClient({
        service: 'Grafana',
        base: new URL('https://grafana.example'),
        variable: 'GRAFANA_URL',
        headers: { authorization: `Bearer ${grafanaToken}` },
        transport,
        clock: on.clock,
      });
    const mark = { version: 'v1', owner: owner('Relay', undefined) };
    const made = await Promise.all([annotate(client(), mark, 'x'), annotate(client(), mark, 'x')]);
    // Both had looked before either had written.
    expect(made).toEqual(['done', 'done']);
    expect(on.grafana.state.annotations).toHaveLength(1);
    expect(await annotate(client(), mark, 'x')).toBe('already');
  });
});
