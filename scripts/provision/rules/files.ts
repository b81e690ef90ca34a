import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentFailure } from '../../lib/errors.ts';

/** The contents of files, by name; undefined for those that do not exist. */
export type Contents = ReadonlyMap<string, Buffer | undefined>;

/** Reads files of a directory. */
export function readContents(directory: string, names: readonly string[]): Contents {
  const read = (name: string): Buffer | undefined => {
    try {
      return readFileSync(join(directory, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return new Map(names.map((name) => [name, read(name)]));
}

/** Writes a file beside its place and moves it there, so that nobody ever reads half of it. Undefined removes it. */
export function replaceFile(directory: string, name: string, content: Buffer | string | undefined): void {
  const path = join(directory, name);
  if (content === undefined) {
    rmSync(path, { force: true });
    return;
  }
  const temporary = join(directory, `.${name}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w', 0o644);
    try {
      writeSync(file, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

const lockFile = '.deployment-observability.lock';
/** A lock this old was left behind by a machine that died. */
const staleMs = 30 * 60_000;

interface Holder {
  pid: number;
  host: string;
  at: number;
}

function isStale({ pid, host, at }: Holder, now: number): boolean {
  if (now - at > staleMs) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Takes the directory for this run, so that two provisions do not mix their files.
 * @returns the function that gives it back @throws EnvironmentFailure while another run has it
 */
export function lockDirectory(directory: string, now: number): () => void {
  const path = join(directory, lockFile);
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: now } satisfies Holder);
  for (let attempt = 1; ; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o644);
      writeSync(file, mine);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (attempt > 1 || (holder !== undefined && !isStale(holder, now)))
      throw new EnvironmentFailure(
        `Another provision is delivering rules to ${directory}${holder ? ` (process ${holder.pid} on ${holder.host})` : ''}.`,
        'the rules; run it again when the other one has ended',
      );
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
