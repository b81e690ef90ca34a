import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reason } from '../lib/transport.ts';
import { FetchError, type Fetched, type Order } from './order.ts';
import { binariesOf, type Generation, type ProgramName } from './programs.ts';
import { run, type System } from './system.ts';

/** Repositories of the Prometheus project whose releases hold our programs. */
export type Release = 'prometheus' | 'pushgateway' | 'alertmanager';

const versions: Readonly<Record<Generation, Readonly<Record<Release, string>>>> = {
  current: { prometheus: '3.5.0', pushgateway: '1.11.1', alertmanager: '0.28.1' },
  '2.42': { prometheus: '2.42.0', pushgateway: '1.5.1', alertmanager: '0.25.0' },
};

/** The release that holds a program. */
export const releaseOf = (name: ProgramName): Release =>
  name === 'promtool' ? 'prometheus' : name === 'amtool' ? 'alertmanager' : name;

const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const machines: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Milliseconds for a list of checksums, and for an archive of some 120 MB. */
const timeouts = { list: 20_000, archive: 600_000 } as const;

async function download(url: string, timeoutMs: number): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new FetchError(`${new URL(url).host} cannot be reached (${reason(error)})`);
  }
  throw new FetchError(`${url} answered ${response.status}`);
}

/** Downloads a release, holds it to the checksum that it publishes, and unpacks it. @returns its folder */
async function unpack(
  release: Release,
  target: string,
  { generation, system }: Order,
  folder: string,
): Promise<string> {
  const version = versions[generation][release];
  const name = `${release}-${version}.${target}`;
  const base = `${system.releases}/${release}/releases/download/v${version}`;
  const list = (await download(`${base}/sha256sums.txt`, timeouts.list)).toString('utf8');
  const expected = list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === `${name}.tar.gz`)?.[0];
  if (!expected) throw new FetchError(`release ${version} of ${release} names no checksum of ${name}.tar.gz`);
  system.say(`Downloading ${name}`);
  const archive = await download(`${base}/${name}.tar.gz`, timeouts.archive);
  if (createHash('sha256').update(archive).digest('hex') !== expected)
    throw new FetchError(`${name}.tar.gz does not have the checksum that its release names`);
  const file = join(folder, `${name}.tar.gz`);
  writeFileSync(file, archive);
  const { code, stderr } = await run(system, 'tar', ['-xzf', file, '-C', folder]);
  if (code !== 0) throw new FetchError(`${name}.tar.gz cannot be unpacked: ${stderr.trim()}`);
  return join(folder, name);
}

const targetOf = ({ platform, arch }: System): string | undefined => {
  const [os, machine] = [systems[platform], machines[arch]];
  return os && machine && `${os}-${machine}`;
};

/** Takes programs from the Prometheus project's own releases, of fixed versions. @throws FetchError */
export async function fromReleases(order: Order, folder: string): Promise<Fetched> {
  const { names, system } = order;
  const target = targetOf(system);
  if (!target) throw new FetchError(`there are no releases for ${system.platform} on ${system.arch}`);
  const folders = new Map<Release, string>();
  for (const release of new Set(names.map(releaseOf)))
    folders.set(release, await unpack(release, target, order, folder));
  const programs = names.map((name): [ProgramName, string] => {
    const from = folders.get(releaseOf(name)) ?? folder;
    const file = binariesOf(name)
      .map((binary) => join(from, binary))
      .find((path) => existsSync(path));
    if (!file) throw new FetchError(`the release of ${releaseOf(name)} holds no ${name}`);
    return [name, file];
  });
  return { programs: new Map(programs) };
}
