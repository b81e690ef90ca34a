import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that holds a lock. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Tells locks of one process apart. */
  readonly key: string;
}

/** The holder of a lock; undefined when there is no lock, or it cannot be read. */
export function holderOf(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    const { host, pid, key } = holder ?? {};
    // Without all three it cannot be told whether the holder has ended.
    return host !== undefined && pid !== undefined && key !== undefined ? { host, pid, key } : undefined;
  } catch {
    return undefined;
  }
}

function isOld(path: string, milliseconds: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > milliseconds;
}

/** Process ids mean nothing on another host or in another container. */
function hasEnded({ host, pid }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function isStale(file: string, staleMs: number, dead: string | undefined): boolean {
  const holder = holderOf(file);
  return isOld(file, staleMs) || (holder !== undefined && (holder.key === dead || hasEnded(holder)));
}

/** Far longer than the instant in which a lock is looked at again. */
const longestTurnMs = 20_000;

/**
 * Removes a stale lock. Of two processes that see it at once the slower would remove the new lock of the faster, so
 * they look again one at a time.
 */
function breakStale(file: string, staleMs: number, dead: string | undefined): void {
  const turn = `${file}.turn`;
  try {
    mkdirSync(turn);
  } catch {
    // Only a process that was killed in the instant below leaves its turn behind.
    if (isOld(turn, Math.min(staleMs, longestTurnMs))) rmSync(turn, { recursive: true, force: true });
    return;
  }
  if (isStale(file, staleMs, dead)) rmSync(file, { force: true });
  rmSync(turn, { recursive: true, force: true });
}

/**
 * Takes a lock that is free, or stale: its process has ended, or nothing was written to it for `staleMs`.
 * @param dead key of a holder that was found to live no longer
 * @returns the function that gives it back; undefined while another process holds it
 * @throws the file system's error when the file cannot be written
 */
export function tryLock(file: string, staleMs: number, dead?: string): (() => void) | undefined {
  const key = Math.random().toString(36).slice(2);
  const me = JSON.stringify({ host: hostname(), pid: process.pid, key } satisfies Holder);
  const take = (): boolean => {
    try {
      writeFileSync(file, me, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  };
  if (!take()) {
    if (isStale(file, staleMs, dead)) breakStale(file, staleMs, dead);
    if (!take()) return undefined;
  }
  return () => {
    try {
      if (holderOf(file)?.key === key) rmSync(file, { force: true });
    } catch {
      // A lock that cannot be removed is stale as soon as this process has ended.
    }
  };
}

/** Shows from now on that the holder of a lock lives. @returns the function that ends it */
export function keepAlive(file: string, everyMs: number): () => void {
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // It was taken away: then there is nothing to keep alive.
    }
  }, everyMs);
  beat.unref();
  return () => clearInterval(beat);
}

/** Times of {@link withLock}, in milliseconds. */
export interface LockOptions {
  readonly staleMs?: number;
  readonly pollMs?: number;
  /** Unix time at which waiting ends; never by default. */
  readonly deadline?: number;
  /** Called once when another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Runs the work while no other process does. The lock's folder must exist. The lock shows that its holder lives, however long the work takes.
 * @returns false when the lock could not be had before the deadline
 * @throws the work's error; the file system's when the lock cannot be written
 */
export async function withLock(
  file: string,
  work: () => Promise<void>,
  { staleMs = 20_000, pollMs = 200, deadline = Number.POSITIVE_INFINITY, onWait }: LockOptions = {},
): Promise<boolean> {
  let release = tryLock(file, staleMs);
  if (!release) onWait?.();
  while (!release) {
    if (Date.now() + pollMs >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    release = tryLock(file, staleMs);
  }
  const ended = keepAlive(file, staleMs / 10);
  try {
    await work();
    return true;
  } finally {
    ended();
    release();
  }
}
