import { resolve } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import type { Dashboard } from '../../panels/index.ts';
import type { Loaded } from '../../pipeline/index.ts';
import {
  dashboardsIn,
  type RecordedView,
  type Recording,
  readDashboards,
  readRecording,
  recordingBeside,
  type Source,
  sourceFrom,
} from '../../preview/index.ts';

/** Options of `npm run screenshots`. */
export interface ScreenshotOptions {
  /** Dashboards and the recording are those beside its file, where no others are named. */
  readonly loaded: Loaded;
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

/** How the pictures look. */
export interface PictureSettings {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly scale: number;
}

/** The settings of the pictures. @throws UserError naming all that are wrong */
export function pictureSettings(
  options: Pick<ScreenshotOptions, 'theme' | 'width' | 'scale'>,
): PictureSettings {
  const wrong: string[] = [];
  const number = (name: 'width' | 'scale', from: number, to: number): number => {
    const value = Number(options[name]);
    if (!Number.isInteger(value) || value < from || value > to)
      wrong.push(`--${name} ${options[name]} is no whole number from ${from} to ${to}.`);
    return value;
  };
  const theme = options.theme === 'light' ? 'light' : 'dark';
  if (options.theme !== theme) wrong.push(`--theme ${options.theme} is neither light nor dark.`);
  const settings = { theme, width: number('width', 320, 4_000), scale: number('scale', 1, 3) } as const;
  if (wrong.length > 0) throw new UserError(wrong.join('\n'), 'See: npm run screenshots -- --help');
  return settings;
}

/** Dashboards to draw and the source of their numbers. */
export interface Subject {
  readonly source: Source;
  readonly dashboards: readonly Dashboard[];
  readonly views: readonly RecordedView[];
  /** Undefined for live data. */
  readonly recording: Recording | undefined;
}

/** The recording's file. */
export const recordingFile = ({
  recording,
  loaded,
}: Pick<ScreenshotOptions, 'recording' | 'loaded'>): string =>
  recording === undefined ? recordingBeside(loaded.file) : resolve(recording);

/** Reads what is to be drawn. @throws UserError when something is missing */
export async function subjectOf(options: ScreenshotOptions): Promise<Subject> {
  const { prometheus, at, base, dashboards: folder, loaded } = options;
  if (prometheus !== undefined && at === undefined && base !== undefined)
    throw new UserError('With --prometheus, --base needs --at: both sides must show the same moment.');
  const dashboards = readDashboards(folder === undefined ? dashboardsIn(loaded.generated) : resolve(folder));
  const file = recordingFile(options);
  const recording = prometheus === undefined ? await readRecording(file) : undefined;
  return {
    dashboards,
    source: await sourceFrom({ ...options, recording: file }),
    recording,
    views: recording?.views ?? [],
  };
}
