import { describe, expect, it } from 'vitest';
import type { Profile } from '../../fakes/grafana/grafana.ts';
import type { FaultPlan } from '../../fakes/wire/transport.ts';
import { dashboard, desiredOf } from '../fixtures/bundle.ts';
import { changesOf, grafanaToken, plan, provision, type Stage, stage } from '../harness.ts';

const desired = desiredOf();
const only = { options: { only: 'grafana' as const } };
const profiles: readonly Profile[] = ['11', '12', '13'];
const urls = (ran: { exchanges: readonly { method: string; url: string }[] }): string[] =>
  ran.exchanges.map((e) => `${e.method} ${new URL(e.url).pathname}`);

describe('finding out which API there is', () => {
  it.each([
    ['11', 'Grafana 11.6.4, older API', /\/api\/dashboards/],
    ['12', 'Grafana 12.3.1, API v1beta1', /\/v1beta1\//],
    ['13', 'Grafana 13.1.0, API v1', /\/v1\//],
  ] as const)('Grafana %s', async (profile, label, path) => {
    const on = stage('railway', { profile });
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain(label);
    const dashboards = urls(ran).filter((url) => url.includes('/dashboards'));
    expect(dashboards.length).toBeGreaterThan(0);
    for (const url of dashboards) expect(url).toMatch(path);
  });

  it('works below a path prefix, with a hidden version, in another organisation', async () => {
    const on = stage('railway', { prefix: '/grafana', hideVersion: true });
    on.grafana.token(grafanaToken, { role: 'Admin', org: 7 });
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(0);
    expect(urls(ran)).toContain('POST /grafana/apis/dashboard.grafana.app/v1/namespaces/org-7/dashboards');
  });

  it('waits for a server that is healthy before it serves this API', async () => {
    const on = stage('railway', { startingFor: 2 });
    expect((await provision(on, desired, only)).result?.code).toBe(0);
    const never = stage('railway', { startingFor: 1000 });
    expect((await provision(never, desired, only)).output).toContain('does not answer at /apis (404)');
  });

  it.each(['12', '13'] as const)(
    'never takes the older API of Grafana %s, whether or not it hides its version',
    async (profile) => {
      for (const hideVersion of [false, true]) {
        const starting = stage('railway', { profile, hideVersion, startingFor: 3 });
        const ran = await provision(starting, desired, only);
        expect(ran.result?.code, ran.output).toBe(0);
        expect(urls(ran).filter((url) => /\/api\/(dashboards|folders)/.test(url))).toEqual([]);
        const never = stage('railway', { profile, hideVersion, startingFor: 1000 });
        const refused = await provision(never, desired, only);
        expect(refused.output).toMatch(/Grafana 1[23]\.[\d.]+ does not answer at \/apis \(404\)/);
        expect(never.grafana.state.objects.size).toBe(0);
      }
    },
  );

  it('takes the older API of Grafana 11 that hides its version without a sign-in', async () => {
    const on = stage('railway', { profile: '11', hideVersion: true });
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('Grafana 11.6.4, older API');
    expect(ran.result?.code).toBe(0);
  });

  it('guesses nothing when no version is to be had', async () => {
    const hidden = { hideVersion: true, hideSettings: true };
    const ran = await provision(stage('railway', { ...hidden, startingFor: 3 }), desired, only);
    expect(ran.output).toContain('(Grafana, API v1)');
    const unknown = await provision(stage('railway', { ...hidden, profile: '11' }), desired, only);
    expect(unknown.output).toContain('hides its version and does not answer at /apis (404)');
    expect(unknown.output).toContain('a proxy must let /api/frontend/settings pass');
    expect(unknown.error).toMatchObject({ notDone: 'nothing was planned and nothing was changed' });
  });

  it('says that something is no Grafana', async () => {
    const on = stage();
    const ran = await provision(on, desired, {
      ...only,
      env: { GRAFANA_URL: 'https://grafana.example/wrong' },
    });
    expect(ran.output).toMatch(/is no Grafana|log-in/);
    const other = await provision(on, desired, {
      ...only,
      env: { GRAFANA_URL: 'https://prometheus.example' },
    });
    expect(other.output).toContain('https://prometheus.example/ is no Grafana: /api/health answered 404');
    expect(other.error).toMatchObject({ notDone: 'nothing was planned and nothing was changed' });
  });
});

describe('the token', () => {
  const refused = async (
    facts: Parameters<Stage['grafana']['token']>[1] | undefined,
    env = {},
  ): Promise<string> => {
    const on = stage();
    if (facts) on.grafana.token(grafanaToken, facts);
    const ran = await provision(on, desired, { ...only, env });
    expect(ran.result?.code ?? 1).toBe(1);
    return ran.output;
  };
  it('is said to be expired, revoked or unknown', async () => {
    expect(await refused({ state: 'expired' })).toContain('GRAFANA_TOKEN has expired. Make a new token');
    expect(await refused({ state: 'revoked' })).toContain('was revoked');
    expect(await refused(undefined, { GRAFANA_TOKEN: 'glc_cloud-policy-token' })).toContain(
      'Grafana Cloud access policy tokens (glc_…) do not work here',
    );
  });

  it.each(profiles)('without a permission: the answer names it (Grafana %s)', async (profile) => {
    const on = stage('railway', { profile });
    on.grafana.token(grafanaToken, { role: 'Viewer' });
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain(
      'The service account may not create a folder: it needs folders:create on folders:uid:general (the role Editor has it)',
    );
    expect(ran.output).toContain('the folder is missing');
    expect(on.grafana.state.all('dashboards')).toEqual([]);
  });

  it('of an editor is enough: data sources are found in what everybody may read', async () => {
    const on = stage();
    on.grafana.token(grafanaToken, { role: 'Editor' });
    expect((await provision(on, desired, only)).result?.code).toBe(0);
  });
});

describe('what Grafana refuses is passed on with its reason', () => {
  it.each(profiles)('a refresh that is too quick (Grafana %s)', async (profile) => {
    const on = stage('railway', { profile, minRefreshSeconds: 30 });
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain(
      'Grafana cannot create dashboards in the folder: Dashboard refresh interval is too low',
    );
    expect(ran.output).toContain('1 of 4 changes applied');
  });

  it('a schema that does not fit, with the field', async () => {
    const on = stage();
    const bad = desiredOf({ dashboards: [{ ...dashboard('bad'), panels: [{ id: 1 }] }, dashboard('good')] });
    const ran = await provision(on, bad, only);
    expect(ran.output).toContain('spec.panels[0].type must be a text');
    // The other one is made all the same.
    expect(on.grafana.state.get('dashboards', 'good')).toBeDefined();
  });
});

describe('objects of others', () => {
  it.each(profiles)('under our uid are left alone, and adopted when told (Grafana %s)', async (profile) => {
    const on = stage('railway', { profile });
    on.grafana.edit(
      'deployment-slo',
      () => ({ title: 'Theirs', panels: [], schemaVersion: 42 }),
      '',
      'user:joe',
    );
    const before = structuredClone(on.grafana.state.get('dashboards', 'deployment-slo'));
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(changesOf(ran)).toContain('adopt dashboard deployment-slo');
    expect(on.grafana.state.get('dashboards', 'deployment-slo')).toEqual({
      ...before,
      indexLag: expect.any(Number),
    });
    expect((await provision(on, desired, { ...only, flags: { adopt: true } })).result?.code).toBe(0);
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
  });

  it('that another tool manages are blocked: Git Sync, files', async () => {
    const on = stage();
    await provision(on, desired, only);
    const { state } = on.grafana;
    const slo = state.get('dashboards', 'deployment-slo')!;
    slo.annotations['grafana.app/managedBy'] = 'repo';
    expect((await provision(on, desired, only)).output).toContain('managed by Git Sync');
    slo.annotations['grafana.app/managedBy'] = 'something-unknown';
    expect((await provision(on, desired, only)).result?.code).toBe(0);
  });

  it('on an older server: provisioned from files', async () => {
    const on = stage('railway', { profile: '11' });
    on.grafana.edit('deployment-slo', () => ({ title: 'File', panels: [] }));
    on.grafana.state.get('dashboards', 'deployment-slo')!.fromFiles = true;
    expect((await provision(on, desired, only)).output).toContain('managed by provisioning from files');
  });

  it('keep their labels and annotations when we write to an object that they marked', async () => {
    const on = stage();
    await provision(on, desired, only);
    const slo = on.grafana.state.get('dashboards', 'deployment-slo')!;
    slo.labels.team = 'platform';
    slo.annotations['team/owner'] = 'maria';
    const next = desiredOf({
      dashboards: [dashboard('deployment-pipeline'), dashboard('deployment-slo', 'New')],
    });
    expect((await provision(on, next, only)).result?.code).toBe(0);
    const now = on.grafana.state.get('dashboards', 'deployment-slo')!;
    expect(now.spec.title).toBe('New');
    expect(now.labels).toMatchObject({ team: 'platform' });
    expect(now.annotations).toMatchObject({ 'team/owner': 'maria' });
  });
});

describe('edits by hand', () => {
  it.each(profiles)(
    'are shown with who made them, left alone, and undone when told (Grafana %s)',
    async (profile) => {
      const on = stage('railway', { profile });
      await provision(on, desired, only);
      on.grafana.edit('deployment-slo', (spec) => ({ ...spec, title: 'Edited' }));
      const ran = await provision(on, desired, only);
      expect(ran.result?.code).toBe(1);
      expect(ran.output).toContain('last by user:maria');
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.title).toBe('Edited');
      expect((await provision(on, desired, { ...only, flags: { force: true } })).result?.code).toBe(0);
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.title).toBe(
        'Dashboard deployment-slo',
      );
    },
  );

  it('through the older API of a new server are noticed although that wipes all notes', async () => {
    const on = stage();
    await provision(on, desired, only);
    const slo = on.grafana.state.get('dashboards', 'deployment-slo')!;
    slo.labels = {};
    slo.annotations = {};
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
    on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'x' }));
    expect(changesOf(await plan(on, desired, only))).toEqual(['edited dashboard deployment-slo']);
  });

  it('are not what a later Grafana fills in by itself', async () => {
    const on = stage('railway', { futureDefaults: true });
    expect((await provision(on, desired, only)).result?.code).toBe(0);
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
    const next = desiredOf({
      dashboards: [dashboard('deployment-pipeline'), dashboard('deployment-slo', 'New')],
    });
    expect((await provision(on, next, only)).result?.code).toBe(0);
    expect(changesOf(await plan(on, next, only))).toEqual([]);
    on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'x' }));
    expect(changesOf(await plan(on, next, only))).toEqual(['edited dashboard deployment-slo']);
  });
});

describe('pruning', () => {
  it.each(profiles)(
    'deletes what we made and no longer define, and nothing else (Grafana %s)',
    async (profile) => {
      const on = stage('railway', { profile });
      await provision(
        on,
        desiredOf({ dashboards: ['deployment-slo', 'deployment-old'].map((uid) => dashboard(uid)) }),
        only,
      );
      const ours = on.grafana.state.get('dashboards', 'deployment-old')!;
      on.grafana.edit('copy-of-old', () => structuredClone(ours.spec));
      const next = desiredOf({ dashboards: [dashboard('deployment-slo')] });
      const kept = await provision(on, next, only);
      expect(kept.output).toContain('1 no longer defined and kept (--prune deletes)');
      expect(kept.result?.code).toBe(0);
      expect((await provision(on, next, { ...only, flags: { prune: true } })).result?.code).toBe(0);
      expect(
        on.grafana.state
          .all('dashboards')
          .map((d) => d.name)
          .sort(),
      ).toEqual(['copy-of-old', 'deployment-slo']);
    },
  );

  it('does not delete a dashboard that was changed between plan and apply', async () => {
    for (const profile of profiles) {
      const on = stage('railway', { profile });
      await provision(
        on,
        desiredOf({ dashboards: ['deployment-slo', 'deployment-old'].map((uid) => dashboard(uid)) }),
        only,
      );
      let done = false;
      const faults: FaultPlan = (_, { url }) => {
        // While the annotation is looked up, the plan is complete but for it.
        if (!done && url.pathname === '/api/annotations') {
          done = true;
          on.grafana.edit('deployment-old', (spec) => ({ ...spec, description: 'still needed' }));
        }
        return 'none';
      };
      const ran = await provision(on, desiredOf({ dashboards: [dashboard('deployment-slo')] }), {
        ...only,
        flags: { prune: true },
        faults,
      });
      expect(ran.result?.outcomes.map((o) => o.state)).toContain('conflict');
      expect(on.grafana.state.get('dashboards', 'deployment-old')).toBeDefined();
    }
  });
});

describe('the folder', () => {
  it('of others with the right title is used and not touched', async () => {
    const on = stage();
    on.grafana.state.store('folders', 'abc', {
      spec: { title: 'Deployments' },
      folder: '',
      labels: {},
      annotations: {},
      by: 'x',
    });
    expect((await provision(on, desired, only)).result?.code).toBe(0);
    expect(on.grafana.state.all('folders').map((f) => f.name)).toEqual(['abc']);
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('abc');
  });

  it('is renamed when told', async () => {
    for (const profile of profiles) {
      const on = stage('railway', { profile });
      await provision(on, desired, only);
      const ran = await provision(on, desired, {
        ...only,
        env: { GRAFANA_FOLDER: 'Releases' },
        flags: { force: true },
      });
      expect(ran.result?.code).toBe(0);
      expect(on.grafana.state.get('folders', 'deployment-observability')?.spec.title).toBe('Releases');
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('deployment-observability');
    }
  });

  it.each(['12', '13'] as const)('of Git Sync is not written into (Grafana %s)', async (profile) => {
    for (const uid of ['abc', 'deployment-observability']) {
      const on = stage('railway', { profile });
      const annotations = { 'grafana.app/managedBy': 'repo', 'grafana.app/managerId': 'r' };
      const change = { spec: { title: 'Deployments' }, folder: '', labels: {}, annotations: {}, by: 'x' };
      on.grafana.state.store('folders', uid, change).stored.annotations = annotations;
      const planned = await plan(on, desired, only);
      expect(changesOf(planned)).toContain(`blocked folder ${uid}`);
      expect(planned.output).toContain('waits for the folder');
      const ran = await provision(on, desired, { ...only, flags: { force: true, adopt: true } });
      expect(ran.result?.code).toBe(1);
      expect(ran.exchanges.filter((e) => e.method !== 'GET')).toEqual([]);
      // With another title there is another folder.
      const env = { GRAFANA_FOLDER: 'Releases', GRAFANA_FOLDER_UID: 'releases' };
      expect((await provision(on, desired, { ...only, env })).result?.code).toBe(0);
    }
  });

  it('that was named by its uid is used under the title that it has', async () => {
    for (const profile of profiles) {
      const on = stage('railway', { profile });
      const team = { spec: { title: 'Team' }, folder: '', labels: {}, annotations: {}, by: 'x' };
      on.grafana.state.store('folders', 'team', team);
      const env = { GRAFANA_FOLDER_UID: 'team' };
      const ran = await provision(on, desired, { ...only, env, flags: { force: true } });
      expect(ran.result?.code).toBe(0);
      expect(ran.output).toContain('folder "Team"');
      expect(on.grafana.state.get('folders', 'team')?.spec.title).toBe('Team');
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('team');
    }
  });

  it('is not confused with one of the same title inside another folder', async () => {
    for (const profile of profiles) {
      const on = stage('railway', { profile });
      on.grafana.state.store('folders', 'team', {
        spec: { title: 'Team' },
        folder: '',
        labels: {},
        annotations: {},
        by: 'x',
      });
      on.grafana.state.store('folders', 'nested', {
        spec: { title: 'Deployments' },
        folder: 'team',
        labels: {},
        annotations: {},
        by: 'x',
      });
      await provision(on, desired, only);
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('deployment-observability');
    }
  });
});

describe('the search index lags', () => {
  it('and nothing is made twice or forgotten', async () => {
    for (const profile of profiles) {
      const on = stage('railway', { profile, searchLag: 5 });
      await provision(on, desired, only);
      expect(changesOf(await plan(on, desired, only))).toEqual([]);
    }
  });
});
