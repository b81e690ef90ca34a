import { describe, expect, it } from 'vitest';
import { FakeRuler } from '../../fakes/ruler/ruler.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { changesOf, plan, provision, type Stage, stage } from '../harness.ts';

const only = { options: { only: 'prometheus' as const } };
const namespace = 'deployment-observability';
const groupsOf = (on: Stage): string[] => [...(on.ruler.namespaces.get(namespace)?.keys() ?? [])];
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
      expect(ruler.posts).toEqual(['deployment-bundle', 'alerts', 'ledger']);
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
    expect(on.ruler.posts).toEqual(['alerts', 'deployment-bundle']);
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

  it('refuses before it writes when the tenant would have too many groups', async () => {
    const on = stage('ruler');
    const ran = await provision(on, desiredOf({ rules: { 'large.yml': large(45) } }), {
      ...only,
      env: { RULER_MAX_GROUPS: '3' },
    });
    expect(ran.output).toContain('would hold 4 rule groups; the ruler takes 3');
    expect(on.ruler.posts).toEqual([]);
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

  it('stops when somebody changed the namespace since the plan', async () => {
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

  it('says which credentials or which address are wrong', async () => {
    const on = stage('ruler');
    expect((await provision(on, desiredOf(), { ...only, env: { RULER_TENANT: 'nobody' } })).output).toContain(
      'RULER_TENANT',
    );
    expect(
      (await provision(on, desiredOf(), { ...only, env: { RULER_URL: 'https://grafana.example' } })).output,
    ).toMatch(/is no ruler|web page|log-in/);
  });

  it('works without format_query, on an old server', async () => {
    const on = stage('ruler');
    on.rules.canFormat = false;
    expect((await provision(on, desiredOf(), only)).result?.code).toBe(0);
    expect(changesOf(await plan(on, desiredOf(), only))).toEqual([]);
  });
});
