import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/diff/change.ts';
import type { Dashboard, Panel } from '../../../src/panels/dashboard.ts';
import { type Bundle, bundlePage } from '../../../src/preview/bundle.ts';
import { ensureInstalled } from '../../../src/preview/install.ts';
import { type Browser, launchChromium } from '../../../src/review/screenshots/chromium.ts';
import { changedPanels, comparePictures } from '../../../src/review/screenshots/compare.ts';
import { type DashboardPicture, takePictures } from '../../../src/review/screenshots/pictures.ts';
import { reportHtml } from '../../../src/review/screenshots/report.ts';
import { hasChromium, type LivePage, setupTimeout, testTimeout } from '../support/browser.ts';
import { edges, everything } from '../support/dashboards.ts';
import { fakeSource } from '../support/fakeSource.ts';

/** Width and height in the header of a PNG. */
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

const change = (panel: Panel, more: Partial<Panel>): Panel => ({ ...panel, ...more });
/** A reviewer's change: a new title, a panel fewer, a panel more. */
const edited: Dashboard = {
  ...everything,
  panels: [
    ...everything.panels
      .filter((p) => p.id !== 22)
      .map((p) => (p.id === 21 ? change(p, { title: 'Seconds by stage' }) : p)),
    change(everything.panels.find((p) => p.id === 22)!, { id: 23, title: 'Health, anew' }),
  ],
};

describe.skipIf(!hasChromium)('pictures', { timeout: testTimeout }, () => {
  let browser: Browser;
  let bundle: Bundle;
  let first: DashboardPicture[];
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const take = (dashboards: readonly Dashboard[], more: { width?: number; scale?: number } = {}) =>
    takePictures({
      browser,
      bundle,
      source: fakeSource,
      dashboards,
      views: [],
      theme: 'dark',
      width: 1_600,
      scale: 1,
      ...more,
    });

  beforeAll(async () => {
    await ensureInstalled();
    bundle = await bundlePage();
    browser = await launchChromium();
    first = await take([everything, edges]);
  }, setupTimeout);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('are taken of every dashboard and every panel, those in closed rows included', () => {
    const names = first.map((p) => p.panels.map((one) => one.name));
    expect(names.map((list) => list.length)).toEqual([13, 11]);
    expect(names[0]).toContain('30-stages-of-a-deployment');
    expect(names[1]).toContain('20-inside');
    for (const { png, width, height } of first) expect(sizeOf(png)).toEqual([width, height]);
    const inside = first[1]!.panels.find((p) => p.panel.id === 20);
    expect(inside?.box).toBeUndefined();
    expect(sizeOf(inside!.png)[0]).toBeGreaterThan(700);
  });

  it('are the same bytes when they are taken again', async () => {
    const second = await take([everything, edges]);
    const different = comparePictures(first, second).flatMap((d) =>
      changedPanels(d).map((p) => `${d.uid} ${p.title}`),
    );
    expect(different).toEqual([]);
    expect(second.map((p, i) => p.png.equals(first[i]!.png))).toEqual([true, true]);
  });

  it('of panels that only slid down are the same', async () => {
    const [top, ...below] = [...everything.panels].sort((a, b) => a.gridPos.y - b.gridPos.y);
    const taller = (by: number): Dashboard => ({
      ...everything,
      panels: [
        change(top!, { gridPos: { ...top!.gridPos, h: top!.gridPos.h + by } }),
        ...below.map((p) => change(p, { gridPos: { ...p.gridPos, y: p.gridPos.y + by } })),
      ],
    });
    for (const by of [1, 2]) {
      const [dashboard] = comparePictures(first.slice(0, 1), await take([taller(by)]));
      expect(changedPanels(dashboard!).map((p) => [p.id, p.state])).toEqual([[top!.id, 'moved']]);
    }
  });

  it('can be sharper', async () => {
    const [sharp] = await take([edges], { scale: 2, width: 1_000 });
    expect(sizeOf(sharp!.png)[0]).toBe(2_000);
  });

  it('show what changed, and the report can be read', async () => {
    const dashboards = comparePictures(first, await take([edited, edges]));
    const states = Object.fromEntries(changedPanels(dashboards[0]!).map((p) => [p.id, p.state]));
    expect(states).toEqual({ 21: 'changed', 22: 'removed', 23: 'added' });
    expect(dashboards[1]!.state).toBe('same');
    const file = join(folder, 'report.html');
    const changes: Change[] = [
      {
        area: 'dashboard',
        place: [],
        dashboard: 'everything',
        panel: 22,
        text: 'Panel `Health of services` was removed',
      },
    ];
    writeFileSync(file, reportHtml({ base: 'main', data: 'test data', dashboards, changes }));

    const page = (await browser.newPage({ viewport: { width: 1_400, height: 900 } })) as LivePage;
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(pathToFileURL(file).href);
    const broken = await page.evaluate<number>(
      '[...document.images].filter((i) => !i.complete || i.naturalWidth === 0).length',
    );
    expect([broken, await page.evaluate('document.images.length')]).toEqual([0, 7]);
    // Half of the picture before lies below the picture after; the arrow keys move the border.
    const clip = (): Promise<string> =>
      page.evaluate(`getComputedStyle(document.querySelector('.compare .after')).clipPath`);
    expect(await clip()).toBe('inset(0px 0px 0px 50%)');
    await page.focus('input[type=range]');
    await page.keyboard.press('Home');
    expect(await clip()).toBe('inset(0px 0px 0px 0%)');
    await page.click('input[value=pair]');
    expect(await clip()).toBe('none');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1_400);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
