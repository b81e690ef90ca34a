import { EnvironmentFailure } from '../../lib/errors.ts';
import {
  type Dashboard,
  dataPanels,
  type Panel,
  panelKey,
  parseView,
  repeated,
  surroundingsOfLook,
} from '../../panels/index.ts';
import { type Bundle, type RecordedView, type Source, startServer } from '../../preview/index.ts';
import type { Box, Browser, Page } from './chromium.ts';

/** How pictures are taken. */
export interface PictureOptions {
  readonly browser: Browser;
  readonly bundle: Bundle;
  readonly source: Source;
  readonly dashboards: readonly Dashboard[];
  readonly views: readonly RecordedView[];
  readonly theme: 'light' | 'dark';
  /** CSS pixels. */
  readonly width: number;
  /** Device pixels for each CSS pixel. */
  readonly scale: number;
}

/** A panel's picture. */
export interface PanelPicture {
  readonly panel: Panel;
  readonly name: string;
  readonly png: Buffer;
  /** Where it stands in the dashboard's picture; undefined inside a row that is closed there. */
  readonly box: Box | undefined;
}

/** A dashboard's picture and those of its panels. */
export interface DashboardPicture {
  readonly dashboard: Dashboard;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
  readonly panels: readonly PanelPicture[];
}

/** A title as a part of a file name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');

/** A panel's file name without its ending: its id, and its title for people. */
export function panelName(panel: Panel): string {
  const values = Object.values(panel.scope ?? {}).flatMap(({ value }) => value);
  return [String(panel.id), slug([panel.title ?? '', ...values].join(' '))].filter(Boolean).join('-');
}

const readyWithin = 30_000;
/** Pictures are taken until two in a row are the same: nothing is still moving. */
const mostTries = 6;

/** Waits until the page says that everything is drawn. Asks from here: the page's own policy forbids eval in it. */
async function waitUntilReady(page: Page, what: string): Promise<void> {
  const end = Date.now() + readyWithin;
  while ((await page.evaluate('document.body.dataset.ready')) !== 'yes') {
    if (Date.now() > end)
      throw new EnvironmentFailure(
        `${what} was not drawn within ${readyWithin / 1_000} s.`,
        'No more pictures were taken. Look at it with: npm run preview',
      );
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await page.waitForLoadState('networkidle');
}

/** The whole page, once it has come to rest. */
async function stableScreenshot(page: Page): Promise<Buffer> {
  let last = await page.screenshot();
  for (let i = 0; i < mostTries; i += 1) {
    const next = await page.screenshot();
    if (next.equals(last)) return next;
    last = next;
  }
  return last;
}

async function open(page: Page, address: string, options: PictureOptions, what: string): Promise<number> {
  await page.setViewportSize({ width: options.width, height: 900 });
  await page.goto(address);
  await waitUntilReady(page, what);
  const height = await page.evaluate<number>('Math.ceil(document.getElementById("root").scrollHeight)');
  // Panels outside the window are not always painted.
  await page.setViewportSize({ width: options.width, height: Math.max(200, height) });
  await waitUntilReady(page, what);
  return Math.max(200, height);
}

/** Boxes of all panels on the page, by id. */
const boxesScript = `Object.fromEntries([...document.querySelectorAll('[data-panel-id]')].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [element.dataset.panelId, { x, y, width, height }];
}))`;
type Boxes = Readonly<Record<string, Box>>;

/**
 * Puts a panel alone into the corner of the window, or back. Edges are smoothed a little differently from place to
 * place, and a panel that only slid down must not look like one that changed.
 */
const aloneScript = (key: string, alone: boolean): string => `{
  const panel = document.querySelector('[data-panel-id="' + CSS.escape(${JSON.stringify(key)}) + '"]');
  panel.classList.toggle('preview-alone', ${alone});
  document.getElementById('root').classList.toggle('preview-others', ${alone});
}`;

async function panelPictures(
  page: Page,
  panels: readonly Panel[],
  inDashboard: Boxes,
): Promise<PanelPicture[]> {
  const boxes = await page.evaluate<Boxes>(boxesScript);
  const pictures: PanelPicture[] = [];
  for (const panel of panels) {
    const clip = boxes[panelKey(panel)];
    if (!clip) continue;
    await page.evaluate(aloneScript(panelKey(panel), true));
    const png = await page.screenshot({ clip: { ...clip, x: 0, y: 0 } });
    await page.evaluate(aloneScript(panelKey(panel), false));
    pictures.push({ panel, name: panelName(panel), png, box: inDashboard[panelKey(panel)] });
  }
  return pictures;
}

const searchOf = (uid: string, { views }: PictureOptions): string =>
  views.find((view) => view.dashboard === uid)?.search ?? '';

/** The panels as the page shows them, with the copies of repeated ones. */
async function shownPanels(dashboard: Dashboard, options: PictureOptions): Promise<Panel[]> {
  const { now, ask } = options.source;
  const look = parseView(`/d/${dashboard.uid}`, searchOf(dashboard.uid, options));
  const { around } = await surroundingsOfLook(dashboard, look, now(), ask);
  return dataPanels(repeated(dashboard, around.values));
}

function addressOf(url: string, uid: string, options: PictureOptions, expand: boolean): string {
  const { theme } = options;
  const search = searchOf(uid, options);
  const parts = [search, `theme=${theme}`, 'kiosk=1', expand ? 'expand=1' : ''].filter(Boolean);
  return `${url}/d/${encodeURIComponent(uid)}?${parts.join('&')}`;
}

async function pictureOf(
  dashboard: Dashboard,
  page: Page,
  url: string,
  options: PictureOptions,
): Promise<DashboardPicture> {
  const { uid, panels } = dashboard;
  const height = await open(page, addressOf(url, uid, options, false), options, uid);
  const png = await stableScreenshot(page);
  const boxes = await page.evaluate<Boxes>(boxesScript);
  // Panels in closed rows get their pictures from the same page with every row open.
  if (panels.some((p) => p.type === 'row' && p.collapsed)) {
    await open(page, addressOf(url, uid, options, true), options, uid);
    await stableScreenshot(page);
  }
  const taken = await panelPictures(page, await shownPanels(dashboard, options), boxes);
  return { dashboard, png, width: options.width, height, panels: taken };
}

/**
 * Takes a picture of every dashboard and of every panel. The same input gives the same bytes.
 * @param onPicture called after each dashboard
 */
export async function takePictures(
  options: PictureOptions,
  onPicture: (picture: DashboardPicture) => void = () => undefined,
): Promise<DashboardPicture[]> {
  const { source, bundle, dashboards, views, browser, width, scale } = options;
  const server = await startServer({ source, bundle, views, dashboards: () => dashboards });
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    deviceScaleFactor: scale,
    timezoneId: 'UTC',
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  try {
    const pictures: DashboardPicture[] = [];
    for (const dashboard of dashboards) {
      const picture = await pictureOf(dashboard, page, server.url, options);
      pictures.push(picture);
      onPicture(picture);
    }
    return pictures;
  } finally {
    await page.close();
    await server.close();
  }
}
