import { describe, expect, it } from 'vitest';
import { dashboard, desiredOf } from '../fixtures/bundle.ts';
import { changesOf, grafanaToken, plan, provision, stage } from '../harness.ts';

const desired = desiredOf();
const only = { options: { only: 'grafana' as const } };

describe('Grafana 12', () => {
  it.each(['sql', 'unified'] as const)(
    'is provisioned with the storage %s, and a second run changes nothing',
    async (storage) => {
      const on = stage('railway', { profile: '12', storage });
      const ran = await provision(on, desired, only);
      expect(ran.result?.code, ran.output).toBe(0);
      expect(changesOf(await plan(on, desired, only))).toEqual([]);
      const fewer = desiredOf({ dashboards: [dashboard('deployment-slo')] });
      expect((await provision(on, fewer, { ...only, flags: { prune: true } })).result?.code).toBe(0);
      expect(on.grafana.state.all('dashboards').map((d) => d.name)).toEqual(['deployment-slo']);
    },
  );
});

describe('Grafana 13', () => {
  it('that restores a dashboard from the trash counts anew: an edit is still seen', async () => {
    const on = stage();
    await provision(on, desired, only);
    const { state } = on.grafana;
    // Applied, and so counted, once more: the note says 2.
    const next = desiredOf({
      dashboards: [dashboard('deployment-slo', 'Second'), dashboard('deployment-pipeline')],
    });
    await provision(on, next, only);
    expect(state.get('dashboards', 'deployment-slo')?.generation).toBe(2);
    state.remove('dashboards', 'deployment-slo');
    state.restore('deployment-slo');
    expect(changesOf(await plan(on, next, only))).toEqual([]);
    on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'by hand' }));
    expect(state.get('dashboards', 'deployment-slo')?.generation).toBe(2);
    expect(changesOf(await plan(on, next, only))).toEqual(['edited dashboard deployment-slo']);
  });

  it('and one that was edited, deleted and restored, too', async () => {
    const on = stage();
    await provision(on, desired, only);
    on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'by hand' }));
    on.grafana.state.remove('dashboards', 'deployment-slo');
    on.grafana.state.restore('deployment-slo');
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.generation).toBe(1);
    expect(changesOf(await plan(on, desired, only))).toEqual(['edited dashboard deployment-slo']);
  });

  it('that loses the second note of a new dashboard still knows it as ours', async () => {
    const on = stage('railway', { futureDefaults: true });
    const ran = await provision(on, desired, {
      ...only,
      faults: (_, { method, url }) =>
        method === 'PUT' && url.pathname.includes('/dashboards/') ? 'internal error' : 'none',
    });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
  });
});

describe('Grafana 11', () => {
  it('before 11.4 takes a title once in a folder, and the answer says so', async () => {
    const on = stage('railway', { profile: '11', release: '11.2.0' });
    await provision(on, desired, only);
    const title = 'Dashboard deployment-slo';
    on.grafana.edit('theirs', () => ({ title: 'New', panels: [] }), 'deployment-observability');
    const next = desiredOf({
      dashboards: [dashboard('deployment-pipeline'), dashboard('deployment-slo', 'New')],
    });
    const ran = await provision(on, next, only);
    expect(ran.output).toContain('another dashboard in the folder has the title "New"');
    expect(ran.output).not.toContain('changed since the plan');
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.title).toBe(title);
    const later = stage('railway', { profile: '11', release: '11.4.0' });
    later.grafana.edit('theirs', () => ({ title, panels: [] }), 'deployment-observability');
    expect((await provision(later, desired, only)).result?.code).toBe(0);
  });

  it.each([
    ['nothing', () => ({}), 'answered POST /api/dashboards/db with something else than what was saved'],
    ['another version', () => ({ uid: 'deployment-slo', version: 9 }), undefined],
  ] as const)('that says %s when it saves is not believed', async (_, body, words) => {
    const on = stage('railway', { profile: '11' });
    const ran = await provision(on, desiredOf({ dashboards: [dashboard('deployment-slo')] }), {
      ...only,
      // The answer, and what it did not do.
      answers: ({ method, url }) =>
        method === 'POST' && url.pathname === '/api/dashboards/db'
          ? { status: 200, body: JSON.stringify(body()) }
          : undefined,
    });
    expect(ran.result?.code, ran.output).toBe(1);
    if (words) expect(ran.output).toContain(words);
    else expect(ran.output).toContain('said that it was saved, and does not have it');
  });
});

describe.each(['11', '12', '13'] as const)('a token that is bound to one folder (Grafana %s)', (profile) => {
  const folder = { GRAFANA_FOLDER_UID: 'team' };
  const made = () => {
    const on = stage('railway', { profile });
    on.grafana.state.store('folders', 'team', {
      spec: { title: 'Team' },
      folder: '',
      labels: {},
      annotations: {},
      by: 'x',
    });
    on.grafana.token(grafanaToken, { role: 'Editor', folder: 'team' });
    return on;
  };
  it('provisions it, and says that it may not annotate', async () => {
    const on = made();
    const ran = await provision(on, desired, { ...only, env: folder });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(ran.output).toContain('left out: The service account may not write annotations');
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('team');
  });
  it('is told of a dashboard that it may not read', async () => {
    const on = made();
    on.grafana.edit('deployment-slo', () => ({ title: 'Theirs', panels: [] }), 'elsewhere');
    const ran = await provision(on, desired, { ...only, env: folder });
    expect(ran.output).toContain('The service account may not read dashboards');
    expect(changesOf(ran)).toContain('blocked dashboard deployment-slo');
    expect(on.grafana.state.get('dashboards', 'deployment-pipeline')).toBeDefined();
  });
});

describe('limits', () => {
  it.each(['11', '13'] as const)('a quota that is used up is passed on (Grafana %s)', async (profile) => {
    const on = stage('railway', { profile, quota: 1 });
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain("Grafana's quota is used up");
    expect(on.grafana.state.all('dashboards')).toHaveLength(1);
  });

  it('a clock that is an hour ahead here does not annotate at every run', async () => {
    const on = stage();
    const later = desiredOf({ dashboards: [dashboard('deployment-slo')] });
    on.grafana.state.now = () => on.clock.now() - 3_600_000;
    await provision(on, desired, only);
    // Another machine, whose clock is right.
    on.grafana.state.now = () => on.clock.now();
    on.clock.pass(60_000);
    for (let i = 0; i < 3; i++) await provision(on, later, only);
    expect(on.grafana.state.annotations.map((a) => a.tags.at(-1))).toEqual([
      `bundle:${desired.version}`,
      `bundle:${later.version}`,
    ]);
  });

  it('an older bundle over a newer one is told', async () => {
    const on = stage();
    const newer = desiredOf({
      dashboards: [dashboard('deployment-slo', 'Newer'), dashboard('deployment-pipeline')],
    });
    await provision(on, desired, only);
    on.clock.pass(60_000);
    expect((await plan(on, newer, only)).output).not.toContain('is an older one');
    await provision(on, newer, only);
    expect((await plan(on, desired, only)).output).toContain(
      `version ${desired.version} is an older one: it was applied at 2026-01-05T12:00`,
    );
  });

  it.each([
    [401, { 'www-authenticate': 'Basic realm="x"' }, 'It asks for Basic authentication of its own'],
    [403, {}, 'A proxy before Grafana at grafana.example refused the request (403), not Grafana'],
  ] as const)('a proxy that refuses with %i is not taken for Grafana', async (status, headers, words) => {
    const ran = await provision(stage(), desired, {
      ...only,
      answers: ({ url }) =>
        url.pathname.startsWith('/apis/') ? { status, headers, body: 'Forbidden by the gateway' } : undefined,
    });
    expect(ran.output).toContain(words);
    expect(ran.output).toContain('GRAFANA_TOKEN never got there');
  });
});
