import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { toApply } from '../../src/provision/model.ts';
import { type Fault, faultKinds } from '../fakes/wire/faults.ts';
import type { FaultPlan } from '../fakes/wire/transport.ts';
import { desiredOf } from './fixtures/bundle.ts';
import { plan, provision, type Ran, type Stage, stage } from './harness.ts';

const desired = desiredOf();
const grafanaOnly = { options: { only: 'grafana' as const } };

type Moment = 'reading' | 'writing' | 'always';
const isDashboardWrite = (method: string, path: string): boolean =>
  method === 'POST' && /\/dashboards(\/db)?$/.test(path);

/** One fault, once at the given moment, or from the first write on. */
function planOf(fault: Fault, moment: Moment): FaultPlan {
  let struck = false;
  return (n, { method, url }) => {
    if (moment === 'reading') return n === 3 ? fault : 'none';
    if (moment === 'writing' && struck) return 'none';
    if (!struck) struck = isDashboardWrite(method, url.pathname);
    return struck ? fault : 'none';
  };
}

const wellEnded = (ran: Ran): boolean => ran.result?.code === 0;
/** The words of the documentation for how a run ended. */
const word = (ran: Ran): string =>
  wellEnded(ran) ? 'completed' : ran.result ? 'stopped, said what is left' : 'stopped, nothing changed';

async function strike(
  profile: '11' | '12' | '13',
  fault: Fault,
  moment: Moment,
): Promise<{ on: Stage; ran: Ran }> {
  const on = stage('railway', { profile });
  const ran = await provision(on, desired, { ...grafanaOnly, faults: planOf(fault, moment) });
  return { on, ran };
}

/** Rows of the table of faults in the documentation: fault, and the three outcomes. */
function documented(): Map<string, string[]> {
  const lines = readFileSync(inProject('docs', 'provision.md'), 'utf8').split('\n');
  const rows = lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows
      .filter(([name]) => (faultKinds as readonly string[]).includes(name ?? ''))
      .map(([name = '', ...cells]) => [name, cells]),
  );
}

describe.each(['11', '12', '13'] as const)('Grafana %s', (profile) => {
  describe.each(faultKinds)('%s', (fault) => {
    it.each(['reading', 'writing', 'always'] as const)('%s', async (moment) => {
      const { on, ran } = await strike(profile, fault, moment);
      const { state } = on.grafana;
      const column = { reading: 0, writing: 1, always: 2 }[moment];
      expect(word(ran), ran.output).toBe(documented().get(fault)?.[column]);
      // Each object once, whether or not its answer arrived.
      expect(state.all('dashboards').length).toBeLessThanOrEqual(2);
      expect(state.annotations.length).toBeLessThanOrEqual(1);
      if (wellEnded(ran)) {
        expect(state.all('dashboards')).toHaveLength(2);
        expect(state.annotations).toHaveLength(1);
      } else {
        expect(ran.output).toMatch(
          /redirect|log-in|web page|cannot be reached|broke the connection|in time|too many requests|failed \(\d+\)|cut short/,
        );
      }
      // The next run completes it.
      const next = await provision(on, desired, grafanaOnly);
      expect(next.result?.code, next.output).toBe(0);
      expect(state.annotations).toHaveLength(1);
      expect(toApply((await plan(on, desired, grafanaOnly)).result!.plan)).toEqual([]);
    });
  });
});

describe('waiting', () => {
  it('honours Retry-After in seconds and as a date', async () => {
    for (const fault of ['too many requests, seconds', 'too many requests, date'] as const) {
      const on = stage('railway');
      const before = on.clock.now();
      await provision(on, desired, { ...grafanaOnly, faults: planOf(fault, 'reading') });
      expect(on.clock.now() - before).toBeGreaterThanOrEqual(2000);
    }
  });

  it('does not wait longer than a minute because a server asks for it', async () => {
    const on = stage('railway');
    on.grafana.token('x');
    const { handler } = on.grafana;
    const busy = {
      ...on.grafana,
      handler: (request: Parameters<typeof handler>[0]) =>
        request.path.includes('/apis/folder')
          ? { status: 429, headers: { 'retry-after': '3600' }, body: '' }
          : handler(request),
    };
    const ran = await provision(
      { ...on, grafana: busy as unknown as Stage['grafana'] },
      desired,
      grafanaOnly,
    );
    expect(ran.output).toContain('asks to wait 3600 s');
    expect(ran.result).toBeUndefined();
  });
});

describe('incidents', () => {
  it('an expired token half-way stops everything else and says what is left', async () => {
    const on = stage('railway');
    const token = on.env.GRAFANA_TOKEN ?? '';
    let writes = 0;
    const faults: FaultPlan = (_, { method, url }) => {
      if (isDashboardWrite(method, url.pathname) && ++writes === 2)
        on.grafana.token(token, { state: 'expired' });
      return 'none';
    };
    const ran = await provision(on, desired, { ...grafanaOnly, faults });
    expect(ran.result?.code).toBe(1);
    expect(ran.result?.outcomes.map((o) => `${o.state} ${o.change.kind}`)).toEqual([
      'done folder',
      'done dashboard',
      'failed dashboard',
      'not done annotation',
    ]);
    expect(ran.output).toContain('GRAFANA_TOKEN has expired');
    expect(ran.output).toContain('2 of 4 changes applied');
  });

  it('an unforeseen error does not hide what was applied', async () => {
    const on = stage('railway');
    let struck = false;
    const faults: FaultPlan = (_, { method, body = '' }) => {
      if (method === 'POST' && body.includes('"deployment-slo"')) struck = true;
      return 'none';
    };
    const clock = {
      ...on.clock,
      now: () => {
        if (!struck) return on.clock.now();
        struck = false;
        throw new TypeError('Nobody foresaw this.');
      },
    };
    const ran = await provision(on, desired, { ...grafanaOnly, faults, world: { clock } });
    expect(ran.result?.code).toBe(1);
    expect(ran.result?.outcomes.map((o) => `${o.state} ${o.change.kind}`)).toEqual([
      'done folder',
      'done dashboard',
      'unknown dashboard',
      'not done annotation',
    ]);
    expect(ran.output).toContain('This is a bug in this project, please report it.');
    expect((await provision(on, desired, grafanaOnly)).result?.code).toBe(0);
  });

  it('Ctrl-C half-way finishes what is under way, begins nothing, and says so', async () => {
    const on = stage('railway');
    const interrupt = new AbortController();
    const faults: FaultPlan = (_, { method, url }) => {
      if (method === 'POST' && url.pathname.endsWith('/folders')) interrupt.abort();
      return 'none';
    };
    const ran = await provision(on, desired, { ...grafanaOnly, faults, world: { signal: interrupt.signal } });
    expect(ran.result?.code).toBe(1);
    expect(ran.result?.outcomes.map((o) => `${o.state} ${o.change.kind}`)).toEqual([
      'done folder',
      'not done dashboard',
      'not done dashboard',
      'not done annotation',
    ]);
    expect(on.grafana.state.all('folders')).toHaveLength(1);
    expect((await provision(on, desired, grafanaOnly)).result?.code).toBe(0);
  });

  it.each(['11', '12', '13'] as const)(
    'a change between plan and apply stops that object (Grafana %s)',
    async (profile) => {
      const on = stage('railway', { profile });
      await provision(on, desired, grafanaOnly);
      const changed = desiredOf({
        dashboards: desired.dashboards.map((d) => ({ ...d.spec, description: 'new' })),
      });
      const faults: FaultPlan = (_, { method, url, body }) => {
        const writes = method === 'PUT' || (method === 'POST' && url.pathname.endsWith('/dashboards/db'));
        if (writes && (url.pathname + body).includes('deployment-slo'))
          on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'theirs' }));
        return 'none';
      };
      const ran = await provision(on, changed, { ...grafanaOnly, faults });
      expect(ran.result?.code).toBe(1);
      const states = Object.fromEntries((ran.result?.outcomes ?? []).map((o) => [o.change.id, o.state]));
      expect(states).toMatchObject({ 'deployment-pipeline': 'done', 'deployment-slo': 'conflict' });
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.description).toBe('theirs');
      expect(ran.output).toContain('1 changed meanwhile');
    },
  );

  it.each(['11', '12', '13'] as const)(
    'what is deleted between plan and apply is not made anew (Grafana %s)',
    async (profile) => {
      const on = stage('railway', { profile });
      await provision(on, desired, grafanaOnly);
      const changed = desiredOf({
        dashboards: desired.dashboards.map((d) => ({ ...d.spec, description: 'new' })),
      });
      const faults: FaultPlan = (_, { url }) => {
        // While the annotation is looked up, the plan is complete but for it.
        if (url.pathname === '/api/annotations') on.grafana.state.objects.delete('dashboards/deployment-slo');
        return 'none';
      };
      const ran = await provision(on, changed, { ...grafanaOnly, faults });
      expect(ran.result?.code).toBe(1);
      const states = Object.fromEntries((ran.result?.outcomes ?? []).map((o) => [o.change.id, o.state]));
      expect(states).toMatchObject({ 'deployment-pipeline': 'done', 'deployment-slo': 'conflict' });
      expect(on.grafana.state.get('dashboards', 'deployment-slo')).toBeUndefined();
      expect(ran.output).toContain('deleted');
    },
  );

  it.each(['11', '12', '13'] as const)(
    'an object that appears between plan and apply is left alone (Grafana %s)',
    async (profile) => {
      const on = stage('railway', { profile });
      const faults: FaultPlan = (_, { method, url }) => {
        if (method === 'POST' && url.pathname.endsWith('/folders'))
          on.grafana.edit('deployment-slo', () => ({ title: 'Theirs', panels: [], schemaVersion: 42 }));
        return 'none';
      };
      const ran = await provision(on, desired, { ...grafanaOnly, faults });
      expect(ran.result?.code).toBe(1);
      expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.title).toBe('Theirs');
    },
  );

  it('two at once make everything once, and both end well', async () => {
    for (const profile of ['11', '12', '13'] as const) {
      const on = stage('railway', { profile });
      const both = await Promise.all([
        provision(on, desired, grafanaOnly),
        provision(on, desired, grafanaOnly),
      ]);
      expect(both.map((ran) => ran.result?.code)).toEqual([0, 0]);
      expect(on.grafana.state.all('dashboards')).toHaveLength(2);
      expect(on.grafana.state.all('folders')).toHaveLength(1);
      expect(on.grafana.state.annotations).toHaveLength(1);
    }
  });
});
