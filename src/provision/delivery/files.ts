import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentFailure } from '../../lib/errors.ts';

/** The contents of files, by name; undefined for those that do not exist. */
export type Contents = ReadonlyMap<string, Buffer | undefined>;

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not, or the file system does not know how',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EISDIR: 'it is a directory',
  ENOTDIR: 'its folder is none',
  ENOENT: 'there is no such place',
};

/** The code of a file system's error; undefined for errors of another kind. */
export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Does something with a file, and turns the file system's refusal into a sentence. @throws EnvironmentFailure */
export function withFile<T>(path: string, done: 'read' | 'written' | 'locked', work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error)?.replace(/^ERR_FS_/, '');
    if (code === undefined) throw error;
    const reason = reasons[code] ?? 'the system says why';
    throw new EnvironmentFailure(`${path} cannot be ${done}: ${reason} (${code}).`);
  }
}

/** Reads files of a directory. @throws EnvironmentFailure */
export function readContents(directory: string, names: readonly string[]): Contents {
  const read = (name: string): Buffer | undefined => {
    const path = join(directory, name);
    return withFile(path, 'read', () => {
      try {
        return readFileSync(path);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  };
  return new Map(names.map((name) => [name, read(name)]));
}

/** Writes a complete file that outlives a power cut. Fails if it is there already. */
function writeNew(path: string, content: Buffer | string): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a file beside its place and moves it there, so that it is never read half. Undefined removes it.
 * @throws EnvironmentFailure
 */
export function replaceFile(directory: string, name: string, content: Buffer | string | undefined): void {
  const path = join(directory, name);
  const temporary = join(directory, `.${name}.${process.pid}.tmp`);
  withFile(path, 'written', () => {
    if (content === undefined) return rmSync(path, { force: true });
    rmSync(temporary, { force: true });
    try {
      writeNew(temporary, content);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}
