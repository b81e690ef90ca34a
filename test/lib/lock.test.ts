import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { holderOf, tryLock, withLock } from '../../src/lib/lock.ts';

const quick = { staleMs: 500, pollMs: 5 };
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const none = async (): Promise<void> => {};
const dead = { host: hostname(), pid: 2 ** 22 + 1, key: 'dead' };

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');
});
const left = (holder: object | string, ageMs = 0): void => {
  writeFileSync(file, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const time = new Date(Date.now() - ageMs);
  utimesSync(file, time, time);
};
/** Work that notes how many do it at once. */
const counting = () => {
  const seen = { inside: 0, most: 0 };
  const work = async (): Promise<void> => {
    seen.most = Math.max(seen.most, ++seen.inside);
    await pause(5);
    seen.inside--;
  };
  return { seen, work };
};

describe('a lock', () => {
  test('lets one caller in at a time, and every caller in the end', async () => {
    const { seen, work } = counting();
    let waits = 0;
    const onWait = (): void => void waits++;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => withLock(file, work, { ...quick, onWait })),
    );
    expect(all.every(Boolean)).toBe(true);
    expect([seen.most, waits]).toEqual([1, 9]);
    expect(existsSync(file)).toBe(false);
  });

  test('is given back when the work fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no')), quick)).rejects.toThrow('no');
    expect(await withLock(file, none, quick)).toBe(true);
  });

  test('is left to its holder at the deadline', async () => {
    left({ ...dead, pid: process.pid });
    const deadline = Date.now() + 100;
    expect(await withLock(file, async () => expect.unreachable(), { pollMs: 5, deadline })).toBe(false);
    expect(readdirSync(join(file, '..'))).toEqual(['lock']);
  });

  test('of a process that has ended is taken at once', () => {
    left(dead);
    const release = tryLock(file, 3_600_000);
    expect(holderOf(file)).toMatchObject({ host: hostname(), pid: process.pid });
    release?.();
    expect(holderOf(file)).toBeUndefined();
  });

  test('of a process that has ended is taken by one only, also when another was killed while taking it', async () => {
    left(dead);
    mkdirSync(`${file}.turn`);
    const { seen, work } = counting();
    await Promise.all([1, 2, 3].map(() => withLock(file, work, { staleMs: 100, pollMs: 5 })));
    expect(seen.most).toBe(1);
    expect(existsSync(`${file}.turn`)).toBe(false);
  });

  test.each([{ ...dead, host: 'elsewhere' }, '', '{'])(
    'of an unknown process is taken when it shows no life for long, and not before: %j',
    (holder) => {
      left(holder);
      expect(tryLock(file, 60_000)).toBeUndefined();
      left(holder, 61_000);
      expect(tryLock(file, 60_000)).toBeDefined();
    },
  );

  test('stays with a holder that works for longer than the time after which locks are stale', async () => {
    let done = false;
    const work = async (): Promise<void> => {
      await pause(300);
      done = true;
    };
    const first = withLock(file, work, { staleMs: 100 });
    await withLock(file, async () => expect(done).toBe(true), { staleMs: 100, pollMs: 5 });
    await first;
  });

  test('that was taken away is not removed from its new holder', () => {
    const release = tryLock(file, 60_000);
    left({ ...dead, key: 'another' });
    release?.();
    expect(readFileSync(file, 'utf8')).toContain('another');
  });

  test('that cannot be written says why', () => {
    expect(() => tryLock('/proc/lock', 60_000)).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
