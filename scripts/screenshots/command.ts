import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Dashboard } from '../../preview/model/dashboard.ts';
import { UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';
import { bundlePage } from '../preview/bundle.ts';
import { dashboardsFolder, readDashboards } from '../preview/dashboards.ts';
import { ensureInstalled } from '../preview/install.ts';
import { sourceFrom } from '../preview/options.ts';
import { defaultRecording, type RecordedView, type Recording, readRecording } from '../preview/recording.ts';
import { recordedSource, type Source } from '../preview/source.ts';
import { dashboardsAt, recordingAt, resolveRef } from './base.ts';
import type { Change } from './change.ts';
import { type Browser, launchChromium } from './chromium.ts';
import { changedPanels, comparePictures, type DashboardComparison } from './compare.ts';
import { type DashboardPicture, type PictureOptions, takePictures } from './pictures.ts';
import { pairHtml, reportHtml } from './report.ts';
import { inputHashes, type Stamps, sha256, stalePictures, stampName } from './stamp.ts';

/** What `npm run screenshots` was asked for. */
export interface ScreenshotOptions {
  readonly out: string;
  readonly base: string | undefined;
  readonly check: boolean;
  readonly prometheus: string | undefined;
  readonly recording: string | undefined;
  readonly dashboards: string | undefined;
  readonly at: string | undefined;
  readonly theme: string;
  readonly width: string;
  readonly scale: string;
}

interface Settings {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly scale: number;
}

/** The settings of the pictures. @throws UserError naming all that are wrong */
export function pictureSettings({
  theme,
  width,
  scale,
}: Pick<ScreenshotOptions, 'theme' | 'width' | 'scale'>): Settings {
  const wrong: string[] = [];
  const number = (name: string, text: string, from: number, to: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < from || value > to)
      wrong.push(`--${name} ${text} is no whole number from ${from} to ${to}.`);
    return value;
  };
  if (theme !== 'light' && theme !== 'dark') wrong.push(`--theme ${theme} is neither light nor dark.`);
  const settings = {
    theme: theme as Settings['theme'],
    width: number('width', width, 320, 4_000),
    scale: number('scale', scale, 1, 3),
  };
  if (wrong.length > 0) throw new UserError(wrong.join('\n'), 'See: npm run screenshots -- --help');
  return settings;
}

interface Subject {
  readonly source: Source;
  readonly dashboards: readonly Dashboard[];
  readonly views: readonly RecordedView[];
  readonly recording: Recording | undefined;
}

const recordingFile = ({ recording }: ScreenshotOptions): string =>
  recording === undefined ? defaultRecording : resolve(recording);

async function subjectOf(options: ScreenshotOptions): Promise<Subject> {
  const dashboards = readDashboards(
    options.dashboards === undefined ? dashboardsFolder : resolve(options.dashboards),
  );
  const recording =
    options.prometheus === undefined ? await readRecording(recordingFile(options)) : undefined;
  if (options.prometheus !== undefined && options.at === undefined && options.base !== undefined)
    throw new UserError('With --prometheus, --base needs --at: both sides must show the same moment.');
  return { dashboards, source: await sourceFrom(options), recording, views: recording?.views ?? [] };
}

const byDashboard = (count: number): string => (count === 1 ? '1 dashboard' : `${count} dashboards`);

/** Names of the files of one dashboard, with their contents. */
function filesOf({ dashboard, png, panels }: DashboardPicture): (readonly [name: string, png: Buffer])[] {
  return [
    [`${dashboard.uid}.png`, png] as const,
    ...panels.map((panel) => [`${dashboard.uid}/${panel.name}.png`, panel.png] as const),
  ];
}

/** Writes pictures below a folder; panels that are gone leave no picture behind. */
async function writePictures(folder: string, pictures: readonly DashboardPicture[]): Promise<number> {
  let count = 0;
  for (const picture of pictures) {
    const subfolder = join(folder, picture.dashboard.uid);
    await rm(subfolder, { recursive: true, force: true });
    await mkdir(subfolder, { recursive: true });
    for (const [name, png] of filesOf(picture)) {
      await writeFile(join(folder, name), png);
      count += 1;
    }
  }
  return count;
}

/** The inputs' hashes of a run without --prometheus. */
async function hashesOf(
  options: ScreenshotOptions,
  dashboards: readonly Dashboard[],
): Promise<Record<string, string>> {
  const text = await readFile(recordingFile(options), 'utf8');
  return inputHashes(dashboards, text, JSON.stringify(pictureSettings(options)));
}

async function checkPictures(options: ScreenshotOptions): Promise<number> {
  const { dashboards } = await subjectOf({ ...options, prometheus: undefined, base: undefined });
  const stale = stalePictures(resolve(options.out), await hashesOf(options, dashboards));
  for (const line of stale) say(`Out of date: ${line}`);
  if (stale.length === 0) say(`The pictures of ${byDashboard(dashboards.length)} are current.`);
  else say(`Take them again: npm run screenshots -- --out ${projectPath(resolve(options.out)) || '.'}`);
  return stale.length === 0 ? 0 : 1;
}

async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchChromium();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

const announce = ({ dashboard, panels }: DashboardPicture): void =>
  say(`  ${dashboard.uid}: ${panels.length} panels`);

async function takeCurrent(options: ScreenshotOptions, subject: Subject): Promise<number> {
  const folder = resolve(options.out);
  const bundle = await bundlePage();
  const pictures = await withBrowser((browser) =>
    takePictures({ ...subject, ...pictureSettings(options), bundle, browser }, announce),
  );
  const count = await writePictures(folder, pictures);
  if (options.prometheus === undefined) {
    const from = await hashesOf(options, subject.dashboards);
    const stamps: Stamps = Object.fromEntries(
      pictures.map((picture) => {
        const files = Object.fromEntries(filesOf(picture).map(([name, png]) => [name, sha256(png)]));
        return [picture.dashboard.uid, { from: from[picture.dashboard.uid] ?? '', files }];
      }),
    );
    await writeFile(join(folder, stampName), `${JSON.stringify(stamps, null, 2)}\n`);
  }
  say(`Took ${count} pictures of ${byDashboard(pictures.length)}.`);
  console.log(projectPath(folder));
  return 0;
}

async function takePairs(
  browser: Browser,
  folder: string,
  comparisons: readonly DashboardComparison[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const comparison of comparisons.filter((c) => c.state !== 'same')) {
    const page = await browser.newPage({ viewport: { width: 1_900, height: 900 } });
    await page.setContent(pairHtml(comparison));
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.setViewportSize({ width: 1_900, height });
    await writeFile(join(folder, `${comparison.uid}.png`), await page.screenshot());
    await page.close();
  }
}

/** The same data for both sides; queries that only one side asks come from that side's own recording. */
function sharedSource(
  now: Recording | undefined,
  then: Recording | undefined,
  live: Source,
): { source: Source; notes: string[] } {
  if (!now) return { source: live, notes: [] };
  const notes =
    then && then.time !== now.time
      ? [
          'The two sides were recorded at different times: what only the base asks shows “not in the recording”.',
        ]
      : [];
  return { source: recordedSource(then ? [now, then] : [now]), notes };
}

/**
 * Takes pictures before and after, and writes the report that sets them beside each other.
 * @param changes what changed, in words, to stand beside the pictures
 */
export async function compareWithBase(
  options: ScreenshotOptions,
  ref: string,
  changes: readonly Change[] = [],
): Promise<number> {
  const commit = resolveRef(ref);
  const subject = await subjectOf(options);
  await ensureInstalled();
  const old = dashboardsAt(commit);
  const { source, notes } = sharedSource(subject.recording, recordingAt(commit), subject.source);
  const bundle = await bundlePage();
  const folder = resolve(options.out);
  return await withBrowser(async (browser) => {
    const common: Omit<PictureOptions, 'dashboards'> = {
      ...pictureSettings(options),
      source,
      bundle,
      browser,
      views: subject.views,
    };
    say(`Before (${ref}):`);
    const before = await takePictures({ ...common, dashboards: old }, announce);
    say('After:');
    const after = await takePictures({ ...common, dashboards: subject.dashboards }, announce);
    const dashboards = comparePictures(before, after);
    await writePictures(join(folder, 'before'), before);
    await writePictures(join(folder, 'after'), after);
    await takePairs(browser, join(folder, 'compare'), dashboards);
    const report = join(folder, 'report.html');
    const base = `${ref} (${commit.slice(0, 7)})`;
    await writeFile(report, reportHtml({ base, data: source.label, dashboards, changes, notes }));
    const count = dashboards.reduce((sum, d) => sum + changedPanels(d).length, 0);
    say(`${count} panels look or are different.`);
    console.log(projectPath(report));
    return 0;
  });
}

/** Takes pictures, compares them with a base, or checks that they are current. */
export async function screenshots(options: ScreenshotOptions): Promise<number> {
  pictureSettings(options);
  if (options.check) return await checkPictures(options);
  if (options.base !== undefined) return await compareWithBase(options, options.base);
  const subject = await subjectOf(options);
  await ensureInstalled();
  return await takeCurrent(options, subject);
}
