import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Holder, holderOf, keepAlive, tryLock } from '../../lib/lock.ts';
import { withFile } from './files.ts';

const lockFile = '.deployment-observability.lock';
/** A run shows this often that it lives. */
const renewMs = 10_000;
/** A lock that is not renewed for this long was left behind. Network file systems tell up to a minute late what changed. */
const leaseMs = 90_000;
const lookMs = 3000;

/** Dependencies of taking a lock. */
export interface Waiting {
  readonly clock: Clock;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

const renewedAt = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

/**
 * Whether the run on another machine that holds a lock has died. Neither its clock nor its processes can be seen from
 * here: what tells is whether it renews its lock while this one looks on.
 */
async function isAbandoned(
  path: string,
  { pid, host }: Holder,
  { clock, say, signal }: Waiting,
): Promise<boolean> {
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

/** Takes the lock; undefined while another run has it. */
async function take(path: string, waiting: Waiting): Promise<(() => void) | undefined> {
  const get = (dead?: string): (() => void) | undefined =>
    withFile(path, 'locked', () => tryLock(path, Number.POSITIVE_INFINITY, dead));
  const release = get();
  const holder = release ? undefined : holderOf(path);
  if (release || holder === undefined || holder.host === hostname()) return release;
  return (await isAbandoned(path, holder, waiting)) ? get(holder.key) : get();
}

/**
 * Takes the directory for this run, so that two provisions do not mix their files, and shows that it lives until it
 * gives the directory back.
 * @returns the function that gives it back
 * @throws EnvironmentFailure while another run has it, or when it cannot be made
 */
export async function lockDirectory(directory: string, waiting: Waiting): Promise<() => void> {
  const path = join(directory, lockFile);
  const release = await take(path, waiting);
  if (release) {
    const ended = keepAlive(path, renewMs);
    return () => {
      ended();
      release();
    };
  }
  const holder = holderOf(path);
  const who = holder
    ? `process ${holder.pid} on ${holder.host}`
    : `so says ${path}, which cannot be read: remove it if no other provision runs`;
  throw new EnvironmentFailure(
    `Another provision is delivering rules to ${directory} (${who}).`,
    'the rules; run it again when the other one has ended',
  );
}
