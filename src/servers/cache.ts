import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Generation, ProgramName } from './programs.ts';

/**
 * The folder that keeps fetched programs. It is the user's cache and not `node_modules`, which `npm ci` empties.
 * XDG asks that a relative XDG_CACHE_HOME be ignored.
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  // A home folder may be shared between machines that cannot run each other's programs.
  return join(base, 'relay-deployment-observability', 'servers', `${process.platform}-${process.arch}`);
}

/** Where a fetched program lies, or would lie. */
export const cachedProgram = (name: ProgramName, generation: Generation, env: NodeJS.ProcessEnv): string =>
  join(cacheFolder(env), generation, name);

/** Whether there is a file that may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
