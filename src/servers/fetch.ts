import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentFailure } from '../lib/errors.ts';
import { withLock } from '../lib/lock.ts';
import { cannotFetch } from './advice.ts';
import { fromApt } from './apt.ts';
import { cachedProgram, cacheFolder, isExecutable } from './cache.ts';
import { FetchError, type Fetched, type Order } from './order.ts';
import { belongsTo, type Generation, type ProgramName, parseVersion, wantedVersion } from './programs.ts';
import { fromReleases } from './releases.ts';
import { installData, relocate } from './relocate.ts';
import { run, type System } from './system.ts';

/** Starts the program once: a download that does not run, or is of another generation, must not enter the cache. */
async function verify(file: string, name: ProgramName, { generation, system }: Order): Promise<void> {
  chmodSync(file, 0o755);
  const { stdout, stderr } = await run(system, file, ['--version'], { timeoutMs: 20_000 });
  const version = parseVersion(`${stdout}\n${stderr}`);
  if (!version) throw new FetchError(`${name} was downloaded but does not run here. ${stderr.trim()}`);
  if (!belongsTo(name, generation, version))
    throw new FetchError(`${name} is ${version.text} there, wanted is ${wantedVersion(name, generation)}`);
}

/** Moves programs into the cache, each at once, and only after all were seen to run. */
async function install({ data, programs }: Fetched, order: Order): Promise<void> {
  for (const [name, file] of programs) {
    if (data) relocate(file);
    await verify(file, name, order);
  }
  for (const [name, file] of programs) {
    const target = cachedProgram(name, order.generation, order.system.env);
    mkdirSync(dirname(target), { recursive: true });
    if (data) installData(data, dirname(target));
    renameSync(file, target);
  }
}

/** Fills the cache from the first source that has all programs: official releases, then Debian's packages. */
async function fetchInto(cache: string, order: Order): Promise<void> {
  const reasons: string[] = [];
  for (const source of [fromReleases, fromApt]) {
    const staging = mkdtempSync(join(cache, 'staging-'));
    try {
      await install(await source(order, staging), order);
      return;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      reasons.push(error.message);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  throw cannotFetch(order, `${reasons.join('; ')}.`);
}

/** Removes leftovers of fetches that were killed; only the holder of the lock fetches. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('staging-')))
    rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Fetches programs into the cache, without root. Callers at the same time download once.
 * @throws EnvironmentFailure with the reasons, and with what installs the programs on this system
 */
export async function fetchPrograms(
  names: readonly ProgramName[],
  generation: Generation,
  system: System,
): Promise<void> {
  const cache = cacheFolder(system.env);
  try {
    mkdirSync(cache, { recursive: true });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new EnvironmentFailure(
      `The cache ${cache} cannot be written (${why}). Set XDG_CACHE_HOME to a folder that can.`,
      'no server was started.',
    );
  }
  const work = async (): Promise<void> => {
    removeLeftovers(cache);
    const missing = names.filter((name) => !isExecutable(cachedProgram(name, generation, system.env)));
    if (missing.length > 0) await fetchInto(cache, { names: missing, generation, system });
  };
  const onWait = (): void => system.say('Waiting for another process that fetches the servers');
  await withLock(join(cache, 'fetch.lock'), work, { onWait });
}
