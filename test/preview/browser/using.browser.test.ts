import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../../src/panels/dashboard.ts';
import { previewFolder } from '../../../src/preview/install.ts';
import {
  type Complaints,
  hasChromium,
  type LivePage,
  type Preview,
  ready,
  setupTimeout,
  startPreview,
  testTimeout,
  until,
} from '../support/browser.ts';
import { edges, everything } from '../support/dashboards.ts';
import { now } from '../support/fakeSource.ts';

const panel = (id: number): string => `document.querySelector('[data-panel-id="${id}"]')`;
const textOf = (page: LivePage, id: number): Promise<string> => page.evaluate(`${panel(id)}.innerText`);

/** Legends and the time picker are Grafana's: their labels say what a press does, and not what is written on them. */
const offRules = { 'label-content-name-mismatch': { enabled: false }, 'color-contrast': { enabled: false } };

/** axe's findings, with the first places of each. */
const violations = (page: LivePage, options: string): Promise<unknown[]> =>
  page.evaluate(
    `axe.run(${options}).then((r) => r.violations.map(({ id, nodes }) => [id, nodes.length, nodes.slice(0, 3).map((n) => [n.target, n.failureSummary])]))`,
  );

describe.skipIf(!hasChromium)('using the preview', { timeout: testTimeout }, () => {
  let preview: Preview;
  let shown: Dashboard[] = [everything, edges];
  const pages: { page: LivePage; complaints: Complaints }[] = [];
  const open = async (path: string, width?: number): Promise<LivePage> => {
    const opened = await preview.open(path, width);
    pages.push(opened);
    return opened.page;
  };

  beforeAll(async () => {
    preview = await startPreview({ dashboards: () => shown });
  }, setupTimeout);
  afterEach(async () => {
    for (const { page, complaints } of pages.splice(0)) {
      expect(complaints).toEqual({ console: [], foreign: [] });
      await page.close();
    }
  });
  afterAll(() => preview?.close());

  it('lives at the moment that it shows, so that "in 3 days" is true of it', async () => {
    const page = await open('/d/everything');
    const clock = await page.evaluate<number>('Date.now()');
    expect(clock - now).toBeGreaterThanOrEqual(0);
    expect(clock - now).toBeLessThan(testTimeout);
  });

  it('lists the dashboards', async () => {
    const page = await open('/');
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main a')].map((a) => a.getAttribute('href'))`,
    );
    expect(links).toEqual(['/d/everything', '/d/edges']);
  });

  it('says what is missing, in the dashboard’s words or in its own', async () => {
    const page = await open('/d/edges');
    expect(await textOf(page, 1)).toContain('No deployment yet');
    expect(await textOf(page, 2)).toContain('Nothing was deployed: record.mjs start emits it');
    expect(await textOf(page, 3)).toContain('No data');
    expect(await textOf(page, 4)).toContain('No data');
  });

  it('shows errors in their panel, with the server’s words, and the rest of the panel', async () => {
    const page = await open('/d/edges');
    expect(await textOf(page, 10)).toContain('Query A: Prometheus refused: 1:3: parse error');
    const halfRefused = await page.evaluate<number>(
      `${panel(11)}.querySelectorAll('canvas, [data-testid*="panel-status"], [aria-label="Panel status"]').length`,
    );
    expect(halfRefused).toBeGreaterThanOrEqual(2);
    expect(await textOf(page, 12)).toContain('cannot draw panels of type “piechart”');
    expect(await page.evaluate(`${panel(13)}.querySelectorAll('[role=row]').length`)).toBeGreaterThan(1);
  });

  it('says when there is no such dashboard', async () => {
    const page = await open('/d/nothing');
    expect(await page.evaluate('document.querySelector("[role=alert]").innerText')).toBe(
      'There is no dashboard "nothing".',
    );
  });

  it('opens and closes rows by keyboard, and moves what is below', async () => {
    const page = await open('/d/edges');
    const top = (id: number): Promise<number> => page.evaluate(`${panel(id)}.getBoundingClientRect().top`);
    expect(await page.evaluate(`Boolean(${panel(20)})`)).toBe(false);
    const before = await top(30);
    await page.focus('[data-panel-id="102"] button');
    await page.keyboard.press('Enter');
    await until(page, panel(20));
    await ready(page);
    expect(await top(30)).toBe(before + 6 * 38);
    expect(await page.evaluate(`${panel(102)}.querySelector('button').getAttribute('aria-expanded')`)).toBe(
      'true',
    );
    await page.keyboard.press('Space');
    await until(page, `!${panel(20)}`);
    expect(await top(30)).toBe(before);
  });

  it('changes a variable by keyboard: titles, queries and the address follow, and the back button goes back', async () => {
    const page = await open('/d/everything');
    await page.focus('#variable-environment');
    // After the Tab key the text is selected.
    await page.keyboard.press('Control+a');
    await page.keyboard.type('stag');
    await until(page, `document.querySelector('[role=option]')?.innerText.includes('staging')`, 'the option');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(page, `document.title === 'Everything in staging – preview'`);
    await ready(page);
    expect(new URL(page.url()).searchParams.getAll('var-environment')).toEqual(['staging']);
    expect(await textOf(page, 1)).toContain('Success rate in staging');
    await page.evaluate('history.back()');
    await until(page, `document.title === 'Everything in production – preview'`);
  });

  it('takes variables and time from the address', async () => {
    const page = await open(
      '/d/everything?var-environment=staging&var-deployment_id=20260115.6&from=now-1h&to=now',
    );
    expect(await textOf(page, 1)).toContain('Success rate in staging');
    expect(await page.evaluate(`document.querySelector('.preview-tools').innerText`)).toContain(
      'Last 1 hour',
    );
  });

  it('zooms into what is chosen with the mouse', async () => {
    const page = await open('/d/everything');
    const box = await page.evaluate<{ x: number; y: number; w: number }>(
      `(() => { const b = ${panel(10)}.querySelector('.u-over').getBoundingClientRect(); return { x: b.x, y: b.y, w: b.width }; })()`,
    );
    await page.mouse.move(box.x + box.w * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.w * 0.5, box.y + 20, { steps: 5 });
    await page.mouse.up();
    await until(page, `new URLSearchParams(location.search).has('from')`);
    const { searchParams } = new URL(page.url());
    const length = Number(searchParams.get('to')) - Number(searchParams.get('from'));
    expect(length).toBeGreaterThan(1.3 * 3_600_000);
    expect(length).toBeLessThan(1.7 * 3_600_000);
  });

  it('shows any panel as a table, reached through its menu by keyboard', async () => {
    const page = await open('/d/everything');
    await page.focus('[data-panel-id="20"] section');
    // The ≈ sign, then the menu, which shows itself while the panel has the focus.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await until(page, `document.querySelector('[role=menu]')`);
    await page.click('[role=menuitem]');
    await until(page, `${panel(20)}.querySelector('table')`);
    expect((await textOf(page, 20)).replace(/\s+/g, ' ')).toContain('build 40 0 2');
  });

  it('changes its theme and remembers it in the address', async () => {
    const page = await open('/d/everything');
    const background = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.click('button[aria-label="Light theme"]');
    await until(page, `document.documentElement.dataset.theme === 'light'`);
    await ready(page);
    expect(await background()).not.toBe(dark);
    expect(new URL(page.url()).searchParams.get('theme')).toBe('light');
  });

  it('stacks panels on a narrow screen, and nothing sticks out', async () => {
    const page = await open('/d/everything', 400);
    const widths = await page.evaluate<number[]>(
      `[...document.querySelectorAll('[data-panel-id]')].map((e) => e.getBoundingClientRect().width)`,
    );
    expect(new Set(widths).size).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
  });

  it('loads a dashboard again when its file changed, without losing what was chosen', async () => {
    const page = await open('/d/everything?var-environment=staging');
    shown = [{ ...everything, title: 'Changed in ${environment}' }, edges];
    preview.server.reload();
    await until(page, `document.title === 'Changed in staging – preview'`);
    shown = [everything, edges];
  });

  it('opens a recording at the look that it holds', async () => {
    const views = [{ dashboard: 'everything', name: 'Staging', search: 'var-environment=staging' }];
    const other = await startPreview({ views });
    const { page } = await other.open('/d/everything');
    expect(await page.evaluate('document.title')).toBe('Everything in staging – preview');
    await other.close();
  });

  const axe = (): string =>
    readFileSync(createRequire(join(previewFolder, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
  it.each(['/d/everything', '/d/everything?theme=light', '/d/edges', '/d/edges?theme=light', '/'])(
    'has nothing at %s that keeps people out',
    async (path) => {
      const page = await open(path);
      await page.evaluate(`${axe()}; undefined`);
      expect(await violations(page, `document, { rules: ${JSON.stringify(offRules)} }`)).toEqual([]);
      // Colours inside drawings are the dashboard's, painted by Grafana's code.
      const context = `{ exclude: ['[role=gridcell]', '[data-testid="data-testid Bar gauge value"]'] }`;
      expect(await violations(page, `${context}, { runOnly: ['color-contrast'] }`)).toEqual([]);
    },
  );
});
