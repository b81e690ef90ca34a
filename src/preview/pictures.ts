import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artefacts } from '../compile/index.ts';
import type { Finding } from '../lib/finding.ts';
import { inProject } from '../lib/root.ts';
import { parseDashboard } from '../panels/index.ts';
import { recordingBeside } from './recording.ts';
import { inputHashes, staleOf } from './stamp.ts';

/** Where the pictures are that the README and the docs show, with what they were made of. @param generated the folder of what was built */
export const picturesIn = (generated: string): string => join(generated, 'images');

/** File name of a dashboard's picture. */
export const pictureName = (uid: string): string => `${uid}.png`;

/** How the pictures of the README are taken: as "npm run screenshots" does it when nothing else is asked for. */
export const pictureLook = { theme: 'dark', width: 1_600, scale: 1 } as const;

const recording = recordingBeside(inProject('pipeline.config.ts'));

/**
 * A warning for each picture that is missing, was edited, or shows something else than it would today: another
 * dashboard, other data, or another way to draw. Never an error: fixing an alert must not need a browser.
 */
export function stalePictureFindings(
  artefacts: Artefacts,
  folder: string = picturesIn(inProject('generated')),
): Finding[] {
  // A copy of the project without the preview has nothing to draw with, and nothing to compare.
  if (!existsSync(recording)) return [];
  const dashboards = [...artefacts]
    .filter(([path]) => path.startsWith('grafana/dashboards/'))
    // As the preview reads them, which leaves out what it does not draw.
    .map(([, text]) => parseDashboard(text));
  const inputs = inputHashes(dashboards, readFileSync(recording, 'utf8'), JSON.stringify(pictureLook));
  return staleOf(folder, inputs).map(({ uid, why }) => ({
    id: 'picture-stale',
    severity: 'warning',
    summary: `The picture of ${uid} is not what it would be now: ${why}.`,
    place: ['generated', 'images', pictureName(uid)],
    file: existsSync(join(folder, pictureName(uid)))
      ? `generated/images/${pictureName(uid)}`
      : `generated/grafana/dashboards/${uid}.json`,
    fix: 'Run "npm run pictures" and commit what it writes.',
  }));
}
