import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';

/** A recorder never holds the lock longer than its time for one event; after this it must be dead. */
const staleAfterMs = 15_000;
const pollMs = 40;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly key: string;
}

/** True when the process that took the lock has ended. Ids mean nothing on another host or in another container. */
function isDead({ host, pid }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function tryTake(file: string, me: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Removes the lock of a recorder that was killed. Of several who try at once, one moves it away; the others find nothing. */
function breakIfStale(file: string, me: Holder): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  const holder = readHolder(file);
  const stale = Date.now() - stat.mtimeMs > staleAfterMs || (holder !== undefined && isDead(holder));
  if (!stale) return;
  const aside = `${file}.${me.key}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  // Between the look and the move somebody else may have broken the old lock and taken a new one: give that back.
  if (readHolder(aside)?.key !== holder?.key) {
    try {
      renameSync(aside, file);
      return;
    } catch {
      // Then it is gone; sending twice is harmless, because a push replaces itself.
    }
  }
  unlinkSync(aside);
}

/**
 * Runs the work while no other recorder of this machine runs it for the same folder.
 * @returns false when the lock was not to be had before the deadline (milliseconds since 1970, real time)
 */
export async function withLock(
  folder: string,
  deadline: number,
  work: () => Promise<void>,
): Promise<boolean> {
  const file = join(folder, 'sending');
  const me: Holder = { host: hostname(), pid: process.pid, key: Math.random().toString(36).slice(2) };
  while (!tryTake(file, me)) {
    breakIfStale(file, me);
    if (Date.now() + pollMs >= deadline) return false;
    await systemClock.sleep(pollMs);
  }
  try {
    await work();
    return true;
  } finally {
    if (readHolder(file)?.key === me.key) unlinkSync(file);
  }
}
