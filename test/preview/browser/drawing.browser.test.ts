import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Complaints,
  hasChromium,
  type LivePage,
  type Preview,
  setupTimeout,
  startPreview,
  testTimeout,
  until,
} from '../support/browser.ts';
import { now } from '../support/fakeSource.ts';

const panel = (id: number): string => `document.querySelector('[data-panel-id="${id}"]')`;

describe.skipIf(!hasChromium)('a dashboard with every type of panel', { timeout: testTimeout }, () => {
  let preview: Preview;
  let page: LivePage;
  let complaints: Complaints;
  const text = (id: number): Promise<string> => page.evaluate(`${panel(id)}.innerText`);
  const links = (id: number): Promise<string[]> =>
    page.evaluate(`[...${panel(id)}.querySelectorAll('a')].map((a) => a.getAttribute('href'))`);
  const count = (id: number, selector: string): Promise<number> =>
    page.evaluate(`${panel(id)}.querySelectorAll(${JSON.stringify(selector)}).length`);
  /** Labels of shapes, which say what a person sees. */
  const shapes = (id: number): Promise<string[]> =>
    page.evaluate(
      `[...${panel(id)}.querySelectorAll('svg [aria-label]')].map((e) => e.getAttribute('aria-label'))`,
    );

  beforeAll(async () => {
    preview = await startPreview();
    ({ page, complaints } = await preview.open('/d/everything'));
  }, setupTimeout);
  afterAll(() => preview?.close());

  it('leaves the console empty and asks no other host', () => {
    expect(complaints).toEqual({ console: [], foreign: [] });
  });

  it('puts variables into titles', async () => {
    expect(await page.evaluate('document.title')).toBe('Everything in production – preview');
    expect(await text(1)).toContain('Success rate in production');
  });

  it('shows numbers with their units', async () => {
    expect((await text(1)).replace(/\s/g, '')).toContain('95.0%');
    const bars = (await text(4)).replace(/\s+/g, ' ');
    expect(bars).toContain('build');
    expect(bars).toMatch(/3\.07 ?mins/);
    expect(bars).toMatch(/23\.5 ?s/);
  });

  it('names states by their mappings', async () => {
    const words = await text(2);
    for (const word of ['success', 'failure', 'rolled back']) expect(words).toContain(word);
  });

  it('draws gauges as far as their values', async () => {
    expect(
      await page.evaluate(
        `[...${panel(3)}.querySelectorAll('svg[role=img]')].map((e) => e.getAttribute('aria-label'))`,
      ),
    ).toEqual(['production: 95.0%', 'staging: 70.1%']);
  });

  it.each([10, 11])('draws lines and bars on a canvas that is not empty (panel %d)', async (id) => {
    const painted = await page.evaluate<number>(`(() => {
      const canvas = ${panel(id)}.querySelector('.u-wrap canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 200) count += 1;
      return count;
    })()`);
    expect(painted).toBeGreaterThan(2_000);
  });

  it('shows calculations in the legend', async () => {
    const legend = (await text(10)).replace(/\s+/g, ' ');
    expect(legend).toMatch(/Name Mean Max/);
    expect(legend).toMatch(/api 7\.\d+ mins 11\.\d+ mins/);
  });

  it('marks annotations on every time axis', async () => {
    const marks = await page.evaluate<string[]>(
      `[...${panel(10)}.querySelectorAll('.preview-mark')].map((e) => e.title)`,
    );
    expect(marks).toEqual([
      '20260115.6\nsuccess\nsuccess\n2026-01-15 10:00:00',
      'No budget left\n2026-01-15 10:04:00',
    ]);
    expect(await count(12, 'line[stroke-dasharray="5 5"]')).toBe(2);
  });

  it('draws a heatmap cell for each bucket and time', async () => {
    expect(await count(12, 'svg.preview-svg > rect')).toBeGreaterThan(80);
    expect((await text(12)).replace(/\s+/g, ' ')).toContain('10 mins');
  });

  it('draws bars that say their category, series and value', async () => {
    expect(await shapes(20)).toContain('build, success: 40');
    expect(await shapes(20)).toHaveLength(15);
    expect(await shapes(21)).toEqual([
      'smoke_tests, duration: 4 mins',
      'build, duration: 3.07 mins',
      'deploy, duration: 1.60 mins',
      'health_check, duration: 1.02 mins',
      'migration, duration: 23.5 s',
    ]);
  });

  it('draws each stage from its first to its last second, with its state', async () => {
    expect(await shapes(30)).toEqual([
      'build: success, 2026-01-15 11:10:00 to 2026-01-15 11:20:00',
      'deploy: slow, 2026-01-15 11:20:00 to 2026-01-15 11:33:30',
      'migration: success, 2026-01-15 11:33:30 to 2026-01-15 11:35:00',
      'smoke_tests: failed, 2026-01-15 11:35:00 to 2026-01-15 11:53:30',
    ]);
  });

  it('fills tables with formatted cells in the order that was asked for', async () => {
    const rows = await page.evaluate<string[]>(
      `[...${panel(40)}.querySelectorAll('[role=row]')].map((r) => r.innerText.replace(/\\s+/g, ' ').trim())`,
    );
    expect(rows[0]).toBe('Deployment Finished Duration Outcome branch');
    expect(rows[1]).toBe('20260115.6 2026-01-15 12:00:00 5 mins success main');
    expect(rows).toHaveLength(6);
    const [red] = await page.evaluate<string[]>(
      `[...${panel(40)}.querySelectorAll('[role=gridcell]')].filter((c) => c.innerText === 'failure').map((c) => getComputedStyle(c).backgroundColor)`,
    );
    expect(red).toBe('rgb(242, 73, 92)');
  });

  it('renders markdown with variables', async () => {
    expect((await text(41)).replace(/\s+/g, ' ')).toContain('In production');
    expect(await text(41)).toContain('2026-01-15T06:00:00.000Z');
  });

  it('links rows, numbers and bars to their places', async () => {
    expect((await links(40))[0]).toBe(`/d/edges?var-deployment_id=20260115.6&from=${now}&to=${now}`);
    expect((await links(2))[0]).toMatch(/^\/d\/edges\?from=now-6h&to=now&var-deployment_id=20260115\.\d$/);
    expect(await links(30)).toEqual(
      ['build', 'deploy', 'migration', 'smoke'].map((s) => `https://ci.example/log/${s}`),
    );
    expect(await links(21)).toContain('https://ci.example/stages/smoke_tests');
    expect(await page.evaluate(`${panel(30)}.querySelector('a').getAttribute('target')`)).toBe('_blank');
  });

  it('labels what it draws itself, and only that', async () => {
    const marked = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-panel-id]')].filter((e) => e.querySelector('button.preview-badge')).map((e) => e.dataset.panelId)`,
    );
    expect(marked).toEqual(['3', '12', '20', '21', '22', '30']);
    expect(await page.evaluate(`${panel(30)}.querySelector('.preview-badge').innerText`)).toBe('Last 1h');
  });

  it('offers the links of the dashboard with time and variables', async () => {
    const [href] = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.preview-links a')].map((a) => a.getAttribute('href'))`,
    );
    expect(href).toMatch(
      /^\/d\/edges\?from=now-6h&to=now&var-datasource=Prometheus&var-environment=production&var-deployment_id=%24__all/,
    );
  });

  it('shows values under the mouse in all panels at once', async () => {
    const box = await page.evaluate<{ x: number; y: number; width: number; height: number }>(
      `(() => { const b = ${panel(10)}.querySelector('.u-over').getBoundingClientRect(); return { x: b.x, y: b.y, width: b.width, height: b.height }; })()`,
    );
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await until(
      page,
      `document.querySelector('#grafana-portal-container').innerText.includes('api')`,
      'the tooltip',
    );
    await until(page, `${panel(22)}.querySelector('.preview-crosshair')`, 'the crosshair in another panel');
    await page.mouse.move(2, 2);
    await until(page, `!${panel(22)}.querySelector('.preview-crosshair')`, 'the crosshair to go');
  });
});
