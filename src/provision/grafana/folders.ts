import { createHash } from 'node:crypto';
import type { Flags, PlannedChange } from '../model.ts';
import { ownFolderUid } from '../names.ts';
import type { GrafanaSettings } from '../settings.ts';
import type { ActualFolder, GrafanaApi } from './api.ts';
import { type PlannedFolder, planFolder } from './plan.ts';

/** Where the dashboards go: their folder, and those around it as far as they are looked at. */
export interface Place {
  readonly folder: PlannedFolder;
  /** One for each folder, from the outside in. */
  readonly changes: readonly PlannedChange[];
  /** Those that are there. */
  readonly folders: readonly ActualFolder[];
  /** Uid of the folder around each folder; empty for the root. */
  readonly parents: ReadonlyMap<string, string>;
  /** Their titles as a path. */
  readonly path: string;
}

/** The uid of a folder on the way that we make: the same for the same path, so that two runs make it once. */
const uidOnTheWay = (titles: readonly string[]): string =>
  `${ownFolderUid}-${createHash('sha256').update(titles.join('\n')).digest('hex').slice(0, 8)}`;

/** Finds the folder, and plans it with those around it. A folder that has the uid is used wherever it is. */
export async function readFolders(
  api: GrafanaApi,
  { folderUid, folderPath }: Pick<GrafanaSettings, 'folderUid' | 'folderPath'>,
  flags: Flags,
): Promise<Place> {
  const title = folderPath.at(-1) ?? '';
  const around: PlannedFolder[] = [];
  const folders: ActualFolder[] = [];
  const parents = new Map<string, string>();
  const one = async (uid: string, named: string): Promise<PlannedFolder> => {
    const outer = around.at(-1);
    const parent = outer?.uid ?? '';
    const found = await api.findFolders(uid, named, parent);
    folders.push(...found);
    const planned = planFolder(uid, named, found, flags);
    parents.set(planned.uid, parent);
    return outer?.change.action === 'blocked' ? waiting(planned, outer) : planned;
  };
  const own = (await api.findFolders(folderUid, title, '')).find((f) => f.uid === folderUid);
  if (own === undefined)
    for (const [i, named] of folderPath.slice(0, -1).entries())
      around.push(await one(uidOnTheWay(folderPath.slice(0, i + 1)), named));
  const folder = await one(folderUid, title);
  const all = [...around, folder];
  return {
    folder,
    changes: all.map(({ change }) => change),
    folders,
    parents,
    path: all.map(({ change }) => change.title).join('/'),
  };
}

const waiting = (planned: PlannedFolder, outer: PlannedFolder): PlannedFolder => ({
  ...planned,
  change: {
    ...planned.change,
    action: 'blocked',
    details: [`waits for the folder ${outer.change.title}`],
  },
});
