import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { parseDashboard } from '../../src/panels/dashboard.ts';
import { readDashboards } from '../../src/preview/dashboards.ts';
import { pictureLook, stalePictureFindings } from '../../src/preview/pictures.ts';
import { inputHashes, sha256, stampName } from '../../src/preview/stamp.ts';
import { pictureSettings } from '../../src/review/screenshots/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const stamp = join(folder, stampName);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dashboards = ['a', 'b'].map((uid) => ({ uid, title: uid, panels: [] }));
const artefacts = new Map([
  ...dashboards.map((d) => [`grafana/dashboards/${d.uid}.json`, JSON.stringify(d)] as const),
  ['prometheus/rules/x.yml', 'groups: []'] as const,
]);
const recording = readFileSync(inProject('preview', 'fixture.json'), 'utf8');
const stale = () => stalePictureFindings(artefacts, folder).map(({ summary }) => summary);

/** Stamps and pictures as if both had just been taken with this recording. */
function take(data = recording): void {
  const drawn = dashboards.map((d) => parseDashboard(JSON.stringify(d)));
  const inputs = inputHashes(drawn, data, JSON.stringify(pictureLook));
  for (const { uid } of dashboards) writeFileSync(join(folder, `${uid}.png`), `picture of ${uid}`);
  const stamps = dashboards.map(({ uid }) => [
    uid,
    { from: inputs[uid], files: { [`${uid}.png`]: sha256(`picture of ${uid}`) } },
  ]);
  writeFileSync(stamp, JSON.stringify(Object.fromEntries(stamps)));
}

beforeEach(() => take());

describe('the pictures of the README', () => {
  it('are current when nothing changed since they were taken', () => {
    expect(stale()).toEqual([]);
  });

  it('of this project are small enough to be committed with every change', () => {
    const images = inProject('generated', 'images');
    const sizes = readdirSync(images).filter((name) => name.endsWith('.png'));
    expect(sizes.length).toBeGreaterThanOrEqual(4);
    for (const name of sizes) expect(statSync(join(images, name)).size, name).toBeLessThan(140_000);
  });

  it('of this project have the stamps of what the preview reads', () => {
    const [first] = readDashboards(inProject('generated', 'grafana', 'dashboards'));
    const text = readFileSync(inProject('generated', 'grafana', 'dashboards', `${first!.uid}.json`), 'utf8');
    expect(parseDashboard(text)).toEqual(first);
    expect(inputHashes([first!], recording, JSON.stringify(pictureLook))).toEqual(
      inputHashes([parseDashboard(text)], recording, JSON.stringify(pictureLook)),
    );
  });

  it('are taken as the command takes them when nothing else is asked for', () => {
    expect(pictureSettings({ theme: 'dark', width: '1600', scale: '1' })).toEqual(pictureLook);
  });

  it('are stale when a picture is deleted or overwritten', () => {
    rmSync(join(folder, 'a.png'));
    writeFileSync(join(folder, 'b.png'), 'another picture');
    expect(stale()).toEqual([
      'The picture of a is not what it would be now: a.png is missing or was edited.',
      'The picture of b is not what it would be now: b.png is missing or was edited.',
    ]);
  });

  it('are stale when the data is recorded anew', () => {
    take('an older recording');
    expect(stale()).toHaveLength(2);
  });

  it('are stale when there are no stamps, or none that can be read', () => {
    writeFileSync(stamp, 'no JSON');
    expect(stale()).toEqual([
      'The picture of a is not what it would be now: has no pictures.',
      'The picture of b is not what it would be now: has no pictures.',
    ]);
    writeFileSync(stamp, JSON.stringify({ 'grafana/dashboards/a.json': 'hash of an older format' }));
    expect(stale()).toHaveLength(2);
  });

  it('are stale when a dashboard changes, and a warning says with which command to fix it', () => {
    const changed = new Map([
      ...artefacts,
      ['grafana/dashboards/a.json', '{"uid":"a","title":"New","panels":[]}'] as const,
    ]);
    expect(stalePictureFindings(changed, folder)).toMatchObject([
      {
        id: 'picture-stale',
        severity: 'warning',
        file: expect.stringContaining('a.'),
        fix: expect.stringContaining('npm run pictures'),
      },
    ]);
  });
});
