import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectPath } from '../../lib/root.ts';
import { say } from '../../lib/terminal.ts';
import { counted } from '../../lib/words.ts';
import type { Loaded } from '../../pipeline/index.ts';
import {
  bundlePage,
  ensureInstalled,
  pictureLook,
  pictureName,
  picturesIn,
  type Stamps,
  sha256,
  staleOf,
  stampName,
  stampsIn,
} from '../../preview/index.ts';
import { withChromium } from './chromium.ts';
import { withPalette } from './palette.ts';
import { takePictures } from './pictures.ts';
import { subjectOf } from './settings.ts';
import { announce, hashesOf } from './take.ts';

/** Takes the pictures of the README anew, of each dashboard whose picture is out of date, and removes the others' of old. */
export async function updatePictures(loaded: Loaded): Promise<void> {
  const folder = picturesIn(loaded.generated);
  const none = { base: undefined, prometheus: undefined, recording: undefined, dashboards: undefined };
  const look = { theme: 'dark', width: String(pictureLook.width), scale: String(pictureLook.scale) };
  const options = { loaded, out: folder, check: false, at: undefined, ...none, ...look };
  const subject = await subjectOf(options);
  const inputs = await hashesOf(options, subject.dashboards);
  const stale = staleOf(folder, inputs).map(({ uid }) => uid);
  const dashboards = subject.dashboards.filter(({ uid }) => stale.includes(uid));
  const stamps: Record<string, Stamps[string]> = { ...stampsIn(folder) };
  await mkdir(folder, { recursive: true });
  if (dashboards.length > 0) {
    await ensureInstalled();
    const bundle = await bundlePage();
    const taken = await withChromium((browser) =>
      takePictures({ ...subject, dashboards, ...pictureLook, bundle, browser }, announce),
    );
    for (const { dashboard, png } of taken) {
      const name = pictureName(dashboard.uid);
      const small = await withPalette(png);
      await writeFile(join(folder, name), small);
      stamps[dashboard.uid] = { from: inputs[dashboard.uid] ?? '', files: { [name]: sha256(small) } };
    }
  }
  const current = Object.keys(stamps)
    .filter((uid) => uid in inputs)
    .sort();
  for (const name of await readdir(folder))
    if (name.endsWith('.png') && !current.map(pictureName).includes(name)) await rm(join(folder, name));
  const kept = Object.fromEntries(current.map((uid) => [uid, stamps[uid]]));
  await writeFile(join(folder, stampName), `${JSON.stringify(kept, null, 2)}\n`);
  const taken = counted(dashboards.length, 'picture');
  say(`${projectPath(folder)}: took ${taken}, ${current.length - dashboards.length} were current.`);
}
