import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import { inProject } from '../../../src/lib/root.ts';
import { inputHashes, sha256, stalePictures, stampName } from '../../../src/preview/stamp.ts';
import { dashboardsAt, recordingAt, resolveRef } from '../../../src/review/screenshots/base.ts';
import { findChromium, launchChromium } from '../../../src/review/screenshots/chromium.ts';
import { panelName, slug } from '../../../src/review/screenshots/pictures.ts';
import { pictureSettings } from '../../../src/review/screenshots/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pictures-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('names of pictures', () => {
  it.each([
    ['Success rate, 7 days', 'success-rate-7-days'],
    ['  Über „alles“ / 100 %  ', 'ber-alles-100'],
    ['', ''],
    ['a'.repeat(80), 'a'.repeat(60)],
  ])('%j is %j in a file name', (title, name) => {
    expect(slug(title)).toBe(name);
  });

  it('begin with the panel’s id, which never changes', () => {
    const gridPos = { x: 0, y: 0, w: 1, h: 1 };
    expect(panelName({ id: 7, type: 'stat', title: 'A b', gridPos })).toBe('7-a-b');
    expect(panelName({ id: 7, type: 'stat', title: '≈', gridPos })).toBe('7');
    const scope = { service: { value: 'api', text: 'API' } };
    expect(panelName({ id: 7, type: 'stat', title: 'A b', gridPos, scope, copy: 1 })).toBe('7-a-b-api');
  });
});

describe('finding Chromium', () => {
  const program = (name: string, mode = 0o755): string => {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const file = join(folder, 'bin', name);
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, mode);
    return file;
  };

  it('takes CHROMIUM_BIN, then the PATH', () => {
    const own = program('my-chrome');
    const onPath = program('google-chrome');
    expect(findChromium({ CHROMIUM_BIN: own, PATH: join(folder, 'bin') })).toBe(own);
    expect(findChromium({ PATH: `/nowhere:${join(folder, 'bin')}` })).toBe(onPath);
    expect(findChromium({ PATH: '/nowhere' })).toBeUndefined();
  });

  it('passes over what cannot be run', () => {
    program('chromium', 0o644);
    expect(findChromium({ PATH: join(folder, 'bin') })).toBeUndefined();
  });

  it('says with which command to install it', async () => {
    await expect(launchChromium({ PATH: '/nowhere' })).rejects.toMatchObject({
      notDone: expect.stringContaining('apt-get install chromium'),
    });
    await expect(launchChromium({ CHROMIUM_BIN: '/nowhere/x' })).rejects.toThrow(UserError);
  });
});

describe('settings', () => {
  it('are numbers and a theme', () => {
    expect(pictureSettings({ theme: 'light', width: '1600', scale: '2' })).toEqual({
      theme: 'light',
      width: 1600,
      scale: 2,
    });
  });

  it('are refused all at once', () => {
    const settle = () => pictureSettings({ theme: 'pink', width: '10', scale: 'big' });
    expect(settle).toThrow(/pink/);
    expect(settle).toThrow(/--width 10/);
    expect(settle).toThrow(/--scale big/);
  });
});

describe('pictures that are out of date', () => {
  const dashboards = [{ uid: 'a' }, { uid: 'b' }];
  const inputs = inputHashes(dashboards, 'recording', '{}');
  const write = (from: Record<string, string>, files: Record<string, string> = {}): void => {
    const stamps = Object.fromEntries(
      Object.entries(from).map(([uid, hash]) => [uid, { from: hash, files }]),
    );
    writeFileSync(join(folder, stampName), JSON.stringify(stamps));
  };

  it('are none when everything is as it was', () => {
    writeFileSync(join(folder, 'a.png'), 'picture');
    write(inputs, { 'a.png': sha256('picture') });
    expect(stalePictures(folder, inputs)).toEqual([]);
  });

  it('are found when a dashboard, the data or a setting changes', () => {
    write(inputs);
    const changed = (hashes: Record<string, string>) =>
      stalePictures(folder, hashes).map((line) => line.split(':')[0]);
    expect(
      changed(inputHashes([{ uid: 'a' }, { ...dashboards[1]!, ...{ title: 'new' } }], 'recording', '{}')),
    ).toEqual(['b']);
    expect(changed(inputHashes(dashboards, 'other recording', '{}'))).toEqual(['a', 'b']);
    expect(changed(inputHashes(dashboards, 'recording', '{"width":800}'))).toEqual(['a', 'b']);
  });

  it('are found when they are missing, edited, or of a dashboard that is gone', () => {
    expect(stalePictures(folder, inputs)[0]).toContain('no pictures were taken yet');
    write({ ...inputs, gone: 'x' }, { 'a.png': sha256('picture') });
    expect(stalePictures(folder, inputs)).toEqual([
      'a: a.png is missing or was edited',
      'b: a.png is missing or was edited',
      'gone: has pictures but is no dashboard any more',
    ]);
    write({ a: inputs.a! });
    expect(stalePictures(folder, inputs)).toEqual(['b: has no pictures']);
  });
});

describe('the base to compare with', () => {
  it('is a commit that git knows', () => {
    expect(resolveRef('HEAD')).toMatch(/^[0-9a-f]{40}$/);
    expect(() => resolveRef('no-such-branch')).toThrow(/is no commit that git knows/);
    expect(() => resolveRef('--help')).toThrow(UserError);
  });

  it('gives the dashboards and the recording as they were', () => {
    const head = resolveRef('HEAD');
    const own = { generated: inProject('generated'), file: inProject('pipeline.config.ts') };
    expect(dashboardsAt(head, own).every((d) => d.uid.startsWith('deployment-'))).toBe(true);
    expect([undefined, 1]).toContain(recordingAt(head, own)?.format);
  });
});
