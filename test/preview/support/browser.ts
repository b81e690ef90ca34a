import { bundlePage } from '../../../src/preview/bundle.ts';
import { ensureInstalled } from '../../../src/preview/install.ts';
import { type PreviewServer, type ServerOptions, startServer } from '../../../src/preview/server.ts';
import {
  type Browser,
  findChromium,
  launchChromium,
  type Page,
} from '../../../src/review/screenshots/chromium.ts';
import { edges, everything } from './dashboards.ts';
import { fakeSource } from './fakeSource.ts';

/** False where there is no Chromium: these tests are then skipped, and say so. */
export const hasChromium = findChromium() !== undefined;
if (!hasChromium)
  console.warn(
    'SKIPPED: every test of the preview in a browser, because there is no Chromium. Install it with: apt-get install chromium',
  );

/** Enough for installing the packages on a slow machine. */
export const setupTimeout = 300_000;
/** A page may take seconds to open on a machine that is busy with other tests. */
export const testTimeout = 60_000;

/** A page that can be used as a person would. */
export interface LivePage extends Page {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  readonly mouse: {
    move(x: number, y: number, options?: { steps: number }): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
  click(selector: string): Promise<void>;
  focus(selector: string): Promise<void>;
  url(): string;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  on(event: 'request', listener: (request: { url(): string }) => void): void;
}

/** Everything that a page complained about, and every address outside of the preview that it asked for. */
export interface Complaints {
  readonly console: string[];
  readonly foreign: string[];
}

/** A preview in a browser. */
export interface Preview {
  readonly server: PreviewServer;
  readonly browser: Browser;
  open(path: string, width?: number): Promise<{ page: LivePage; complaints: Complaints }>;
  close(): Promise<void>;
}

/** Waits until an expression in the page is true. Asks from outside: the page forbids eval. */
export async function until(page: Page, expression: string, what = expression): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await page.evaluate<boolean>(`Boolean(${expression})`))) {
    if (Date.now() > end) throw new Error(`waited 20 s in vain for: ${what}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

/** Waits until everything is drawn. */
export const ready = (page: Page): Promise<void> => until(page, 'document.body.dataset.ready === "yes"');

async function openPage(
  browser: Browser,
  url: string,
  width: number,
): Promise<{ page: LivePage; complaints: Complaints }> {
  const viewport = { width, height: 1_700 };
  const page = (await browser.newPage({ viewport, timezoneId: 'UTC', reducedMotion: 'reduce' })) as LivePage;
  const complaints: Complaints = { console: [], foreign: [] };
  page.on('console', (message) => complaints.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.console.push(String(error)));
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(new URL(url).origin) && !address.startsWith('data:'))
      complaints.foreign.push(address);
  });
  await page.goto(url);
  await ready(page);
  return { page, complaints };
}

/** Installs what is needed, builds the page, and starts the preview on the test dashboards. */
export async function startPreview(options: Partial<ServerOptions> = {}): Promise<Preview> {
  await ensureInstalled();
  const bundle = options.bundle ?? (await bundlePage());
  const server = await startServer({
    source: fakeSource,
    dashboards: () => [everything, edges],
    ...options,
    bundle,
  });
  const browser = await launchChromium();
  return {
    server,
    browser,
    open: (path, width = 1_400) => openPage(browser, server.url + path, width),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
