import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { codeOf, withFile, writeNew } from './files.ts';

const lockFile = '.deployment-observability.lock';
/** A run renews its lock this often while it lives. */
const renewMs = 10_000;
/** A lock that is not renewed for this long was left behind. Network file systems tell what changed up to a minute late. */
const leaseMs = 90_000;
const lookMs = 3000;

interface Holder {
  pid: number;
  host: string;
  /** Tells runs of one process apart. */
  run: string;
}

/** What taking a lock needs of the world. */
export interface Waiting {
  readonly clock: Clock;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** When a lock was renewed last, in the file system's own time; undefined when it is gone. */
function renewedAt(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether the run that holds a lock has died. Of another machine's run neither its clock nor its processes can be seen
 * from here: what tells is whether it renews its lock while this one looks on.
 */
async function isAbandoned(
  path: string,
  { pid, host }: Holder,
  { clock, say, signal }: Waiting,
): Promise<boolean> {
  if (host === hostname()) return !isRunning(pid);
  const seen = renewedAt(path);
  say(
    `process ${pid} on ${host} has the directory; looking for up to ${leaseMs / 1000} s whether it still lives`,
  );
  for (const start = clock.now(); clock.now() - start < leaseMs; ) {
    await clock.sleep(lookMs, signal);
    if (signal?.aborted || renewedAt(path) !== seen) return false;
  }
  return true;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Gives a file, with all that is in it, a name that nobody has. False when somebody has it. */
function takeName(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock of a run that died, and no other: whoever was quicker may have one in its place already. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readText(aside) !== text) takeName(aside, path);
  rmSync(aside, { force: true });
}

const busy = (directory: string, path: string, holder: Holder | undefined): EnvironmentFailure =>
  new EnvironmentFailure(
    `Another provision is delivering rules to ${directory} (${holder ? `process ${holder.pid} on ${holder.host}` : `so says ${path}, which nobody can read; remove it if there is none`}).`,
    'the rules; run it again when the other one has ended',
  );

/** Takes the lock's name, or finds out that another run lives. @throws EnvironmentFailure */
async function take(directory: string, temporary: string, path: string, waiting: Waiting): Promise<void> {
  for (let attempt = 1; !takeName(temporary, path); attempt++) {
    const text = readText(path);
    if (text === undefined) continue;
    const holder = holderOf(text);
    if (attempt > 2 || holder === undefined || !(await isAbandoned(path, holder, waiting)))
      throw busy(directory, path, holder);
    removeStale(path, text);
  }
}

/**
 * Takes the directory for this run, so that two provisions do not mix their files. The lock gets its name only when it
 * is complete, so that nobody finds an empty one, and is renewed until it is given back.
 * @returns the function that gives it back @throws EnvironmentFailure while another run has it, or when it cannot be made
 */
export async function lockDirectory(directory: string, waiting: Waiting): Promise<() => void> {
  const path = join(directory, lockFile);
  const run = randomUUID();
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), run } satisfies Holder);
  const temporary = `${path}.${run}.tmp`;
  try {
    withFile(path, 'locked', () => writeNew(temporary, mine, false));
    await take(directory, temporary, path, waiting);
  } catch (error) {
    return withFile(path, 'locked', () => {
      throw error;
    });
  } finally {
    rmSync(temporary, { force: true });
  }
  const isMine = (): boolean => readText(path) === mine;
  const quietly = (work: () => void) => (): void => {
    try {
      if (isMine()) work();
    } catch {
      // A lock that cannot be renewed or removed is taken over by the next run, because this process will have ended.
    }
  };
  const renewing = setInterval(
    quietly(() => utimesSync(path, new Date(), new Date())),
    renewMs,
  ).unref();
  return () => {
    clearInterval(renewing);
    quietly(() => rmSync(path, { force: true }))();
  };
}
