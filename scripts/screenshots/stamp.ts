import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { previewFolder } from '../preview/install.ts';

/** File beside the pictures that says what they were made of. */
export const stampName = 'pictures.json';

/** What a dashboard's pictures were made of, and what came out, as hashes. */
export interface Stamp {
  /** Dashboard, recording and the preview's own code. */
  readonly from: string;
  readonly files: Readonly<Record<string, string>>;
}
export type Stamps = Readonly<Record<string, Stamp>>;

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Everything that decides how a dashboard is drawn, besides the dashboard and its data. */
function rendererHash(): string {
  const folders = ['model', 'page', 'icons'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(previewFolder, folder), { recursive: true, withFileTypes: true })
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

/**
 * Why the pictures in a folder are not those of today: a sentence for each dashboard; empty when they are.
 * Nothing is drawn for that: only hashes are compared.
 */
export function stalePictures(folder: string, inputs: Readonly<Record<string, string>>): string[] {
  const file = join(folder, stampName);
  if (!existsSync(file)) return [`there is no ${stampName}: no pictures were taken yet`];
  const stamps = JSON.parse(readFileSync(file, 'utf8')) as Stamps;
  const changed = Object.entries(inputs).flatMap(([uid, from]) => {
    const stamp = stamps[uid];
    if (!stamp) return [`${uid}: has no pictures`];
    if (stamp.from !== from)
      return [`${uid}: the dashboard, its data or the preview changed since its pictures were taken`];
    const broken = Object.entries(stamp.files).find(
      ([name, hash]) => !existsSync(join(folder, name)) || sha256(readFileSync(join(folder, name))) !== hash,
    );
    return broken ? [`${uid}: ${broken[0]} is missing or was edited`] : [];
  });
  const gone = Object.keys(stamps).filter((uid) => !(uid in inputs));
  return [...changed, ...gone.map((uid) => `${uid}: has pictures but is no dashboard any more`)];
}
