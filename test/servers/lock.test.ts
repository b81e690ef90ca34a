import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLock } from '../../src/servers/lock.ts';
import { temporaryFolder, write } from './machine.ts';

const quick = { beatMs: 20, staleMs: 500, pollMs: 5 };
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const none = (): void => {};

describe('the lock', () => {
  test('lets one caller in at a time, and every caller in the end', async () => {
    const file = join(temporaryFolder(), 'deep', 'lock');
    let inside = 0;
    let most = 0;
    let waits = 0;
    const work = async (i: number): Promise<number> => {
      most = Math.max(most, ++inside);
      await pause(10);
      inside--;
      return i;
    };
    const wait = (): void => void waits++;
    const results = [0, 1, 2, 3].map((i) => withLock(file, () => work(i), wait, quick));
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
    expect(most).toBe(1);
    expect(waits).toBe(3);
    expect(existsSync(file)).toBe(false);
  });

  test('is given back when the work fails', async () => {
    const file = join(temporaryFolder(), 'lock');
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(withLock(file, fail, none, quick)).rejects.toThrow('no');
    expect(await withLock(file, async () => 'next', none, quick)).toBe('next');
  });

  test('of a process that is dead is taken at once', async () => {
    const file = write(join(temporaryFolder(), 'lock'), `${hostname()} 999999999 0.5`);
    const never = { ...quick, staleMs: 3_600_000 };
    expect(await withLock(file, async () => readFileSync(file, 'utf8'), none, never)).toContain(
      ` ${process.pid} `,
    );
  });

  test('of a process that is dead is taken by one only, also when somebody died while taking it', async () => {
    const file = write(join(temporaryFolder(), 'lock'), `${hostname()} 999999999 0.5`);
    mkdirSync(`${file}.turn`);
    let inside = 0;
    const alone = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await pause(5);
      inside--;
    };
    const times = { ...quick, staleMs: 100 };
    await Promise.all([1, 2, 3].map(() => withLock(file, alone, none, times)));
    expect(existsSync(`${file}.turn`)).toBe(false);
  });

  test('of another machine is taken when it shows no life for long, not before', async () => {
    const file = write(join(temporaryFolder(), 'lock'), 'elsewhere 1 0.5');
    let waited = false;
    const result = withLock(
      file,
      async () => 'in',
      () => {
        waited = true;
        const old = new Date(Date.now() - 10_000);
        utimesSync(file, old, old);
      },
      quick,
    );
    expect(await result).toBe('in');
    expect(waited).toBe(true);
  });

  test('stays with a holder that works for longer than the time after which locks are stale', async () => {
    const file = join(temporaryFolder(), 'lock');
    const times = { ...quick, staleMs: 100 };
    let done = false;
    const first = withLock(
      file,
      async () => {
        await pause(300);
        done = true;
      },
      none,
      times,
    );
    await withLock(file, async () => expect(done).toBe(true), none, times);
    await first;
  });

  test('that somebody took away is not removed from its new holder', async () => {
    const file = join(temporaryFolder(), 'lock');
    await withLock(file, async () => writeFileSync(file, 'elsewhere 1 0.7'), none, quick);
    expect(readFileSync(file, 'utf8')).toBe('elsewhere 1 0.7');
  });
});
