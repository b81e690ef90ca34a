import { describe, expect, it } from 'vitest';
import type { ActualDashboard, ActualFolder } from '../../../src/provision/grafana/api.ts';
import { desiredDashboard } from '../../../src/provision/grafana/desired.ts';
import { marked } from '../../../src/provision/grafana/ownership.ts';
import { planDashboards, planFolder } from '../../../src/provision/grafana/plan.ts';
import type { Flags, JsonObject } from '../../../src/provision/model.ts';
import { ownFolderUid } from '../../../src/provision/names.ts';
import { owner } from '../../../src/provision/owner.ts';
import { dashboard } from '../fixtures/bundle.ts';

const none: Flags = { adopt: false, force: false, prune: false, createDatasource: false };
const us = owner('Relay', 'production');
const to = { owner: us, folder: 'f' };
const wanted = desiredDashboard({ uid: 'slo', title: 'Dashboard slo', spec: dashboard('slo') }, 'f', us);
const there = (spec: JsonObject, more: Partial<ActualDashboard> = {}): ActualDashboard => ({
  uid: 'slo',
  title: 'Dashboard slo',
  folder: 'f',
  spec,
  seen: '7',
  ...more,
});
const one = (actual: ActualDashboard | undefined, flags: Partial<Flags> = {}) =>
  planDashboards([wanted], actual ? [actual] : [], to, { ...none, ...flags })[0];

const older = marked('slo', dashboard('slo', 'Older'), 'f', us);

describe('a dashboard', () => {
  it('that is not there is created', () => expect(one(undefined)).toMatchObject({ action: 'create' }));

  it('that is as defined is unchanged', () => {
    expect(one(there(wanted.spec))).toMatchObject({ action: 'unchanged', details: [] });
  });

  it('that we made and that was not touched is updated, against the state that was seen', () => {
    expect(one(there(older))).toMatchObject({
      action: 'update',
      seen: '7',
      details: ['title Older → Dashboard slo'],
    });
  });

  it('that we made in another folder, untouched, is moved', () => {
    const elsewhere = there(marked('slo', dashboard('slo'), 'old', us), { folder: 'old' });
    expect(one(elsewhere)).toMatchObject({ action: 'update', details: ['folder old → f'] });
  });

  it('that was edited or moved needs --force', () => {
    const edited = there({ ...older, title: 'Mine' }, { savedBy: 'user:maria' });
    expect(one(edited)).toMatchObject({ action: 'edited', needs: '--force' });
    expect(one(edited)?.details[0]).toBe(
      'changed since it was applied, last by user:maria; bringing it back means:',
    );
    expect(one(edited, { force: true })).not.toHaveProperty('needs');
    expect(one(there(wanted.spec, { folder: '' }))).toMatchObject({ action: 'edited', needs: '--force' });
  });

  it('that was edited into what is defined now is only marked', () => {
    const same = there({ ...wanted.spec, tags: older.tags ?? [] });
    expect(one(same)).toMatchObject({ action: 'update', details: ['only the mark of what was applied'] });
  });

  it('that others made needs --adopt, even when it shows the same', () => {
    expect(one(there(dashboard('slo')))).toMatchObject({
      action: 'adopt',
      needs: '--adopt',
      details: ['shows the same already'],
    });
    expect(one(there(dashboard('slo', 'Theirs')), { adopt: true })).not.toHaveProperty('needs');
    // --force is no licence to take things over.
    expect(one(there(dashboard('slo', 'Theirs')), { force: true })).toMatchObject({ needs: '--adopt' });
  });

  it('that the newer editor saved needs --force, and says what classic JSON cannot', () => {
    const newer = { spec: {}, lost: ['tabs'], converted: true };
    const saved = one(there({ ...older, title: 'Mine' }, { newer }));
    expect(saved).toMatchObject({ action: 'edited', needs: '--force' });
    expect(saved?.details.join('; ')).toContain('newer format (v2)');
    expect(saved?.details).toContain('tabs, which go: classic JSON does not know them');
    expect(saved?.details).toContain('title Mine → Dashboard slo');
    // With what is defined in it, only the format is another one.
    const same = { ...newer, lost: [] };
    expect(one(there(wanted.spec, { newer: same }))).toMatchObject({ action: 'update' });
    expect(one(there(wanted.spec, { newer }))).toMatchObject({ action: 'edited', needs: '--force' });
  });

  it('that another tool manages is blocked whatever is permitted', () => {
    const all = { adopt: true, force: true, prune: true };
    expect(one(there(older, { managedBy: 'Git Sync' }), all)).toMatchObject({ action: 'blocked' });
  });
});

describe('a dashboard that is no longer defined', () => {
  const orphan = (more: Partial<ActualDashboard> = {}): ActualDashboard =>
    there(marked('old', dashboard('old'), 'f', us), { uid: 'old', ...more });
  const removal = (actual: ActualDashboard, flags: Partial<Flags> = {}) =>
    planDashboards([], [actual], to, { ...none, ...flags })[0];

  it('is deleted only with --prune', () => {
    expect(removal(orphan())).toMatchObject({ action: 'delete', needs: '--prune' });
    expect(removal(orphan(), { prune: true })).not.toHaveProperty('needs');
  });
  it('and was edited needs --force too', () => {
    const edited = orphan({ folder: 'elsewhere' });
    expect(removal(edited, { prune: true })).toMatchObject({
      needs: '--force',
      details: ['no longer defined', 'edited by hand since'],
    });
    expect(removal(edited, { prune: true, force: true })).not.toHaveProperty('needs');
  });
  it('and is not ours is not even shown', () => {
    expect(
      removal(there(dashboard('theirs'), { uid: 'theirs' }), { prune: true, force: true }),
    ).toBeUndefined();
    // A copy of ours, tags included.
    expect(removal(there(wanted.spec, { uid: 'my-slo' }), { prune: true, force: true })).toBeUndefined();
  });
});

describe('the folder', () => {
  const folder = (uid: string, title: string, more: Partial<ActualFolder> = {}): ActualFolder => ({
    uid,
    title,
    seen: '1',
    ...more,
  });
  const gitSync = { managedBy: 'Git Sync', closed: true };
  const one = (found: ActualFolder[], { uid = ownFolderUid, force = false } = {}) =>
    planFolder(uid, 'Deployments', found, { ...none, force });

  it('is made, found by its uid, or found by its title', () => {
    expect(one([])).toMatchObject({ uid: ownFolderUid, change: { action: 'create' } });
    expect(one([folder(ownFolderUid, 'Deployments')])).toMatchObject({
      uid: ownFolderUid,
      change: { action: 'unchanged' },
    });
    expect(one([folder('theirs', 'Deployments')])).toMatchObject({
      uid: 'theirs',
      change: { action: 'unchanged' },
    });
  });

  it('is renamed only with --force, and only when it is ours by its uid', () => {
    expect(one([folder(ownFolderUid, 'Old')]).change).toMatchObject({ action: 'edited', needs: '--force' });
    expect(one([folder(ownFolderUid, 'Old')], { force: true }).change).not.toHaveProperty('needs');
    const theirs = one([folder('team', 'Team')], { uid: 'team', force: true });
    expect(theirs).toMatchObject({ uid: 'team', change: { action: 'unchanged', title: 'Team' } });
    const terraform = folder(ownFolderUid, 'Old', { managedBy: 'Terraform', closed: false });
    expect(one([terraform], { force: true }).change).toMatchObject({ action: 'unchanged', title: 'Old' });
  });

  it('is not guessed among several', () => {
    const { change } = one([folder('a', 'Deployments'), folder('b', 'Deployments')]);
    expect(change).toMatchObject({
      action: 'blocked',
      details: [expect.stringContaining('(a, b): set GRAFANA_FOLDER_UID')],
    });
  });

  it('is none that is closed to others', () => {
    const closed = folder('repo', 'Deployments', gitSync);
    expect(one([closed]).change).toMatchObject({
      action: 'blocked',
      details: [expect.stringContaining('managed by Git Sync')],
    });
    expect(one([closed, folder('b', 'Deployments')])).toMatchObject({
      uid: 'b',
      change: { action: 'unchanged' },
    });
    expect(one([folder(ownFolderUid, 'Deployments', gitSync)], { force: true }).change).toMatchObject({
      action: 'blocked',
      details: [expect.stringContaining('set GRAFANA_FOLDER_UID')],
    });
  });
});

describe('the data source variable', () => {
  it('opens on the data source that was named, and is left alone otherwise', () => {
    const file = { uid: 'slo', title: 'x', spec: dashboard('slo') };
    const variables = (spec: JsonObject): unknown => (spec.templating as { list: unknown[] }).list;
    expect(variables(desiredDashboard(file, 'f', us).spec)).toEqual(variables(dashboard('slo')));
    expect(variables(desiredDashboard(file, 'f', us, { uid: 'p', name: 'Prom' }).spec)).toEqual([
      expect.objectContaining({ name: 'datasource', current: { text: 'Prom', value: 'p' } }),
      expect.objectContaining({ name: 'environment' }),
    ]);
  });
});
