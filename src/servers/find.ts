import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { cachedProgram, isExecutable } from './cache.ts';
import { fetchPrograms } from './fetch.ts';
import { belongsTo, binariesOf, type Generation, type ProgramName, variableOf } from './programs.ts';
import { hostSystem, type System } from './system.ts';
import { rememberedVersion } from './version.ts';

export type { Generation, ProgramName } from './programs.ts';

/** An executable and how it was found. */
export interface Found {
  readonly path: string;
  readonly where: 'environment' | 'PATH' | 'cache';
}

/** The executable that the environment variable names. @throws UserError when there is none at that path */
function fromEnvironment(name: ProgramName, generation: Generation, system: System): Found | undefined {
  const variable = variableOf(name, generation);
  const value = system.env[variable];
  if (!value) return undefined;
  const path = isAbsolute(value) ? value : resolve(value);
  if (!isExecutable(path))
    throw new UserError(
      `${variable} is ${value}, and there is no executable file of that name.`,
      `Set it to the path of ${name}, or unset it: npm run servers -- --fetch then gets one.`,
    );
  return { path, where: 'environment' };
}

const pathsOnPath = (name: ProgramName, system: System): string[] =>
  (system.env.PATH ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => binariesOf(name).map((binary) => join(folder, binary)));

/** The first executable of the right generation on PATH. */
function fromPath(name: ProgramName, generation: Generation, system: System): Found | undefined {
  for (const path of pathsOnPath(name, system)) {
    if (!isExecutable(path)) continue;
    const version = rememberedVersion(path, system.env);
    if (version && belongsTo(name, generation, version)) return { path, where: 'PATH' };
  }
  return undefined;
}

/** Looks in the environment variable, then on PATH, then in the cache, and says which it was. Fetches nothing. */
export function locateProgram(
  name: ProgramName,
  generation: Generation = 'current',
  system: System = hostSystem,
): Found | undefined {
  const found = fromEnvironment(name, generation, system) ?? fromPath(name, generation, system);
  if (found) return found;
  const path = cachedProgram(name, generation, system.env);
  return isExecutable(path) ? { path, where: 'cache' } : undefined;
}

/**
 * The path of a program, or undefined when it would have to be fetched. Takes a few milliseconds at most,
 * except that a program on PATH is asked for its version once.
 * @throws UserError when its environment variable names no executable file
 */
export function findProgram(
  name: ProgramName,
  generation: Generation = 'current',
  system: System = hostSystem,
): string | undefined {
  return locateProgram(name, generation, system)?.path;
}

/**
 * The paths of programs, fetching those that are missing. Says on stderr what it fetches.
 * @throws EnvironmentFailure naming what installs them on this system, when they cannot be fetched
 */
export async function obtainPrograms<N extends ProgramName>(
  names: readonly N[],
  generation: Generation = 'current',
  system: System = hostSystem,
): Promise<Record<N, string>> {
  const missing = names.filter((name) => findProgram(name, generation, system) === undefined);
  if (missing.length > 0) await fetchPrograms(missing, generation, system);
  const entries = names.map((name) => [name, findProgram(name, generation, system)] as const);
  return Object.fromEntries(entries) as Record<N, string>;
}
