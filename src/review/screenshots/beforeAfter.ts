import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Change } from '../../diff/index.ts';
import { projectPath } from '../../lib/root.ts';
import { say } from '../../lib/terminal.ts';
import type { Loaded } from '../../pipeline/index.ts';
import { bundlePage, ensureInstalled, recordedSource, type Source } from '../../preview/index.ts';
import { dashboardsAt, recordingAt, resolveRef } from './base.ts';
import { type Browser, withChromium } from './chromium.ts';
import { changedPanels, comparePictures, type DashboardComparison } from './compare.ts';
import { type PictureOptions, takePictures } from './pictures.ts';
import { pairHtml, reportHtml } from './report.ts';
import { pictureSettings, type ScreenshotOptions, type Subject, subjectOf } from './settings.ts';
import { type Simulation, simulationFor } from './simulated.ts';
import { announce, writePictures } from './take.ts';

/** Width of the pictures that set before and after beside each other. */
const pairWidth = 1_900;

async function takePairs(
  browser: Browser,
  folder: string,
  comparisons: readonly DashboardComparison[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const comparison of comparisons.filter((c) => c.state !== 'same')) {
    const page = await browser.newPage({ viewport: { width: pairWidth, height: 900 } });
    await page.setContent(pairHtml(comparison));
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.setViewportSize({ width: pairWidth, height });
    await writeFile(join(folder, `${comparison.uid}.png`), await page.screenshot());
    await page.close();
  }
}

/** The same data for both sides; queries that only the base asks come from the base's own recording. */
function sharedSource(
  { recording, source }: Subject,
  commit: string,
  loaded: Loaded,
  simulation: Simulation | undefined,
): { source: Source; notes: string[] } {
  if (!recording) return { source, notes: [] };
  const then = recordingAt(commit, loaded);
  if (!then) return { source: recordedSource([recording], simulation?.ask), notes: [] };
  const note =
    'The two sides were recorded at different times: what only the base asks is “not in the recording”.';
  return {
    source: recordedSource([recording, then], simulation?.ask),
    notes: then.time === recording.time ? [] : [note],
  };
}

/** Pictures of both sides, taken by the preview of today. */
async function takeBoth(
  common: Omit<PictureOptions, 'dashboards'>,
  commit: string,
  subject: Subject,
  loaded: Loaded,
): Promise<{
  before: Awaited<ReturnType<typeof takePictures>>;
  after: Awaited<ReturnType<typeof takePictures>>;
}> {
  say('Before:');
  const before = await takePictures({ ...common, dashboards: dashboardsAt(commit, loaded) }, announce);
  say('After:');
  const after = await takePictures({ ...common, dashboards: subject.dashboards }, announce);
  return { before, after };
}

/**
 * Takes pictures before and after, and writes the report that sets them beside each other.
 * @param changes what changed, in words, to stand beside the pictures
 * @returns the exit code
 */
export async function compareWithBase(
  options: ScreenshotOptions,
  ref: string,
  changes: readonly Change[] = [],
): Promise<number> {
  const commit = resolveRef(ref);
  const settings = pictureSettings(options);
  const subject = await subjectOf(options);
  await ensureInstalled();
  const { simulation, notes: simulated } = await simulationFor(subject, options.loaded);
  const { source, notes } = sharedSource(subject, commit, options.loaded, simulation);
  const bundle = await bundlePage();
  const folder = resolve(options.out);
  const work = withChromium(async (browser) => {
    const common = { ...settings, source, bundle, browser, views: subject.views };
    const { before, after } = await takeBoth(common, commit, subject, options.loaded);
    const dashboards = comparePictures(before, after);
    await writePictures(join(folder, 'before'), before);
    await writePictures(join(folder, 'after'), after);
    await takePairs(browser, join(folder, 'compare'), dashboards);
    const report = join(folder, 'report.html');
    const base = `${ref} (${commit.slice(0, 7)})`;
    await writeFile(
      report,
      reportHtml({ base, data: source.label, dashboards, changes, notes: [...notes, ...simulated] }),
    );
    say(`Different panels: ${dashboards.flatMap(changedPanels).length}.`);
    console.log(projectPath(report));
    return 0;
  });
  return await work.finally(() => simulation?.stop());
}
