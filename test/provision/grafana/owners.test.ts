import { describe, expect, it } from 'vitest';
import type { Desired } from '../../../src/provision/desired.ts';
import { ownFolderUid } from '../../../src/provision/names.ts';
import { owner, ownerText, relation } from '../../../src/provision/owner.ts';
import { dashboard, desiredOf } from '../fixtures/bundle.ts';
import { changesOf, plan, provision, type RunParts, type Stage, stage } from '../harness.ts';

const relay = desiredOf();
const team = desiredOf({ name: 'Other team', dashboards: [dashboard('team-one'), dashboard('team-two')] });
const only = (environment?: string, flags: RunParts['flags'] = {}): RunParts => ({
  options: { only: 'grafana' },
  flags,
  ...(environment && { environment }),
});
const uids = (on: Stage): string[] =>
  on.grafana.state
    .all('dashboards')
    .map((d) => d.name)
    .sort();
/** Removes whose they are, as an earlier version left them. */
function asEarlierVersion(on: Stage): void {
  for (const { spec } of on.grafana.state.all('dashboards'))
    spec.tags = (spec.tags as string[]).filter((tag) => !tag.startsWith('owner:'));
}

describe.each(['11', '12', '13'] as const)('several bundles in one Grafana %s', (profile) => {
  it('prune what is their own, and nothing of the other', async () => {
    const on = stage('railway', { profile });
    const both = { GRAFANA_FOLDER_UID: 'team', GRAFANA_FOLDER: 'Team' };
    expect((await provision(on, relay, only())).result?.code).toBe(0);
    expect((await provision(on, team, { ...only(), env: both })).result?.code).toBe(0);
    const fewer = desiredOf({ dashboards: [dashboard('deployment-slo')] });
    const ran = await provision(on, fewer, only(undefined, { prune: true, force: true, adopt: true }));
    expect(ran.result?.code, ran.output).toBe(0);
    expect(uids(on)).toEqual(['deployment-slo', 'team-one', 'team-two']);
  });

  it('are told when they want the same uid, and take it only when told to', async () => {
    const on = stage('railway', { profile });
    await provision(on, relay, only());
    const same: Desired = { ...relay, name: 'Other team' };
    const planned = await plan(on, same, only(undefined, { force: true }));
    expect(planned.output).toContain('it belongs to another bundle, Relay');
    expect(changesOf(planned)).toContain('adopt dashboard deployment-slo');
    expect((await provision(on, same, only(undefined, { adopt: true }))).result?.code).toBe(0);
    expect(changesOf(await plan(on, same, only()))).toEqual([]);
  });

  it('annotate each for itself', async () => {
    const on = stage('railway', { profile });
    const both = { GRAFANA_FOLDER_UID: 'team', GRAFANA_FOLDER: 'Team' };
    for (let i = 0; i < 3; i++) {
      await provision(on, relay, only());
      await provision(on, team, { ...only(), env: both });
    }
    expect(on.grafana.state.annotations).toHaveLength(2);
  });
});

describe('several environments in one Grafana', () => {
  it('do not take each other’s dashboards, whatever is permitted, and are told whose they are', async () => {
    const on = stage();
    expect((await provision(on, relay, only('production'))).result?.code).toBe(0);
    const all = { adopt: true, force: true, prune: true };
    const ran = await provision(on, relay, only('staging', all));
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain(
      'it belongs to the environment production of this bundle: one Grafana holds',
    );
    expect(changesOf(ran)).toContain('blocked dashboard deployment-slo');
    const unnamed = await provision(on, relay, only(undefined, all));
    expect(unnamed.output).toContain('name that with --environment production');
    expect(changesOf(await plan(on, relay, only('production')))).toEqual([]);
  });

  it('take over what was made before environments had names', async () => {
    const on = stage();
    await provision(on, relay, only());
    const ran = await provision(on, relay, only('production'));
    expect(ran.output).toContain('only the mark of what was applied');
    expect(ran.result?.code).toBe(0);
    expect(changesOf(await plan(on, relay, only('production')))).toEqual([]);
  });
});

describe('what an earlier version marked', () => {
  it('is ours in our folder', async () => {
    const on = stage();
    await provision(on, relay, only());
    asEarlierVersion(on);
    const ran = await provision(on, desiredOf({ dashboards: [dashboard('deployment-slo')] }), {
      ...only(undefined, { prune: true }),
    });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(uids(on)).toEqual(['deployment-slo']);
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.spec.tags).toContain('owner:Relay');
  });

  it('is not ours in another one: it is neither pruned nor taken', async () => {
    const on = stage();
    await provision(on, team, { ...only(), env: { GRAFANA_FOLDER_UID: 'team', GRAFANA_FOLDER: 'Team' } });
    asEarlierVersion(on);
    const two = desiredOf({ dashboards: [dashboard('team-one')] });
    const ran = await plan(on, two, only(undefined, { prune: true, force: true }));
    expect(changesOf(ran)).toEqual([
      `create folder ${ownFolderUid}`,
      'adopt dashboard team-one',
      `create annotation bundle:${two.version}`,
    ]);
  });
});

describe('an owner', () => {
  it('fits into a tag, however long its names are, and stays distinct', () => {
    const long = owner('a'.repeat(80), 'b'.repeat(80));
    expect(`owner:${ownerText(long)}`.length).toBeLessThanOrEqual(50);
    expect(ownerText(owner(`${'a'.repeat(79)}x`, undefined))).not.toBe(
      ownerText(owner('a'.repeat(80), undefined)),
    );
    expect(ownerText(owner('@relay/observability', 'eu west'))).toBe('relay-observability/eu-west');
    expect(relation(owner('A', undefined), owner('A', 'production'))).toBe('same');
    expect(relation(owner('A', 'production'), owner('A', undefined))).toBe('other environment');
    expect(relation(owner('A', 'production'), owner('B', 'production'))).toBe('other bundle');
  });
});
