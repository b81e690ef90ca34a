import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Times of the lock; tests shorten them. */
export interface LockTimes {
  /** The holder shows this often that it lives. */
  readonly beatMs: number;
  /** A lock without a sign of life for so long belongs to nobody. */
  readonly staleMs: number;
  readonly pollMs: number;
}
const usual: LockTimes = { beatMs: 2_000, staleMs: 20_000, pollMs: 200 };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock if it is free. */
function take(file: string, owner: string): boolean {
  try {
    writeFileSync(file, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isOld(path: string, milliseconds: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > milliseconds;
  } catch {
    return false;
  }
}

/** Whether the holder is gone: its process does not exist (on this machine), or it has shown no life for long. */
function isStale(file: string, staleMs: number): boolean {
  try {
    const [host, pid] = readFileSync(file, 'utf8').split(' ');
    if (host === hostname() && pid && !isAlive(Number(pid))) return true;
  } catch {}
  return isOld(file, staleMs);
}

/**
 * Removes a lock whose holder is gone. Two that see this at once must not both remove: the slower would remove the
 * new lock of the faster. So they look again one at a time.
 */
function breakStale(file: string, staleMs: number): void {
  const turn = `${file}.turn`;
  try {
    mkdirSync(turn);
  } catch {
    // Only a process that was killed in the instant below leaves its turn behind.
    if (isOld(turn, staleMs)) rmSync(turn, { recursive: true, force: true });
    return;
  }
  if (isStale(file, staleMs)) rmSync(file, { force: true });
  rmSync(turn, { recursive: true, force: true });
}

/**
 * Runs the work while no other process does. The lock spares the others a second download; correctness does not hang
 * on it, because everything is moved into place at once. So it may be taken from a holder that seems dead.
 * @param onWait called once if somebody else holds the lock
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: () => void = () => {},
  times: LockTimes = usual,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const owner = `${hostname()} ${process.pid} ${Math.random()}`;
  for (let waited = false; !take(file, owner); ) {
    if (isStale(file, times.staleMs)) {
      breakStale(file, times.staleMs);
      if (take(file, owner)) break;
    }
    if (!waited) onWait();
    waited = true;
    await new Promise((done) => setTimeout(done, times.pollMs));
  }
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {}
  }, times.beatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    release(file, owner);
  }
}

/** Removes the lock, unless somebody took it from us meanwhile. */
function release(file: string, owner: string): void {
  try {
    if (readFileSync(file, 'utf8') === owner) rmSync(file, { force: true });
  } catch {}
}
