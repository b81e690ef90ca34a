import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import { previewFolder } from '../../preview/index.ts';

/** Names under which Chromium and its relatives are installed. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const install = 'Install it with: apt-get install chromium (or name another one in CHROMIUM_BIN).';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium's path: CHROMIUM_BIN, else the first on PATH; undefined when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_BIN) return isExecutable(env.CHROMIUM_BIN) ? env.CHROMIUM_BIN : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

/** The part of playwright that is used here; the package itself is the preview's. */
export interface Page {
  goto(url: string): Promise<unknown>;
  setContent(html: string): Promise<void>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  waitForLoadState(state: 'networkidle'): Promise<void>;
  evaluate<T>(script: string): Promise<T>;
  screenshot(options?: { clip?: Box; type?: 'png' }): Promise<Buffer>;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  close(): Promise<void>;
}

/** A rectangle in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A running Chromium. */
export interface Browser {
  newPage(options: {
    viewport: { width: number; height: number };
    deviceScaleFactor?: number;
    timezoneId?: string;
    locale?: string;
    reducedMotion?: 'reduce';
  }): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser>;
  };
}

/** No sandbox only for root, where Chromium refuses to start with it; nothing but our own page is opened. */
const launchArguments = (): string[] => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  // The same pixels on every machine.
  '--force-color-profile=srgb',
  '--disable-lcd-text',
  '--font-render-hinting=none',
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
];

/** Starts Chromium. The preview's packages must be installed. @throws EnvironmentFailure saying how to get it */
export async function launchChromium(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const executablePath = findChromium(env);
  if (executablePath === undefined) {
    if (env.CHROMIUM_BIN) throw new UserError(`CHROMIUM_BIN names no program: ${env.CHROMIUM_BIN}.`, install);
    throw new EnvironmentFailure('Chromium was not found on the PATH.', `No pictures were taken. ${install}`);
  }
  const { chromium } = createRequire(join(previewFolder, 'package.json'))('playwright-core') as Playwright;
  try {
    return await chromium.launch({ executablePath, args: launchArguments() });
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    throw new EnvironmentFailure(
      `Chromium at ${executablePath} does not start: ${reason}`,
      `No pictures were taken. ${install}`,
    );
  }
}

/** Starts Chromium, uses it, and ends it also after an error. */
export async function withChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchChromium();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
