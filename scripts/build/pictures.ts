import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../lib/finding.ts';
import { inProject } from '../lib/root.ts';
import type { Artefacts } from './artefacts.ts';
import { sha256 } from './manifest.ts';

/** Where the pictures are that the README and the docs show. */
export const picturesFolder: string = inProject('generated', 'images');
/** Of which dashboards they are: hash of each one's JSON, by its path below `generated/`. */
export const stampFile: string = join(picturesFolder, 'pictures.json');
/** What is in that file. */
export type PictureStamp = Readonly<Record<string, string>>;

/** File name of a dashboard's picture. */
export const pictureName = (path: string): string =>
  `${path
    .split('/')
    .at(-1)
    ?.replace(/\.json$/, '')}.png`;

/** A warning for each dashboard that has changed since its picture was taken. */
export function stalePictures(artefacts: Artefacts, file: string = stampFile): Finding[] {
  const stamp = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PictureStamp) : {};
  return [...artefacts]
    .filter(([path, text]) => path.startsWith('grafana/dashboards/') && stamp[path] !== sha256(text))
    .map(([path]) => ({
      id: 'picture-stale',
      severity: 'warning',
      summary: `The picture of ${pictureName(path).replace('.png', '')} is not of what it is now.`,
      place: ['generated', 'images', pictureName(path)],
      file: `generated/images/${pictureName(path)}`,
      fix: 'Run "npm run pictures" and commit what it writes.',
    }));
}
