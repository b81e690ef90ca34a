import type { GrafanaState, Spec } from './state.ts';

const seconds = (text: string): number | undefined => {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const factor = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] ?? ''];
  return match && factor ? Number(match[1]) * factor : undefined;
};

/** Why a Grafana of any version refuses a dashboard; undefined when it takes it. */
export function dashboardFault(
  state: GrafanaState,
  uid: string,
  spec: Spec,
  message: string,
): string | undefined {
  if (uid.length > 40) return 'uid too long, max 40 characters';
  if (!/^[a-zA-Z0-9_-]+$/.test(uid)) return 'uid contains illegal characters';
  const title = typeof spec.title === 'string' ? spec.title : '';
  if (title === '') return 'Dashboard title cannot be empty';
  if (title.length > 5000) return 'Dashboard title cannot contain more than 5 000 characters';
  if (message.length > 500) return 'Message too long, max 500 characters';
  for (const tag of (spec.tags ?? []) as string[])
    if (tag.length > 50) return 'dashboard tag too long, max 50 characters';
  const { refresh } = spec;
  if (typeof refresh === 'string' && refresh !== '' && refresh !== 'auto') {
    const interval = seconds(refresh);
    if (interval === undefined || interval < state.options.minRefreshSeconds)
      return 'Dashboard refresh interval is too low';
  }
  return undefined;
}

/** Faults that only the strict check of the newer API finds, each with its field. @param newest schema version that the release knows */
export function schemaFaults(spec: Spec, newest: number): { field: string; message: string }[] {
  const faults: { field: string; message: string }[] = [];
  const version = Number(spec.schemaVersion ?? 0);
  if (version < 13)
    faults.push({ field: 'spec.schemaVersion', message: `schema version ${version} is too old to migrate` });
  if (version > newest)
    faults.push({
      field: 'spec.schemaVersion',
      message: `schema version ${version} is newer than ${newest}`,
    });
  if (spec.panels !== undefined && !Array.isArray(spec.panels))
    faults.push({ field: 'spec.panels', message: 'must be a list' });
  for (const [i, panel] of (Array.isArray(spec.panels) ? (spec.panels as Spec[]) : []).entries())
    if (typeof panel.type !== 'string')
      faults.push({ field: `spec.panels[${i}].type`, message: 'must be a text' });
  if ('uid' in spec && typeof spec.uid !== 'string')
    faults.push({ field: 'spec.uid', message: 'must be a text' });
  return faults;
}

/** Why a folder is refused; undefined when it is taken. */
export function folderFault(uid: string, title: unknown): string | undefined {
  if (typeof title !== 'string' || title === '') return 'folder title cannot be empty';
  if (uid.length > 40 || !/^[a-zA-Z0-9_-]+$/.test(uid)) return 'invalid uid for folder provided';
  if (['general', 'sharedwithme'].includes(uid)) return `invalid uid for folder provided: ${uid} is reserved`;
  return undefined;
}

/** How deep folders may lie, where the configuration names no other limit. */
const mostLevels = 4;

/** Why a folder may not be made in another; undefined when it may. */
export function parentFault(state: GrafanaState, uid: string, parent: string): string | undefined {
  if (uid === parent) return 'folder cannot be parent of itself';
  let levels = 1;
  for (let at = parent; at !== ''; at = state.get('folders', at)?.folder ?? '') levels++;
  return levels > mostLevels ? `folder max depth exceeded, max depth is ${mostLevels}` : undefined;
}

/** Why nothing may be put into a folder: it is not there, or Git Sync keeps others out. @param manager of what is put there */
export function folderRefusal(
  state: GrafanaState,
  folder: string,
  manager: string | undefined,
): [code: number, reason: string, message: string] | undefined {
  if (folder === '') return undefined;
  if (!state.get('folders', folder))
    return [404, 'NotFound', `folders.folder.grafana.app "${folder}" not found`];
  if (state.isRepository(folder) && manager !== 'repo')
    return [403, 'Forbidden', `folder "${folder}" is managed by a repository`];
  return undefined;
}
