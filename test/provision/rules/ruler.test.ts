import { describe, expect, it } from 'vitest';
import { FakeRuler } from '../../fakes/ruler/ruler.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { changesOf, plan, provision, type Stage, stage } from '../harness.ts';

const only = { options: { only: 'prometheus' as const } };
const namespace = 'deployment-observability';
const marker = 'deployment-applied';
const groupsOf = (on: Stage): string[] =>
  [...(on.ruler.namespaces.get(namespace)?.keys() ?? [])].filter((name) => name !== marker);
const large = (rules: number): string =>
  `groups:\n  - name: large\n    interval: 15s\n    rules:\n${Array.from({ length: rules }, (_, i) => `      - { record: "r:${i}", expr: "up + ${i}" }\n`).join('')}`;

describe('a ruler', () => {
  it.each(['mimir', 'cortex'] as const)(
    'gets one group per request, and proves them (%s)',
    async (flavour) => {
      const on = stage('ruler');
      const ruler = new FakeRuler(on.rules, { flavour, tenant: 'relay' });
      const at: Stage = { ...on, ruler };
      const env: Record<string, string> = flavour === 'cortex' ? { RULER_URL: 'https://mimir.example' } : {};
      const ran = await provision(at, desiredOf(), { ...only, env });
      expect(ran.result?.code, ran.output).toBe(0);
      expect(ruler.posts).toEqual([marker, 'alerts', 'ledger', 'deployment-bundle', marker]);
      expect(changesOf(await plan(at, desiredOf(), { ...only, env }))).toEqual([]);
      const again = await provision(at, desiredOf(), { ...only, env });
      expect(again.exchanges.filter((e) => e.method === 'POST' && e.url.includes('/rules'))).toEqual([]);
    },
  );

  it('posts only what changed, the version last', async () => {
    const on = stage('ruler');
    await provision(on, desiredOf(), only);
    on.ruler.posts.splice(0);
    const next = desiredOf({
      rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('1m', '2m') },
    });
    expect((await provision(on, next, only)).result?.code).toBe(0);
    expect(on.ruler.posts).toEqual([marker, 'alerts', 'deployment-bundle', marker]);
  });

  it('splits groups that it would not take, and says so', async () => {
    const on = stage('ruler');
    const ran = await provision(on, desiredOf({ rules: { 'large.yml': large(45) } }), only);
    expect(ran.output).toContain('group large has 45 rules, the ruler takes 20: it is split');
    expect(ran.result?.code).toBe(0);
    expect(groupsOf(on).sort()).toEqual(['deployment-bundle', 'large', 'large.2', 'large.3']);
    // Fewer rules later: the parts that are left over go with --prune.
    const smaller = desiredOf({ rules: { 'large.yml': large(21) } });
    expect((await provision(on, smaller, only)).output).toContain('1 no longer defined and kept');
    expect((await provision(on, smaller, { ...only, flags: { prune: true } })).result?.code).toBe(0);
    expect(groupsOf(on).sort()).toEqual(['deployment-bundle', 'large', 'large.2']);
  });

  it('refuses before it writes when the tenant would have too many groups, those of others included', async () => {
    const on = stage('ruler');
    const parts = { ...only, env: { RULER_MAX_GROUPS: '6' } };
    const wanted = desiredOf({ rules: { 'large.yml': large(45) } });
    const theirs = (name: string) => ({ name, rules: [{ record: 'x:y', expr: 'up' }] });
    on.ruler.put('theirs', [theirs('a')]);
    on.ruler.put('others', [theirs('b')]);
    const ran = await provision(on, wanted, parts);
    expect(ran.output).toContain(
      `The ruler takes 6 rule groups of a tenant, and there would be 7: 5 in the namespace ${namespace} and 2 in others.`,
    );
    expect(on.ruler.posts).toEqual([]);
    on.ruler.namespaces.delete('others');
    expect((await provision(on, wanted, parts)).result?.code).toBe(0);
  });

  it('leaves other namespaces and other people’s groups in ours alone', async () => {
    const on = stage('ruler');
    on.ruler.put('theirs', [{ name: 'ledger', rules: [{ record: 'x:y', expr: 'up' }] }]);
    on.ruler.put(namespace, [{ name: 'ledger', rules: [{ record: 'x:y', expr: 'up' }] }]);
    const refused = await provision(on, desiredOf(), only);
    expect(refused.output).toContain('ledger exists and was not made by us');
    expect(on.ruler.posts).toEqual([]);
    const adopted = await provision(on, desiredOf(), { ...only, flags: { adopt: true, prune: true } });
    expect(adopted.result?.code, adopted.output).toBe(0);
    expect([...(on.ruler.namespaces.get('theirs') ?? [])]).toHaveLength(1);
  });

  it('puts the groups from before back when the proof fails, and names the rule', async () => {
    const on = stage('ruler');
    await provision(on, desiredOf(), only);
    const before = JSON.stringify([...(on.ruler.namespaces.get(namespace) ?? [])].sort());
    on.rules.broken.set('DeploymentFailed', 'found duplicate series for the match group');
    const next = desiredOf({
      rules: {
        'ledger.yml': ledgerRules,
        'alerts.yml': alertRules.replace('== 2', '== 3'),
        'new.yml': large(3),
      },
    });
    const ran = await provision(on, next, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('alerts › DeploymentFailed cannot be evaluated: found duplicate series');
    expect(ran.output).toContain('The rule groups from before were put back.');
    expect(JSON.stringify([...(on.ruler.namespaces.get(namespace) ?? [])].sort())).toBe(before);
  });

  it('puts the groups from before back when the ruler refuses one half-way', async () => {
    const on = stage('ruler');
    const ruler = new FakeRuler(on.rules, { tenant: 'relay', mostRules: 5 });
    const at: Stage = { ...on, ruler };
    const now = (): string => JSON.stringify([...(ruler.namespaces.get(namespace) ?? [])].sort());
    await provision(at, desiredOf(), only);
    const before = now();
    const next = desiredOf({
      rules: {
        'alerts.yml': alertRules.replace('1m', '2m'),
        'large.yml': large(10),
        'ledger.yml': ledgerRules,
      },
    });
    const ran = await provision(at, next, only);
    expect(ran.output).toContain(
      'refused to take the group large (400): per-user rules per rule group limit (limit: 5 actual: 10) exceeded',
    );
    expect(ran.output).toContain('The rule groups from before were put back.');
    expect(now()).toBe(before);
  });

  describe('an edit by hand', () => {
    const edit = (on: Stage, name: string, expr: string): void => {
      const groups = [...(on.ruler.namespaces.get(namespace) ?? [])].filter(([n]) => n !== name);
      const all = [...groups.map(([, g]) => g), { name, rules: [{ record: 'x:y', expr }] }];
      on.ruler.put(namespace, all as Parameters<FakeRuler['put']>[1]);
    };
    const held = (on: Stage, name: string): string =>
      JSON.stringify(on.ruler.namespaces.get(namespace)?.get(name));

    it('is shown, and overwritten only with --force', async () => {
      const on = stage('ruler');
      await provision(on, desiredOf(), only);
      edit(on, 'ledger', 'up == 5');
      const ran = await provision(on, desiredOf(), only);
      expect(ran.output).toContain('ledger was edited by hand');
      expect(ran.result?.code).toBe(1);
      expect(held(on, 'ledger')).toContain('up == 5');
      expect((await provision(on, desiredOf(), { ...only, flags: { force: true } })).result?.code).toBe(0);
      expect(changesOf(await plan(on, desiredOf(), only))).toEqual([]);
    });

    it('keeps a group of its own in our namespace, also with --prune', async () => {
      const on = stage('ruler');
      await provision(on, desiredOf({ rules: { 'ledger.yml': ledgerRules, 'old.yml': large(2) } }), only);
      edit(on, 'theirs', 'up == 6');
      const ran = await provision(on, desiredOf({ rules: { 'ledger.yml': ledgerRules } }), {
        ...only,
        flags: { prune: true },
      });
      expect(ran.result?.code, ran.output).toBe(0);
      expect(groupsOf(on).sort()).toEqual(['deployment-bundle', 'ledger', 'theirs']);
      expect(ran.output).not.toContain('theirs');
    });

    it('keeps an edited group that is no longer defined until --force', async () => {
      const on = stage('ruler');
      await provision(on, desiredOf({ rules: { 'ledger.yml': ledgerRules, 'old.yml': large(2) } }), only);
      edit(on, 'large', 'up == 7');
      const next = desiredOf({ rules: { 'ledger.yml': ledgerRules } });
      const ran = await provision(on, next, { ...only, flags: { prune: true } });
      expect(ran.output).toContain('edited by hand since');
      expect(held(on, 'large')).toContain('up == 7');
      await provision(on, next, { ...only, flags: { prune: true, force: true } });
      expect(groupsOf(on).sort()).toEqual(['deployment-bundle', 'ledger']);
    });

    it('is not seen in what a run left that died half-way, whatever comes next', async () => {
      const on = stage('ruler');
      await provision(on, desiredOf(), only);
      const interrupted = desiredOf({
        rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('== 2', '== 3') },
      });
      // From the post of the group on, nothing arrives any more: it can neither go on nor take anything back.
      let gone = false;
      await provision(on, interrupted, {
        ...only,
        faults: () => {
          gone ||= on.ruler.posts.length > 6;
          return gone ? 'refused' : 'none';
        },
      });
      expect(held(on, 'alerts')).toContain('== 3');
      const next = desiredOf({
        rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('== 2', '== 4') },
      });
      expect((await provision(on, next, only)).result?.code).toBe(0);
      expect(changesOf(await plan(on, next, only))).toEqual([]);
    });

    it('that changed a group since it was posted is not taken back', async () => {
      const on = stage('ruler');
      await provision(on, desiredOf(), only);
      const before = held(on, 'deployment-bundle');
      on.rules.broken.set('DeploymentFailed', 'found duplicate series');
      let done = false;
      const ran = await provision(
        on,
        desiredOf({ rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('== 2', '== 3') } }),
        {
          ...only,
          faults: (_, { url }) => {
            if (!done && url.pathname.endsWith('/api/v1/rules') && held(on, 'alerts').includes('== 3')) {
              done = true;
              edit(on, 'alerts', 'up == 8');
            }
            return 'none';
          },
        },
      );
      expect(ran.output).toContain('Left alone, because it was changed since: alerts.');
      expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
      expect(held(on, 'alerts')).toContain('up == 8');
      expect(held(on, 'deployment-bundle')).toBe(before);
    });

    it('that changed a group after the answer was lost is not overwritten', async () => {
      const on = stage('ruler');
      let struck = false;
      const ran = await provision(on, desiredOf(), {
        ...only,
        faults: (_, { method, body }) => {
          if (struck || method !== 'POST' || !body?.includes('name: ledger')) return 'none';
          struck = true;
          edit(on, 'ledger', 'up == 9');
          return 'cut before';
        },
      });
      expect(struck).toBe(true);
      expect(ran.output).toContain('The group ledger was changed meanwhile.');
      expect(held(on, 'ledger')).toContain('up == 9');
      expect(groupsOf(on)).toEqual(['ledger']);
    });
  });

  it('of two deliveries at once the one that is overtaken stops, and the other is proven', async () => {
    for (const second of [
      desiredOf(),
      desiredOf({ rules: { 'ledger.yml': ledgerRules.replace('== bool 1', '== bool 4') } }),
    ]) {
      const on = stage('ruler');
      await provision(on, desiredOf({ rules: { 'ledger.yml': ledgerRules } }), only);
      const changed = desiredOf({
        rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('== 2', '== 3') },
      });
      const both = await Promise.all([provision(on, changed, only), provision(on, second, only)]);
      expect(both.map((ran) => ran.result?.code).sort()).toEqual([0, 1]);
      const [winner, loser] = both[0]?.result?.code === 0 ? [changed, both[1]] : [second, both[0]];
      expect(new Set(loser?.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
      expect(on.rules.versions()).toEqual([winner.version]);
      expect(changesOf(await plan(on, winner, only)).filter((c) => !c.startsWith('delete'))).toEqual([]);
    }
  });

  it('stops when the namespace was changed since the plan', async () => {
    const on = stage('ruler');
    let reads = 0;
    const faults = (_: number, { url, method }: { url: URL; method: string }) => {
      if (method === 'GET' && url.pathname.includes('/config/v1/rules/') && ++reads === 2)
        on.ruler.put(namespace, [{ name: 'quick-fix', rules: [{ record: 'x:y', expr: 'up' }] }]);
      return 'none' as const;
    };
    const ran = await provision(on, desiredOf(), { ...only, faults });
    expect(ran.result?.outcomes.every((o) => o.state === 'conflict')).toBe(true);
    expect(on.ruler.posts).toEqual([]);
  });

  it('is asked to name the tenant when none is set', async () => {
    const on = stage('ruler');
    const ran = await provision(on, desiredOf(), { ...only, env: { RULER_TENANT: '' } });
    expect(ran.output).toContain('serves several tenants and was named none ("no org id"): set RULER_TENANT');
  });

  it.each(['mimir', 'cortex'] as const)(
    'splits groups where the ruler has limits, and only there (%s)',
    async (flavour) => {
      const on = stage('ruler');
      const ruler = new FakeRuler(on.rules, {
        flavour,
        tenant: 'relay',
        ...(flavour === 'cortex' && { mostRules: 0, mostGroups: 0 }),
      });
      const many = `groups:\n  - name: many\n    interval: 15s\n    rules:\n${Array.from({ length: 25 }, (_, i) => `      - { record: "a:b${i}", expr: up }`).join('\n')}\n`;
      const url = flavour === 'mimir' ? 'https://mimir.example/prometheus' : 'https://mimir.example';
      const ran = await provision({ ...on, ruler }, desiredOf({ rules: { 'many.yml': many } }), {
        ...only,
        env: { RULER_URL: url },
      });
      expect(ran.result?.code, ran.output).toBe(0);
      expect(on.rules.groups.map((g) => g.name).filter((name) => name.startsWith('many'))).toEqual(
        flavour === 'mimir' ? ['many', 'many.2'] : ['many'],
      );
    },
  );

  it('keeps the namespaces of bundles apart', async () => {
    const on = stage('ruler');
    await provision(on, desiredOf(), { ...only, environment: 'production' });
    const ran = await provision(on, desiredOf(), {
      ...only,
      environment: 'staging',
      flags: { prune: true, force: true },
    });
    expect(ran.output).toContain('holds the rules of Relay/production');
    expect(ran.error).toBeDefined();
  });

  it('says which credentials or which address are wrong', async () => {
    const on = stage('ruler');
    expect((await provision(on, desiredOf(), { ...only, env: { RULER_TENANT: 'nobody' } })).output).toContain(
      'RULER_TENANT',
    );
    expect(
      (await provision(on, desiredOf(), { ...only, env: { RULER_URL: 'https://grafana.example' } })).output,
    ).toMatch(/is no ruler|web page|log-in/);
  });

  it.each([
    ['an old Prometheus', 404],
    ['VictoriaMetrics', 400],
  ])('works without format_query, on %s', async (_, status) => {
    const on = stage('ruler');
    on.rules.cannotFormat = status;
    expect((await provision(on, desiredOf(), only)).result?.code).toBe(0);
    expect(changesOf(await plan(on, desiredOf(), only))).toEqual([]);
  });
});
