import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../lib/root.ts';
import { previewFolder } from './install.ts';

/** File beside the pictures that says what they were made of. */
export const stampName = 'pictures.json';

/** Hashes of the inputs of a dashboard's pictures, and of the pictures. */
export interface Stamp {
  /** Dashboard, recording and the preview's own code. */
  readonly from: string;
  readonly files: Readonly<Record<string, string>>;
}
export type Stamps = Readonly<Record<string, Stamp>>;

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Everything that decides how a dashboard is drawn, besides the dashboard and its data. */
function rendererHash(): string {
  const folders = [inProject('src', 'panels'), join(previewFolder, 'page'), join(previewFolder, 'icons')];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files, join(previewFolder, 'package-lock.json'), join(previewFolder, 'page.html')].sort();
  return sha256(all.map((file) => sha256(readFileSync(file))).join('\n'));
}

/** The hash of what each dashboard's pictures are made of. @param recording the text of the recording */
export function inputHashes(
  dashboards: readonly { uid: string }[],
  recording: string,
  settings: string,
): Record<string, string> {
  const common = [rendererHash(), sha256(recording), settings];
  return Object.fromEntries(
    dashboards.map((dashboard) => [dashboard.uid, sha256([JSON.stringify(dashboard), ...common].join('\n'))]),
  );
}

/** A dashboard whose pictures are not those of today, and why. */
export interface StalePicture {
  readonly uid: string;
  readonly why: string;
}

/** Stamps beside pictures; none where no pictures were taken yet, or where they cannot be read. */
export function stampsIn(folder: string): Stamps | undefined {
  try {
    const all = JSON.parse(readFileSync(join(folder, stampName), 'utf8')) as Record<string, unknown>;
    // Stamps of older versions are ignored.
    return Object.fromEntries(Object.entries(all).filter(([, stamp]) => typeof stamp === 'object')) as Stamps;
  } catch {
    return undefined;
  }
}

/** Whose pictures in a folder are not those of today. Nothing is drawn for that: only hashes are compared. */
export function staleOf(folder: string, inputs: Readonly<Record<string, string>>): StalePicture[] {
  const stamps = stampsIn(folder) ?? {};
  const changed = Object.entries(inputs).flatMap(([uid, from]) => {
    const stamp = stamps[uid];
    if (!stamp) return [{ uid, why: 'has no pictures' }];
    if (stamp.from !== from)
      return [{ uid, why: 'the dashboard, its data or the preview changed since its pictures were taken' }];
    const broken = Object.entries(stamp.files).find(
      ([name, hash]) => !existsSync(join(folder, name)) || sha256(readFileSync(join(folder, name))) !== hash,
    );
    return broken ? [{ uid, why: `${broken[0]} is missing or was edited` }] : [];
  });
  const gone = Object.keys(stamps).filter((uid) => !(uid in inputs));
  return [...changed, ...gone.map((uid) => ({ uid, why: 'has pictures but is no dashboard any more' }))];
}

/** Why the pictures in a folder are not those of today: a sentence for each dashboard; empty when they are. */
export function stalePictures(folder: string, inputs: Readonly<Record<string, string>>): string[] {
  if (!stampsIn(folder)) return [`there is no ${stampName} that can be read: no pictures were taken yet`];
  return staleOf(folder, inputs).map(({ uid, why }) => `${uid}: ${why}`);
}
