import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { projectPath } from '../../lib/root.ts';
import { say } from '../../lib/terminal.ts';
import { counted } from '../../lib/words.ts';
import type { Dashboard } from '../../panels/index.ts';
import {
  bundlePage,
  ensureInstalled,
  inputHashes,
  missingFrom,
  type Stamps,
  sha256,
  stalePictures,
  stampName,
} from '../../preview/index.ts';
import { withChromium } from './chromium.ts';
import { type DashboardPicture, takePictures } from './pictures.ts';
import { pictureSettings, recordingFile, type ScreenshotOptions, subjectOf } from './settings.ts';

const count = (dashboards: readonly unknown[]): string => counted(dashboards.length, 'dashboard');

/** Names of the files of one dashboard, with their contents. */
function filesOf({ dashboard, png, panels }: DashboardPicture): (readonly [name: string, png: Buffer])[] {
  return [
    [`${dashboard.uid}.png`, png] as const,
    ...panels.map((panel) => [`${dashboard.uid}/${panel.name}.png`, panel.png] as const),
  ];
}

/** Writes pictures below a folder; a panel that is gone leaves no picture behind. @returns how many */
export async function writePictures(folder: string, pictures: readonly DashboardPicture[]): Promise<number> {
  for (const picture of pictures) {
    const subfolder = join(folder, picture.dashboard.uid);
    await rm(subfolder, { recursive: true, force: true });
    await mkdir(subfolder, { recursive: true });
    for (const [name, png] of filesOf(picture)) await writeFile(join(folder, name), png);
  }
  return pictures.flatMap(filesOf).length;
}

/** Says how far the work is. */
export const announce = ({ dashboard, panels }: DashboardPicture): void =>
  say(`  ${dashboard.uid}: ${panels.length} panels`);

/** Inputs of each dashboard's pictures when they show a recording. */
export async function hashesOf(
  options: ScreenshotOptions,
  dashboards: readonly Dashboard[],
): Promise<Record<string, string>> {
  const text = await readFile(recordingFile(options), 'utf8');
  return inputHashes(dashboards, text, JSON.stringify(pictureSettings(options)));
}

async function writeStamps(options: ScreenshotOptions, pictures: readonly DashboardPicture[]): Promise<void> {
  const inputs = await hashesOf(
    options,
    pictures.map((p) => p.dashboard),
  );
  const stamps: Stamps = Object.fromEntries(
    pictures.map((picture) => {
      const { uid } = picture.dashboard;
      const files = Object.fromEntries(filesOf(picture).map(([name, png]) => [name, sha256(png)]));
      return [uid, { from: inputs[uid] ?? '', files }];
    }),
  );
  await writeFile(join(resolve(options.out), stampName), `${JSON.stringify(stamps, null, 2)}\n`);
}

/** Draws nothing, but says whether the pictures are those of today. @returns the exit code */
export async function checkPictures(options: ScreenshotOptions): Promise<number> {
  const { dashboards, recording } = await subjectOf({ ...options, prometheus: undefined, base: undefined });
  const missing = recording ? await missingFrom(recording, dashboards) : [];
  for (const place of missing) say(`Not in the recording: ${place}`);
  if (missing.length > 0) say('Record again: npm run preview -- --record simulation');
  const stale = stalePictures(resolve(options.out), await hashesOf(options, dashboards));
  for (const line of stale) say(`Out of date: ${line}`);
  if (stale.length > 0)
    say(`Take them again: npm run screenshots -- --out ${projectPath(resolve(options.out)) || '.'}`);
  if (stale.length + missing.length > 0) return 1;
  say(`The pictures of ${count(dashboards)} are current.`);
  return 0;
}

/** Takes the pictures of today. @returns the exit code */
export async function takeCurrent(options: ScreenshotOptions): Promise<number> {
  const settings = pictureSettings(options);
  const subject = await subjectOf(options);
  await ensureInstalled();
  const bundle = await bundlePage();
  const pictures = await withChromium((browser) =>
    takePictures({ ...subject, ...settings, bundle, browser }, announce),
  );
  const folder = resolve(options.out);
  const written = await writePictures(folder, pictures);
  if (options.prometheus === undefined) await writeStamps(options, pictures);
  say(`Took ${written} pictures of ${count(pictures)}.`);
  console.log(projectPath(folder));
  return 0;
}
