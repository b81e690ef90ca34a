import { describe, expect, it } from 'vitest';
import { type Inspection, splitPath } from '../../../src/provision/delivery/delivery.ts';
import type { Flags } from '../../../src/provision/model.ts';
import type { Health, Rule, RuleGroup, ServedGroup } from '../../../src/provision/rule.ts';
import { parseRuleFile } from '../../../src/provision/rule-file.ts';
import { compareGroup, failing } from '../../../src/provision/rules/compare.ts';
import { ourGroups, planRules } from '../../../src/provision/rules/plan.ts';
import { type Expectation, mismatches } from '../../../src/provision/rules/proof.ts';
import { splitGroups } from '../../../src/provision/rules/split.ts';

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({
  kind: 'record',
  name,
  expr: 'up',
  for: 0,
  keepFiringFor: 0,
  labels: {},
  annotations: {},
  ...more,
});
const group = (
  name: string,
  rules: readonly Rule[] = [rule('a:b')],
  more: Partial<RuleGroup> = {},
): RuleGroup => ({
  name,
  file: `${name}.yml`,
  interval: 60,
  limit: 0,
  queryOffset: undefined,
  rules,
  ...more,
});
const served = (
  g: RuleGroup,
  health: Partial<Health> = {},
  file = `/etc/prometheus/rules/${g.file}`,
): ServedGroup => ({
  ...g,
  file,
  rules: g.rules.map((r) => ({ ...r, health: 'ok', evaluatedAt: 1000, ...health })),
});
const bundle = group(
  'deployment-bundle',
  [rule('deployment_observability:bundle:info', { labels: { version: 'v1' } })],
  { file: 'bundle.yml' },
);
const asIs = (expr: string): string => expr;
const none: Flags = { adopt: false, force: false, prune: false, createDatasource: false };
const inspection = (more: Partial<Inspection> = {}): Inspection => ({
  units: [],
  orphans: [],
  scope: { kind: 'image' },
  how: '',
  seen: '',
  notes: [],
  ...more,
});

describe('rule files', () => {
  it('are read as the server reports them: group labels merged, durations in seconds', () => {
    const { file, problems } = parseRuleFile(
      'a.yml',
      'groups:\n- name: g\n  interval: 1m\n  query_offset: 30s\n  labels: {team: t, severity: low}\n  rules:\n  - {alert: A, expr: up, for: 2m, keep_firing_for: 5m, labels: {severity: page}}\n  - {record: "a:b", expr: 1}\n',
    );
    expect(problems).toEqual([]);
    expect(file.groups[0]).toMatchObject({ interval: 60, queryOffset: '30s', limit: 0 });
    expect(file.groups[0]?.rules).toMatchObject([
      { kind: 'alert', for: 120, keepFiringFor: 300, labels: { team: 't', severity: 'page' } },
      { kind: 'record', expr: '1', labels: { team: 't', severity: 'low' } },
    ]);
  });
});

describe('comparing a group', () => {
  const words = (before: readonly Rule[], after: readonly Rule[]): string[] =>
    compareGroup(served(group('g', before)), group('g', after), asIs);

  it('finds nothing where there is nothing', () =>
    expect(words([rule('a'), rule('b')], [rule('a'), rule('b')])).toEqual([]));
  it('names what was added, removed and put into another order', () => {
    expect(words([rule('a')], [rule('a'), rule('b')])).toEqual(['b: recording rule added']);
    expect(words([rule('a'), rule('b')], [rule('a')])).toEqual(['b: recording rule removed']);
    expect(words([rule('a'), rule('b')], [rule('b'), rule('a')])).toEqual(['rules in another order']);
  });
  it('names what changed in a rule', () => {
    const alert = rule('A', {
      kind: 'alert',
      for: 60,
      labels: { severity: 'page' },
      annotations: { summary: 'x' },
    });
    expect(words([alert], [{ ...alert, expr: 'down', for: 120, keepFiringFor: 30 }])).toEqual([
      'A: metric up → down (it may fire at other times)',
      'A: hold 1m → 2m (it fires later than before)',
      'A: keeps firing for 0s → 30s',
    ]);
    expect(
      words([alert], [{ ...alert, labels: { severity: 'ticket', team: 't' }, annotations: {} }]),
    ).toEqual([
      'A: severity page → ticket (a hold that is running starts again)',
      'A: label team none → t (a hold that is running starts again)',
      'A: annotation summary removed (the notification says less)',
    ]);
    expect(words([alert], [{ ...alert, annotations: { summary: 'y'.repeat(80) } }])).toEqual([
      'A: annotation summary changed',
    ]);
  });
  it('tells rules of the same name by their labels', () => {
    const pair = [rule('a', { labels: { q: '1' } }), rule('a', { labels: { q: '2' } })];
    expect(words(pair, [pair[0]!, { ...pair[1]!, expr: 'down' }])).toEqual(['a{q="2"}: metric up → down']);
  });
  it('tells alerts of the same name by their labels', () => {
    const alerts = ['page', 'ticket'].map((severity) => rule('A', { kind: 'alert', labels: { severity } }));
    expect(words(alerts, [alerts[0]!, { ...alerts[1]!, for: 60 }])).toEqual([
      'A{severity="ticket"}: hold 0s → 1m (it fires later than before)',
    ]);
  });
  it('compares expressions as the server spells them', () => {
    const spell = (expr: string): string => expr.replaceAll(' ', '');
    expect(
      compareGroup(
        served(group('g', [rule('a', { expr: 'up+1' })])),
        group('g', [rule('a', { expr: 'up + 1' })]),
        spell,
      ),
    ).toEqual([]);
  });
  it('compares intervals and limits, and no interval with any', () => {
    expect(compareGroup(served(group('g')), group('g', undefined, { interval: 30, limit: 5 }), asIs)).toEqual(
      ['evaluated every 1m → 30s', 'limit 0 → 5 (a rule that gives more series than that fails)'],
    );
    expect(compareGroup(served(group('g')), group('g', undefined, { interval: undefined }), asIs)).toEqual(
      [],
    );
  });
  it('names rules that fail', () => {
    expect(failing(served(group('g'), { health: 'err', error: 'many-to-many' }))).toEqual([
      'a:b cannot be evaluated: many-to-many',
    ]);
  });
});

describe('whose groups these are', () => {
  const theirs = group('theirs');
  it('is judged by the directory of the bundle group', () => {
    const all = [served(bundle), served(group('old')), served(theirs, {}, '/etc/other/theirs.yml')];
    const { defined, surplus } = ourGroups(all, [bundle], inspection());
    expect(defined.map((g) => g.name)).toEqual(['deployment-bundle']);
    // Other files of the image are not ours to delete.
    expect(surplus).toEqual([]);
  });
  it('and by what it does, wherever it was read from', () => {
    const copy = served(group('ledger'), {}, '/etc/other/copy.yml');
    const namesake = served(group('ledger', [rule('their:rule')]), {}, '/etc/other/theirs.yml');
    const all = [served(group('ledger')), served(bundle), copy, namesake];
    expect(ourGroups(all, [group('ledger'), bundle], inspection()).twins).toEqual([copy]);
  });
  it('and by file name where a directory is shared', () => {
    const shared = inspection({ scope: { kind: 'files', names: ['bundle.yml', 'old.yml'] } });
    expect(
      ourGroups([served(bundle), served(group('old')), served(theirs)], [bundle], shared).surplus.map(
        (g) => g.name,
      ),
    ).toEqual(['old']);
  });
  it('and is not ours while we never delivered', () => {
    expect(ourGroups([served(theirs), served(group('old'))], [bundle], inspection())).toEqual({
      defined: [],
      surplus: [],
      twins: [],
    });
  });
  it('in a namespace: only what we own there', () => {
    const scope = { kind: 'namespace', name: 'ns' } as const;
    const all = [
      served(bundle, {}, 'ns'),
      served(theirs, {}, 'ns'),
      served(group('old'), {}, 'ns'),
      served(bundle, {}, 'other'),
    ];
    const orphan = { id: 'old', groups: ['old'], state: 'ours', same: false } as const;
    const { defined, surplus } = ourGroups(all, [bundle], inspection({ scope, orphans: [orphan] }));
    expect(defined).toHaveLength(1);
    expect(surplus.map((g) => g.name)).toEqual(['old']);
  });
  it('splits paths of any system', () => {
    expect(splitPath('/a/b/c.yml')).toEqual({ directory: '/a/b', name: 'c.yml' });
    expect(splitPath('C:\\rules\\c.yml')).toEqual({ directory: 'C:\\rules', name: 'c.yml' });
    expect(splitPath('namespace')).toEqual({ directory: '', name: 'namespace' });
  });
});

describe('planning rules', () => {
  const defined = [group('ledger'), bundle];
  const unit = (id: string, more = {}) => ({
    id,
    groups: [id.replace('.yml', '')],
    state: 'ours' as const,
    same: true,
    ...more,
  });
  const actions = (served: readonly ServedGroup[], at: Inspection, flags: Partial<Flags> = {}): string[] =>
    planRules(defined, served, at, asIs, { ...none, ...flags }).map(
      (c) => `${c.action}${c.needs ? ` ${c.needs}` : ''} ${c.id}`,
    );

  it('creates, updates and leaves', () => {
    expect(actions([], inspection())).toEqual(['create ledger', 'create deployment-bundle']);
    expect(
      actions([served(group('ledger', [rule('a:b', { expr: 'x' })])), served(bundle)], inspection()),
    ).toEqual(['update ledger', 'unchanged deployment-bundle']);
  });
  it('shows rules that do not work', () => {
    expect(actions([served(group('ledger'), { health: 'err' }), served(bundle)], inspection())).toEqual([
      'unhealthy ledger',
      'unchanged deployment-bundle',
    ]);
  });
  it('refuses to deliver beside the same group from elsewhere', () => {
    const twice = [
      served(group('ledger')),
      served(group('ledger'), {}, '/etc/prometheus/rules/copy.yml'),
      served(bundle),
    ];
    expect(actions(twice, inspection())).toContain('blocked ledger');
    const foreign = [served(group('ledger'), {}, '/etc/other/copy.yml')];
    expect(
      actions(foreign, inspection({ scope: { kind: 'files', names: ['ledger.yml', 'bundle.yml'] } })),
    ).toContain('blocked ledger');
  });
  it('lets all groups wait for the one that needs a switch, because they are delivered together', () => {
    const at = inspection({
      scope: { kind: 'files', names: ['ledger.yml', 'bundle.yml'] },
      units: [unit('ledger.yml', { state: 'foreign', same: false })],
    });
    expect(actions([], at)).toEqual(['adopt --adopt ledger', 'create --adopt deployment-bundle']);
    expect(actions([], at, { adopt: true })).toEqual(['adopt ledger', 'create deployment-bundle']);
  });
  it('needs --prune for what we delivered and no longer define, also where it is not loaded', () => {
    const orphan = { id: 'old.yml', groups: ['old'], state: 'ours' as const, same: false };
    const at = inspection({
      scope: { kind: 'files', names: ['ledger.yml', 'bundle.yml', 'old.yml'] },
      orphans: [orphan],
    });
    const all = [served(group('ledger')), served(bundle)];
    expect(actions([...all, served(group('old'))], at)).toContain('delete --prune old');
    expect(actions([...all, served(group('old'))], at, { prune: true })).toContain('delete old');
    expect(actions(all, at)).toContain('delete --prune old.yml');
    expect(actions(all, { ...at, orphans: [{ ...orphan, state: 'edited' }] }, { prune: true })).toContain(
      'delete --force old.yml',
    );
  });
  it('says so when only a file’s text differs', () => {
    const at = inspection({ units: [unit('ledger.yml', { same: false })] });
    expect(planRules(defined, [served(group('ledger')), served(bundle)], at, asIs, none)[0]).toMatchObject({
      action: 'update',
      details: ['only the text of ledger.yml'],
    });
  });
});

describe('the proof', () => {
  const claim = (more: Partial<Expectation> = {}): Expectation => ({
    groups: [group('ledger'), bundle],
    inspection: inspection({ scope: { kind: 'files', names: ['ledger.yml', 'bundle.yml', 'old.yml'] } }),
    version: 'v1',
    since: 500,
    changed: undefined,
    tolerated: [],
    ...more,
  });
  const texts = (all: readonly ServedGroup[], versions = ['v1'], c = claim()): string[] =>
    mismatches(c, all, versions, asIs).map((d) => d.text);
  const good = [served(group('ledger')), served(bundle)];

  it('holds when everything is there, healthy and evaluated since', () => expect(texts(good)).toEqual([]));
  it('names what is missing, different, sick, not yet evaluated, or too much', () => {
    expect(texts([served(bundle)])).toEqual(['group ledger is missing']);
    expect(texts([served(group('ledger', [rule('a:b', { expr: 'x' })])), served(bundle)])).toEqual([
      'group ledger is another one: a:b: metric x → up',
    ]);
    expect(texts([served(group('ledger'), { health: 'err', error: 'boom' }), served(bundle)])).toEqual([
      'ledger › a:b cannot be evaluated: boom',
    ]);
    expect(texts([served(group('ledger'), { evaluatedAt: 500 }), served(bundle)])).toEqual([
      'group ledger has not been evaluated yet',
    ]);
    expect(
      texts(
        [served(group('ledger'), { health: 'unknown', evaluatedAt: 0 }), served(bundle)],
        ['v1'],
        claim({ since: undefined }),
      ),
    ).toEqual(['group ledger has not been evaluated yet']);
    expect(texts([...good, served(group('old'))])).toEqual(['group old still runs and is no longer defined']);
    expect(texts([...good, served(group('old'))], ['v1'], claim({ tolerated: ['old'] }))).toEqual([]);
    expect(texts(good, ['v0'])).toEqual(['version v1 is not visible (v0)']);
    expect(texts([...good, served(group('ledger'), {}, '/etc/prometheus/rules/b.yml')])).toEqual([
      'group ledger runs 2 times',
    ]);
  });
  it('names the rule at which a group has stopped', () => {
    const two = served(group('ledger', [rule('first'), rule('second')]));
    const half = { ...two, rules: [two.rules[0]!, { ...two.rules[1]!, evaluatedAt: 0 }] };
    const defined = claim({ groups: [group('ledger', [rule('first'), rule('second')]), bundle] });
    expect(texts([half, served(bundle)], ['v1'], defined)).toEqual([
      'ledger › second has not been evaluated yet',
    ]);
  });
  it('names what cannot be evaluated also while other rules of its group wait', () => {
    const three = served(group('ledger', [rule('first'), rule('second'), rule('third')]));
    const [first, second, third] = three.rules;
    const mixed = {
      ...three,
      rules: [{ ...first!, health: 'err', error: 'boom' }, second!, { ...third!, evaluatedAt: 0 }],
    };
    const defined = claim({
      groups: [group('ledger', [rule('first'), rule('second'), rule('third')]), bundle],
    });
    expect(texts([mixed, served(bundle)], ['v1'], defined)).toEqual([
      'ledger › first cannot be evaluated: boom',
      'ledger › third has not been evaluated yet',
    ]);
  });
  it('asks for a new evaluation of what was changed, and of nothing else', () => {
    const old = [served(group('ledger'), { evaluatedAt: 400 }), served(bundle)];
    expect(texts(old)).toEqual(['group ledger has not been evaluated yet']);
    expect(texts(old, ['v1'], claim({ changed: ['deployment-bundle'] }))).toEqual([]);
    const never = [served(group('ledger'), { health: 'unknown', evaluatedAt: 0 }), served(bundle)];
    expect(texts(never, ['v1'], claim({ changed: ['deployment-bundle'] }))).toHaveLength(1);
  });
});

describe('splitting groups for a ruler', () => {
  const many = (n: number): Rule[] => Array.from({ length: n }, (_, i) => rule(`r${i}`));
  it('keeps order and what fits', () => {
    expect(
      splitGroups([group('small', many(3)), group('large', many(45))], 20).map((g) => [
        g.name,
        g.rules.length,
      ]),
    ).toEqual([
      ['small', 3],
      ['large', 20],
      ['large.2', 20],
      ['large.3', 5],
    ]);
    expect(splitGroups([group('large', many(45))], 20).flatMap((g) => g.rules.map((r) => r.name))).toEqual(
      many(45).map((r) => r.name),
    );
    expect(splitGroups([group('large', many(45))], 0)).toHaveLength(1);
  });
});
