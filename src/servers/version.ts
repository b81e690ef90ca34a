import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { parseVersion, type Version } from './programs.ts';

/** Asks a program for its version (some 10 to 40 ms); undefined when it is no Prometheus program or cannot run. */
export function askVersion(path: string): Version | undefined {
  // Old releases print their version on stderr.
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return parseVersion(`${stdout}\n${stderr}`);
}

interface Remembered {
  readonly stamp: string;
  readonly version: Version | null;
}

const memoryFile = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), 'versions.json');

function recall(env: NodeJS.ProcessEnv): Record<string, Remembered> {
  try {
    return JSON.parse(readFileSync(memoryFile(env), 'utf8')) as Record<string, Remembered>;
  } catch {
    return {};
  }
}

/** Best effort: where the cache cannot be written, the program is asked again next time. */
function remember(env: NodeJS.ProcessEnv, known: Record<string, Remembered>): void {
  const file = memoryFile(env);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, JSON.stringify(known));
    renameSync(draft, file);
  } catch {}
}

/** The version of a program, asked once and then remembered until the file changes. */
export function rememberedVersion(path: string, env: NodeJS.ProcessEnv): Version | undefined {
  const { mtimeMs, size, ino } = statSync(path);
  const stamp = `${mtimeMs}:${size}:${ino}`;
  const known = recall(env);
  const before = known[path];
  if (before?.stamp === stamp) return before.version ?? undefined;
  const version = askVersion(path);
  remember(env, { ...known, [path]: { stamp, version: version ?? null } });
  return version;
}
