import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FetchError, type Fetched, type Order } from './order.ts';
import { binariesOf, type Generation, type ProgramName, packagesOf } from './programs.ts';
import { hasCommand, osRelease, type Run, run, type System } from './system.ts';

/** The part of a distribution's archive that holds our programs. */
interface Archive {
  readonly name: string;
  readonly suites: Readonly<Record<Generation, string>>;
  readonly components: string;
  readonly keyring: string;
}

// Debian 12 is the release that carries 2.42. Ubuntu kept no supported release with it; 24.04 is the nearest (2.45).
const archives: Readonly<Record<'debian' | 'ubuntu', Archive>> = {
  ubuntu: {
    name: 'Ubuntu',
    suites: { current: 'devel', '2.42': 'noble' },
    components: 'main universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
  debian: {
    name: 'Debian',
    suites: { current: 'sid', '2.42': 'bookworm' },
    components: 'main',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
};

/** The archive of this system and its address, as this machine's apt reaches it. @throws FetchError */
async function archiveOf(system: System): Promise<{ archive: Archive; url: string }> {
  if (
    system.platform !== 'linux' ||
    !['apt-get', 'apt-cache', 'dpkg'].every((name) => hasCommand(system, name))
  )
    throw new FetchError('this system has no apt');
  const release = osRelease(system);
  const family = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
  const name = (['ubuntu', 'debian'] as const).find((each) => family.includes(each));
  if (!name) throw new FetchError(`${release.PRETTY_NAME ?? 'this system'} is neither Debian nor Ubuntu`);
  const archive = archives[name];
  const fields = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const args = ['indextargets', '--format', fields, 'Created-By: Packages'];
  const targets = (await run(system, 'apt-get', args)).stdout.split('\n').map((line) => line.split(' '));
  const has = (url: string, suite: string): boolean => targets.some(([u, s]) => u === url && s === suite);
  const { UBUNTU_CODENAME, DEBIAN_CODENAME, VERSION_CODENAME } = release;
  const codename = UBUNTU_CODENAME ?? DEBIAN_CODENAME ?? VERSION_CODENAME ?? '';
  const own = targets
    .filter(([, suite = '', component]) => component === 'main' && [codename, ...rolling].includes(suite))
    .map(([url = '', suite = '']) => ({ url, suite }));
  // Others publish under the same codenames, but not with updates of their own.
  const found = own.find(({ url, suite }) => has(url, `${suite}-updates`)) ?? own[0];
  if (!found) throw new FetchError(`${archive.name}'s own archive is not among the sources of apt`);
  return { archive, url: found.url };
}

/** Names that a release may have in the sources instead of its codename. */
const rolling = ['stable', 'testing', 'unstable', 'sid', 'devel'];

// The machine's hooks (some refresh desktop catalogues, some empty its cache), pins and default release are not ours,
// and its installed packages must not count as candidates: they cannot be downloaded.
const settings = (folder: string): string => `
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
#clear APT::Default-Release;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::CNF;
Dir::Etc::SourceList "${folder}/archive.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "${folder}/state";
Dir::State::Lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
`;

/** An apt of our own in a folder, which needs no root. @returns its configuration */
function privateApt(folder: string, source: string): string {
  for (const name of ['state', 'lists/partial', 'cache/archives/partial', 'packages'])
    mkdirSync(join(folder, name), { recursive: true });
  const config = join(folder, 'apt.conf');
  writeFileSync(join(folder, 'archive.list'), source);
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(config, settings(folder));
  return config;
}

const complaint = ({ stdout, stderr, code }: Run): string => {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  const found = lines.find((line) => /^(E|W|Err):/.test(line)) ?? lines.find((line) => line !== '');
  return found?.replace(/^[EW]: */, '') ?? `exit code ${code}`;
};

/** Waits between attempts: a mirror that is being updated, or a flaky line, recovers within seconds. */
const pauses = [2_000, 6_000];

async function persist(system: System, attempt: () => Promise<Run>): Promise<void> {
  for (const pause of [...pauses, undefined]) {
    const result = await attempt();
    if (result.code === 0) return;
    // A suite that the archive does not have will not appear by waiting.
    const hopeless = /does not have a Release file|NO_PUBKEY|is not signed/.test(result.stderr);
    if (pause === undefined || hopeless) throw new FetchError(complaint(result));
    await system.sleep(pause);
  }
}

/** Of the packages that may hold a program the first that the archive has. */
async function packageOf(config: string, name: ProgramName, suite: string, system: System): Promise<string> {
  for (const each of packagesOf(name)) {
    const { code, stdout } = await run(system, 'apt-cache', ['-c', config, 'show', each]);
    if (code === 0 && /^Package: /m.test(stdout)) return each;
  }
  throw new FetchError(`${suite} has no package ${packagesOf(name).join(' or ')}`);
}

async function unpackPackages(config: string, folder: string, packages: readonly string[], system: System) {
  const cwd = join(folder, 'packages');
  const target = join(folder, 'root');
  await persist(system, () => run(system, 'apt-get', ['-c', config, 'download', ...packages], { cwd }));
  for (const file of readdirSync(cwd).filter((name) => name.endsWith('.deb'))) {
    const result = await run(system, 'dpkg', ['-x', join(cwd, file), target]);
    if (result.code !== 0) throw new FetchError(complaint(result));
  }
  return target;
}

/**
 * Takes programs from the archive that this machine's apt uses, without root and without touching its packages.
 * @throws FetchError
 */
export async function fromApt({ names, generation, system }: Order, folder: string): Promise<Fetched> {
  const { archive, url } = await archiveOf(system);
  const suite = archive.suites[generation];
  const signed = existsSync(archive.keyring) ? `[signed-by=${archive.keyring}] ` : '';
  const config = privateApt(folder, `deb ${signed}${url} ${suite} ${archive.components}\n`);
  system.say(`Fetching ${names.join(', ')} from ${archive.name} ${suite}: reading its index`);
  await persist(system, () => run(system, 'apt-get', ['-c', config, 'update']));
  const packages = new Set<string>();
  for (const name of names) packages.add(await packageOf(config, name, suite, system));
  system.say(`Downloading ${[...packages].join(', ')}`);
  const data = await unpackPackages(config, folder, [...packages], system);
  const programs = names.map((name): [ProgramName, string] => {
    const paths = binariesOf(name).map((binary) => join(data, 'usr', 'bin', binary));
    const file = paths.find((path) => existsSync(path));
    if (!file) throw new FetchError(`the package of ${name} holds no program of that name`);
    return [name, file];
  });
  return { programs: new Map(programs), data };
}
