import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentFailure } from '../lib/errors.ts';
import { withLock } from '../lib/lock.ts';
import { cannotFetch } from './advice.ts';
import { AptError, firstPackage, privateApt, unpackPackages, updateIndex } from './apt.ts';
import { type AptSource, readSources, renderSource } from './apt-sources.ts';
import { cachedProgram, cacheFolder } from './cache.ts';
import { type Archive, archiveOf, archiveSources } from './distribution.ts';
import {
  belongsTo,
  binariesOf,
  type Generation,
  type ProgramName,
  packagesOf,
  parseVersion,
  wantedVersion,
} from './programs.ts';
import { installData, relocate } from './relocate.ts';
import { hasCommand, osRelease, run, type System } from './system.ts';

interface Order {
  readonly names: readonly ProgramName[];
  readonly generation: Generation;
  readonly system: System;
}

/** The archive and the machine's sources of it. @throws EnvironmentFailure on systems without either */
function sourcesFor({ names, generation, system }: Order): { archive: Archive; sources: AptSource[] } {
  const fail = (why: string): never => {
    throw cannotFetch(names, generation, system, why);
  };
  if (system.platform !== 'linux') return fail('they are fetched on Debian and Ubuntu only.');
  if (!['apt-get', 'apt-cache', 'dpkg'].every((command) => hasCommand(system, command)))
    return fail('this system has no apt.');
  const release = osRelease(system);
  const archive = archiveOf(release);
  if (!archive) return fail(`${release.PRETTY_NAME ?? 'this system'} is neither Debian nor Ubuntu.`);
  const sources = archiveSources(readSources(system.etc), release, archive);
  if (sources.length === 0) return fail(`${archive.name}'s own archive is not among the sources of apt.`);
  return { archive, sources };
}

interface Fetched {
  /** Folder that holds the files of all packages. */
  readonly unpacked: string;
  readonly programs: ReadonlyMap<ProgramName, string>;
}

/** Downloads into the folder and gives the path of each program in it. @throws AptError */
async function fromSource(
  order: Order,
  archive: Archive,
  source: AptSource,
  folder: string,
): Promise<Fetched> {
  const { names, generation, system } = order;
  const suite = archive.suites[generation];
  const extension = source.format === 'deb822' ? 'sources' : 'list';
  const apt = privateApt(folder, renderSource(source, suite, archive.components), extension);
  system.say(`Fetching ${names.join(', ')} from ${archive.name} ${suite}: reading its index`);
  await updateIndex(apt, system);
  const packages = new Set<string>();
  for (const name of names) {
    const found = await firstPackage(apt, packagesOf(name), system);
    if (!found) throw new AptError(`${suite} has no package ${packagesOf(name).join(' or ')}.`);
    packages.add(found);
  }
  system.say(`Downloading ${[...packages].join(', ')}`);
  const unpacked = await unpackPackages(apt, [...packages], system);
  return { unpacked, programs: new Map(names.map((name) => [name, executableIn(unpacked, name)])) };
}

function executableIn(folder: string, name: ProgramName): string {
  const path = binariesOf(name)
    .map((binary) => join(folder, 'usr', 'bin', binary))
    .find((file) => existsSync(file));
  if (!path) throw new AptError(`the package of ${name} holds no program of that name.`);
  return path;
}

/** Starts the program once: a download that does not run, or is of another generation, must not enter the cache. */
async function verify(file: string, name: ProgramName, { generation, system }: Order): Promise<void> {
  chmodSync(file, 0o755);
  const { stdout, stderr } = await run(system, file, ['--version'], { timeoutMs: 20_000 });
  const version = parseVersion(`${stdout}\n${stderr}`);
  if (!version) throw new AptError(`${name} was downloaded but does not run here. ${stderr.trim()}`);
  if (!belongsTo(name, generation, version))
    throw new AptError(
      `the archive gave ${name} ${version.text}, wanted is ${wantedVersion(name, generation)}.`,
    );
}

/** Moves programs into the cache, each at once, and only after all were seen to run. */
async function install({ unpacked, programs }: Fetched, order: Order): Promise<void> {
  for (const [name, file] of programs) {
    relocate(file);
    await verify(file, name, order);
  }
  for (const [name, file] of programs) {
    const target = cachedProgram(name, order.generation, order.system.env);
    mkdirSync(dirname(target), { recursive: true });
    installData(unpacked, dirname(target));
    renameSync(file, target);
  }
}

/** Removes what fetches that were killed left behind: whoever holds the lock is the only one that fetches. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('staging-')))
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** Tries one source after the other; the first that gives all programs fills the cache. */
async function fetchInto(cache: string, order: Order): Promise<void> {
  const { archive, sources } = sourcesFor(order);
  let why = '';
  for (const source of sources.slice(0, 3)) {
    const staging = mkdtempSync(join(cache, 'staging-'));
    try {
      await install(await fromSource(order, archive, source, staging), order);
      return;
    } catch (error) {
      if (!(error instanceof AptError)) throw error;
      why = why || error.message;
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  throw cannotFetch(order.names, order.generation, order.system, why, true);
}

/**
 * Fetches programs into the cache, from the archive that this machine's apt uses, without root and without touching
 * the machine's own packages. Callers at the same time download once.
 * @throws EnvironmentFailure with the reason, and with what installs the programs on this system
 */
export async function fetchPrograms(
  names: readonly ProgramName[],
  generation: Generation,
  system: System,
): Promise<void> {
  const order = { names, generation, system };
  sourcesFor(order);
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
  const waiting = (): void => system.say('Waiting for another process that fetches the servers');
  await withLock(
    join(cache, 'fetch.lock'),
    async () => {
      sweep(cache);
      const missing = names.filter((name) => !existsSync(cachedProgram(name, generation, system.env)));
      if (missing.length > 0) await fetchInto(cache, { ...order, names: missing });
    },
    { onWait: waiting },
  );
}
