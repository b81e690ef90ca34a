import type { Flag, Flags, PlannedChange } from '../model.ts';
import { ownFolderUid } from '../names.ts';
import { type Owner, ownerText, relation } from '../owner.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard } from './api.ts';
import { describeDashboard } from './describe.ts';
import { appliedHash, contentHash, isUntouched, ownerOf } from './ownership.ts';

/** The switch, unless it was given. */
const needs = (flag: Flag, given: boolean): { needs?: Flag } => (given ? {} : { needs: flag });

const base = (dashboard: { uid: string; title: string }) =>
  ({ target: 'grafana', kind: 'dashboard', id: dashboard.uid, title: dashboard.title }) as const;

const moved = (from: string, to: string): string[] =>
  from === to ? [] : [`folder ${from || 'none (the root)'} → ${to || 'none (the root)'}`];

/** Why we may not write this object at all; undefined when we may. */
function blocked(actual: ActualDashboard): string | undefined {
  if (actual.unreadable) return actual.unreadable;
  if (actual.managedBy) return `managed by ${actual.managedBy}: remove it there first`;
  return undefined;
}

/** Whether a dashboard is ours, or what keeps us from it. @param folder ours: what an earlier version marked is ours only there */
function whose(
  { uid, spec, folder: lies }: ActualDashboard,
  owner: Owner,
  folder: string,
): { readonly ours: boolean; readonly detail?: string; readonly blocked?: string } {
  if (appliedHash(uid, spec) === undefined) return { ours: false };
  const theirs = ownerOf(spec);
  if (theirs === undefined)
    return lies === folder
      ? { ours: true }
      : { ours: false, detail: 'made by an earlier version of a bundle, in another folder than ours' };
  switch (relation(theirs, owner)) {
    case 'same':
      return { ours: true };
    case 'other bundle':
      return { ours: false, detail: `it belongs to another bundle, ${ownerText(theirs)}` };
    case 'other environment':
      return {
        ours: false,
        blocked: `it belongs to the environment ${theirs.environment} of this bundle: ${
          owner.environment === undefined
            ? `name that with --environment ${theirs.environment}, or use another organisation`
            : 'one Grafana holds a bundle once, and its variable "environment" tells environments apart; provision it from one of them, or give each an organisation'
        }`,
      };
  }
}

/** How what is there differs from what is to be, and what of it classic JSON cannot say. */
function difference({ spec, newer }: ActualDashboard, wanted: DesiredDashboard): string[] {
  if (newer === undefined) return describeDashboard(spec, wanted.spec);
  const lost = newer.lost.map((what) => `${what}, which go: classic JSON does not know them`);
  return [
    'saved by Grafana’s editor in its newer format (v2); it is written as classic JSON again',
    ...lost,
    ...(newer.converted
      ? describeDashboard(spec, wanted.spec)
      : ['Grafana cannot show it as classic JSON, so what differs cannot be said']),
  ];
}

function planDashboard(
  wanted: DesiredDashboard,
  actual: ActualDashboard | undefined,
  owner: Owner,
  flags: Flags,
): PlannedChange {
  const change = base(wanted);
  if (actual === undefined) return { ...change, action: 'create', details: [] };
  const belongs = whose(actual, owner, wanted.folder);
  const reason = blocked(actual) ?? belongs.blocked;
  if (reason) return { ...change, action: 'blocked', details: [reason] };
  const hash = contentHash(wanted.spec, wanted.folder);
  const there = contentHash(actual.spec, actual.folder);
  const applied = appliedHash(actual.uid, actual.spec);
  const untouched = isUntouched(actual.uid, actual);
  const words = [...moved(actual.folder, wanted.folder), ...difference(actual, wanted)];
  const seen = actual.seen;
  if (!belongs.ours) {
    const shows = words.length > 0 ? words : ['shows the same already'];
    const details = [...(belongs.detail ? [belongs.detail] : []), ...shows];
    return { ...change, action: 'adopt', details, seen, ...needs('--adopt', flags.adopt) };
  }
  const named = ownerOf(actual.spec);
  const isMarked = named !== undefined && ownerText(named) === ownerText(owner);
  if (applied === hash && untouched && isMarked && actual.newer === undefined)
    return { ...change, action: 'unchanged', details: [], seen };
  if (untouched && applied !== hash && actual.newer === undefined)
    return { ...change, action: 'update', details: words, seen };
  // Made by hand what is defined now, or by an earlier version: only our mark is behind, or the format.
  const whole = actual.newer === undefined || (actual.newer.converted && actual.newer.lost.length === 0);
  if (whole && (there === hash || untouched))
    return { ...change, action: 'update', details: ['only the mark of what was applied'], seen };
  const by = actual.savedBy ? `, last by ${actual.savedBy}` : '';
  const back = words.length > 0 ? words : ['settings that no word here describes'];
  const details = [`changed since it was applied${by}; bringing it back means:`, ...back];
  return { ...change, action: 'edited', details, seen, ...needs('--force', flags.force) };
}

function planRemoval(actual: ActualDashboard, flags: Flags): PlannedChange {
  const change = { ...base(actual), seen: actual.seen };
  const reason = blocked(actual);
  if (reason) return { ...change, action: 'unchanged', details: [`no longer defined, but ${reason}`] };
  const edited = !isUntouched(actual.uid, actual);
  const details = ['no longer defined', ...(edited ? ['edited by hand since'] : [])];
  const permitted = edited && flags.prune ? needs('--force', flags.force) : needs('--prune', flags.prune);
  return { ...change, action: 'delete', details, ...permitted };
}

/**
 * Changes from the dashboards that are there to those that are defined. Pure.
 * @param actual those with our uids, and all that carry our tag
 * @param to whose they are, and the uid of the folder in which they lie
 */
export function planDashboards(
  desired: readonly DesiredDashboard[],
  actual: readonly ActualDashboard[],
  to: { readonly owner: Owner; readonly folder: string },
  flags: Flags,
): PlannedChange[] {
  const { owner, folder } = to;
  const there = new Map(actual.map((d) => [d.uid, d]));
  const defined = new Set(desired.map((d) => d.uid));
  const orphans = actual.filter((d) => !defined.has(d.uid) && whose(d, owner, folder).ours);
  return [
    ...desired.map((wanted) => planDashboard(wanted, there.get(wanted.uid), owner, flags)),
    ...orphans.sort((a, b) => (a.uid < b.uid ? -1 : 1)).map((d) => planRemoval(d, flags)),
  ];
}

/** The folder of a run, and its line of the plan. */
export interface PlannedFolder {
  readonly uid: string;
  readonly change: PlannedChange;
}

const intoClosed = (folder: ActualFolder, fix: string): string =>
  `${folder.uid} is managed by ${folder.managedBy}, which lets no other tool put dashboards into it: ${fix}`;

/** The folder that has the uid. Only the one that is ours by its uid is ever given another title. */
function folderByUid(own: ActualFolder, title: string, flags: Flags): PlannedChange {
  const { uid, seen } = own;
  const change = { target: 'grafana', kind: 'folder', id: uid, title: own.title } as const;
  if (own.closed) {
    const details = [intoClosed(own, 'set GRAFANA_FOLDER_UID to another one')];
    return { ...change, action: 'blocked', details };
  }
  if (own.title === title) return { ...change, action: 'unchanged', details: [], seen };
  if (uid !== ownFolderUid || own.managedBy !== undefined)
    return { ...change, action: 'unchanged', details: ['keeps its title, because it is not ours'], seen };
  const details = [`title ${own.title} → ${title}`];
  return { ...change, title, action: 'edited', details, seen, ...needs('--force', flags.force) };
}

/**
 * The folder: the one with the uid, else the one at the root with the title, else one that is to be made. It is a
 * place, and no possession: it is used as it is. Pure.
 */
export function planFolder(
  uid: string,
  title: string,
  found: readonly ActualFolder[],
  flags: Flags,
): PlannedFolder {
  const own = found.find((f) => f.uid === uid);
  if (own) return { uid, change: folderByUid(own, title, flags) };
  const change = { target: 'grafana', kind: 'folder', title } as const;
  const open = found.filter((f) => !f.closed);
  const [first, second] = open;
  const blocked = (folder: ActualFolder, detail: string): PlannedFolder => ({
    uid: folder.uid,
    change: { ...change, id: folder.uid, action: 'blocked', details: [detail] },
  });
  if (first && second) {
    const uids = open.map((f) => f.uid).join(', ');
    return blocked(
      first,
      `several folders are called "${title}" (${uids}): set GRAFANA_FOLDER_UID to one of them`,
    );
  }
  if (first)
    return {
      uid: first.uid,
      change: { ...change, id: first.uid, action: 'unchanged', details: [], seen: first.seen },
    };
  const [closed] = found;
  if (closed) return blocked(closed, intoClosed(closed, 'set GRAFANA_FOLDER to another title'));
  return { uid, change: { ...change, id: uid, action: 'create', details: [] } };
}

/** Writes without a known folder wait, and say so. */
export const inFolder = (folder: PlannedChange, changes: readonly PlannedChange[]): PlannedChange[] =>
  changes.map((change) =>
    folder.action === 'blocked' && change.action !== 'unchanged'
      ? { ...change, details: [...change.details, 'waits for the folder'] }
      : change,
  );
