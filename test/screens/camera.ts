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
import type { State } from './states.ts';

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

/** Opens dashboards on a Prometheus as it was at a moment. */
export interface Camera {
  /** Draws a state, keeps its picture if a folder for pictures is named, and says what is drawn. @param url the Prometheus */
  take(url: string, state: State, width?: number, theme?: 'light' | 'dark'): Promise<DrawnPanel[]>;
  close(): Promise<void>;
}

/** Where pictures are kept: a folder named by SCREENS, or nowhere. */
const folder = process.env.SCREENS;
const fileName = ({ dashboard, name }: State, width: number, theme: string): string =>
  `${[
    dashboard.replace('deployment-', ''),
    name.replaceAll(/\W+/g, '-'),
    width === 1440 ? '' : width,
    theme === 'dark' ? '' : theme,
  ]
    .filter(Boolean)
    .join('.')}.png`;

async function keep(page: Page, state: State, width: number, theme: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, fileName(state, width, theme)), await page.screenshot());
}

async function draw(page: Page, url: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(url);
  await ready(page);
  const height = await page.evaluate<number>('Math.ceil(document.getElementById("root").scrollHeight)');
  await page.setViewportSize({ width, height: Math.max(900, height) });
  await ready(page);
}

/** Starts a browser. */
export async function startCamera(): Promise<Camera> {
  await ensureInstalled();
  const bundle: Bundle = await bundlePage();
  const browser: Browser = await launchChromium();
  const options = { timezoneId: 'UTC', locale: 'en-US', reducedMotion: 'reduce' as const };
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 }, ...options });
  return {
    take: async (url, state, width = 1_440, theme = 'dark') => {
      const source = liveSource(new Prometheus(url), 'test', moments[state.moment] * 1_000);
      const server = await startServer({ source, bundle, views: [], dashboards: () => shown });
      try {
        const query = [state.search, `theme=${theme}`, 'kiosk=1'].filter(Boolean).join('&');
        await draw(page, `${server.url}/d/${state.dashboard}?${query}`, width);
        const panels = await drawnPanels(page);
        await keep(page, state, width, theme);
        return panels;
      } finally {
        await server.close();
      }
    },
    close: () => browser.close(),
  };
}
