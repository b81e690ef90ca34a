import type { AptSource } from './apt-sources.ts';
import type { Generation } from './programs.ts';

/** What of a distribution's archive holds our programs. */
export interface Archive {
  readonly name: string;
  readonly suites: Readonly<Record<Generation, string>>;
  readonly components: readonly string[];
}

// Debian 12 is the release that carries 2.42. Ubuntu never kept a supported release with it; 24.04 is the nearest (2.45).
const debian: Archive = {
  name: 'Debian',
  suites: { current: 'sid', '2.42': 'bookworm' },
  components: ['main'],
};
const ubuntu: Archive = {
  name: 'Ubuntu',
  suites: { current: 'devel', '2.42': 'noble' },
  components: ['main', 'universe'],
};

/** The archive of a distribution, by its os-release; undefined when it is neither Debian nor Ubuntu nor made from them. */
export function archiveOf(release: Readonly<Record<string, string>>): Archive | undefined {
  const family = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
  if (family.includes('ubuntu')) return ubuntu;
  return family.includes('debian') ? debian : undefined;
}

// Names under which a release may stand in the sources instead of its codename.
const aliases = ['stable', 'oldstable', 'testing', 'unstable', 'sid', 'devel'];

/** How likely a source is the distribution's own archive: others publish under the same suite names. */
function likelihood(source: AptSource, all: readonly AptSource[], codenames: readonly string[]): number {
  const sameArchive = all.filter((other) => other.uris.some((uri) => source.uris.includes(uri)));
  const hasUpdates = sameArchive.some((other) => other.suites.some((suite) => suite.endsWith('-updates')));
  return (
    (/(debian|ubuntu)-archive-keyring/.test(source.signedBy ?? '') ? 4 : 0) +
    (hasUpdates ? 2 : 0) +
    (source.suites.some((suite) => codenames.includes(suite)) ? 1 : 0)
  );
}

/** The machine's sources that may be the distribution's own archive, most likely first. */
export function archiveSources(
  sources: readonly AptSource[],
  release: Readonly<Record<string, string>>,
  archive: Archive,
): AptSource[] {
  const { VERSION_CODENAME, UBUNTU_CODENAME, DEBIAN_CODENAME } = release;
  const codenames = [VERSION_CODENAME, UBUNTU_CODENAME, DEBIAN_CODENAME].filter((name) => name !== undefined);
  const known = new Set([...codenames, ...aliases]);
  return sources
    .filter((source) => source.suites.some((suite) => known.has(suite)))
    .filter((source) => source.components.some((component) => archive.components.includes(component)))
    .map((source) => [likelihood(source, sources, codenames), source] as const)
    .toSorted(([a], [b]) => b - a)
    .map(([, source]) => source);
}
