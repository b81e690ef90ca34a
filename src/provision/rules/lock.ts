import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { codeOf, withFile, writeNew } from './files.ts';

const lockFile = '.deployment-observability.lock';
/** A lock this old was left behind by a machine that died. */
const staleMs = 30 * 60_000;

interface Holder {
  pid: number;
  host: string;
  at: number;
  /** Tells runs of one process apart. */
  run: string;
}

function isStale({ pid, host, at }: Holder, now: number): boolean {
  if (now - at > staleMs) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
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

/**
 * Takes the directory for this run, so that two provisions do not mix their files. The lock gets its name only when it
 * is complete, so that nobody finds an empty one.
 * @returns the function that gives it back @throws EnvironmentFailure while another run has it, or when it cannot be made
 */
export function lockDirectory(directory: string, now: number): () => void {
  const path = join(directory, lockFile);
  const run = randomUUID();
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: now, run } satisfies Holder);
  const temporary = `${path}.${run}.tmp`;
  return withFile(path, 'locked', () => {
    try {
      writeNew(temporary, mine, false);
      for (let attempt = 1; !takeName(temporary, path); attempt++) {
        const text = readText(path);
        if (text === undefined) continue;
        const holder = holderOf(text);
        if (attempt > 2 || holder === undefined || !isStale(holder, now)) throw busy(directory, path, holder);
        removeStale(path, text);
      }
    } finally {
      rmSync(temporary, { force: true });
    }
    return () => {
      try {
        if (readText(path) === mine) rmSync(path, { force: true });
      } catch {
        // A lock that stays is taken over by the next run, because this process will have ended.
      }
    };
  });
}
