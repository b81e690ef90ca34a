import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { parseDashboard } from '../../src/panels/dashboard.ts';
import { type Bundle, bundlePage } from '../../src/preview/bundle.ts';
import { ensureInstalled } from '../../src/preview/install.ts';
import { startServer } from '../../src/preview/server.ts';
import { liveSource } from '../../src/preview/source.ts';
import { type Browser, launchChromium, type Page } from '../../src/review/screenshots/chromium.ts';
import { ready } from '../preview/support/browser.ts';
import { dashboards } from '../relay.ts';
import { type DrawnPanel, drawnPanels } from './look.ts';
import { moments } from './stage.ts';
import type { Look, State } from './states.ts';

const built = dashboards();
const shown = built.map(({ json }) => parseDashboard(JSON.stringify(json)));

/** Text for no data of each panel of a dashboard, by id. */
export const noDataOf = (uid: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (built.find((d) => d.definition.uid === uid)?.panels ?? []).map(({ panel }) => [
      String(panel.id),
      panel.fieldConfig?.defaults.noValue ?? '',
    ]),
  );

/** Panels of a page as they are drawn in one look. */
export interface Taken extends Look {
  readonly panels: readonly DrawnPanel[];
  /** How far the page can be scrolled sideways, CSS pixels. */
  readonly tooWide: number;
}

/** Opens dashboards on a Prometheus as it was at a moment. */
export interface Camera {
  /**
   * Draws a state, keeps its pictures if a folder for pictures is named, and says what is drawn in each look: the page
   * is loaded once. @param url the Prometheus
   */
  take(url: string, state: State, looks: readonly Look[]): Promise<Taken[]>;
  close(): Promise<void>;
}

/** Where pictures are kept: a folder named by SCREENS, or nowhere. */
const folder = process.env.SCREENS;
const fileName = ({ dashboard, name }: State, { width, theme }: Look): string =>
  `${[
    dashboard.replace('deployment-', ''),
    name.replaceAll(/\W+/g, '-'),
    width === 1440 ? '' : width,
    theme === 'dark' ? '' : theme,
  ]
    .filter(Boolean)
    .join('.')}.png`;

async function keep(page: Page, state: State, look: Look): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, fileName(state, look)), await page.screenshot());
}

/** Gives a page its width, and the height of all that is on it. */
async function fit(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate('new Promise((done) => setTimeout(() => requestAnimationFrame(done), 100))');
  await ready(page);
  const height = await page.evaluate<number>('Math.ceil(document.getElementById("root").scrollHeight)');
  await page.setViewportSize({ width, height: Math.max(900, height) });
  await ready(page);
}

/** Changes the theme as a click would, with what is loaded. */
async function paint(page: Page, theme: Look['theme']): Promise<void> {
  const script = `{
    const address = new URL(location.href);
    if (address.searchParams.get('theme') !== '${theme}') {
      address.searchParams.set('theme', '${theme}');
      delete document.body.dataset.ready;
      history.replaceState(null, '', address);
      dispatchEvent(new PopStateEvent('popstate'));
    }
  }`;
  await page.evaluate(script);
  await ready(page);
}

async function lookAt(page: Page, state: State, look: Look): Promise<Taken> {
  await fit(page, look.width);
  await paint(page, look.theme);
  const panels = await drawnPanels(page);
  const tooWide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  await keep(page, state, look);
  return { ...look, panels, tooWide };
}

/** Starts a browser. */
export async function startCamera(): Promise<Camera> {
  await ensureInstalled();
  const bundle: Bundle = await bundlePage();
  const browser: Browser = await launchChromium();
  const options = { timezoneId: 'UTC', locale: 'en-US', reducedMotion: 'reduce' as const };
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 }, ...options });
  return {
    take: async (url, state, looks) => {
      const source = liveSource(new Prometheus(url), 'test', moments[state.moment] * 1_000);
      const server = await startServer({ source, bundle, views: [], dashboards: () => shown });
      try {
        const query = [state.search, 'theme=dark', 'kiosk=1'].filter(Boolean).join('&');
        await page.setViewportSize({ width: looks[0]?.width ?? 1_440, height: 900 });
        await page.goto(`${server.url}/d/${state.dashboard}?${query}`);
        await ready(page);
        const taken: Taken[] = [];
        for (const look of looks) taken.push(await lookAt(page, state, look));
        return taken;
      } finally {
        await server.close();
      }
    },
    close: () => browser.close(),
  };
}
