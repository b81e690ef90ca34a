import type { Change, Flag, Flags } from '../model.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard } from './api.ts';
import { describeDashboard } from './describe.ts';
import { appliedHash, contentHash, isUntouched } from './ownership.ts';

/** Uid of the folder that we make; a folder of somebody else's with the right title is used as it is. */
export const ownFolderUid = 'deployment-observability';

/** The switch, unless it was given. */
const needs = (flag: Flag, given: boolean): { needs?: Flag } => (given ? {} : { needs: flag });

const base = (dashboard: { uid: string; title: string }) =>
  ({ target: 'grafana', kind: 'dashboard', id: dashboard.uid, title: dashboard.title }) as const;

const moved = (from: string, to: string): string[] =>
  from === to ? [] : [`folder ${from || 'at the root'} becomes ${to || 'the root'}`];

/** Why we may not write this object at all; undefined when we may. */
function blocked(actual: ActualDashboard): string | undefined {
  if (actual.managedBy) return `managed by ${actual.managedBy}: remove it there first`;
  if (actual.newerFormat)
    return 'saved by Grafana’s editor in its newer format (v2), which would be lost: delete it in Grafana, or export what you need first';
  return undefined;
}

function planDashboard(wanted: DesiredDashboard, actual: ActualDashboard | undefined, flags: Flags): Change {
  const change = base(wanted);
  if (actual === undefined) return { ...change, action: 'create', details: [] };
  const reason = blocked(actual);
  if (reason) return { ...change, action: 'blocked', details: [reason] };
  const hash = contentHash(wanted.spec, wanted.folder);
  const there = contentHash(actual.spec, actual.folder);
  const applied = appliedHash(actual.uid, actual.spec);
  const untouched = isUntouched(actual.uid, actual);
  const words = [...moved(actual.folder, wanted.folder), ...describeDashboard(actual.spec, wanted.spec)];
  const seen = actual.seen;
  if (applied === undefined) {
    const details = words.length > 0 ? words : ['shows the same already'];
    return { ...change, action: 'adopt', details, seen, ...needs('--adopt', flags.adopt) };
  }
  if (applied === hash && untouched) return { ...change, action: 'unchanged', details: [], seen };
  if (untouched) return { ...change, action: 'update', details: words, seen };
  // Somebody made by hand what is defined now: only our mark is behind.
  if (there === hash)
    return { ...change, action: 'update', details: ['only the mark of what was applied'], seen };
  const by = actual.savedBy ? `, last by ${actual.savedBy}` : '';
  const back = words.length > 0 ? words : ['settings that no word here describes'];
  const details = [`changed since it was applied${by}; bringing it back means:`, ...back];
  return { ...change, action: 'edited', details, seen, ...needs('--force', flags.force) };
}

function planRemoval(actual: ActualDashboard, flags: Flags): Change {
  const change = { ...base(actual), seen: actual.seen };
  const reason = blocked(actual);
  if (reason) return { ...change, action: 'unchanged', details: [`no longer defined, but ${reason}`] };
  const edited = !isUntouched(actual.uid, actual);
  const details = ['no longer defined', ...(edited ? ['edited by hand since'] : [])];
  const permitted = edited && flags.prune ? needs('--force', flags.force) : needs('--prune', flags.prune);
  return { ...change, action: 'delete', details, ...permitted };
}

/**
 * What stands between the dashboards that are defined and those that are there. Pure.
 * @param actual those with our uids, and all that carry our tag
 */
export function planDashboards(
  desired: readonly DesiredDashboard[],
  actual: readonly ActualDashboard[],
  flags: Flags,
): Change[] {
  const there = new Map(actual.map((d) => [d.uid, d]));
  const defined = new Set(desired.map((d) => d.uid));
  const orphans = actual.filter((d) => !defined.has(d.uid) && appliedHash(d.uid, d.spec) !== undefined);
  return [
    ...desired.map((wanted) => planDashboard(wanted, there.get(wanted.uid), flags)),
    ...orphans.sort((a, b) => (a.uid < b.uid ? -1 : 1)).map((d) => planRemoval(d, flags)),
  ];
}

/** The folder: ours by its uid, else somebody's with the title, else to be made. Pure. */
export function planFolder(
  uid: string,
  title: string,
  found: readonly ActualFolder[],
  flags: Flags,
): { readonly uid: string; readonly change: Change } {
  const change = { target: 'grafana', kind: 'folder', title } as const;
  const own = found.find((f) => f.uid === uid);
  if (own && own.title !== title) {
    const details = [`title "${own.title}" becomes "${title}"`];
    const forced = needs('--force', flags.force);
    return { uid, change: { ...change, id: uid, action: 'edited', details, seen: own.seen, ...forced } };
  }
  if (own) return { uid, change: { ...change, id: uid, action: 'unchanged', details: [], seen: own.seen } };
  const [first, second] = found;
  if (first && second) {
    const uids = found.map((f) => f.uid).join(', ');
    const details = [
      `several folders are called "${title}" (${uids}): set GRAFANA_FOLDER_UID to one of them`,
    ];
    return { uid: first.uid, change: { ...change, id: first.uid, action: 'blocked', details } };
  }
  if (first)
    return {
      uid: first.uid,
      change: { ...change, id: first.uid, action: 'unchanged', details: [], seen: first.seen },
    };
  return { uid, change: { ...change, id: uid, action: 'create', details: [] } };
}
