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

const rolling = ['stable', 'oldstable', 'testing', 'unstable', 'sid', 'devel'];

/**
 * The machine's sources that are the distribution's own archive, most likely first. Others publish under the same
 * suite names, so that the keyring and the presence of an updates suite decide the order.
 */
export function archiveSources(
  sources: readonly AptSource[],
  release: Readonly<Record<string, string>>,
  archive: Archive,
): AptSource[] {
  const codenames = [release.VERSION_CODENAME, release.UBUNTU_CODENAME, release.DEBIAN_CODENAME];
  const main = new Set([...codenames.filter((name) => name !== undefined && name !== ''), ...rolling]);
  const score = (source: AptSource): number =>
    (/(debian|ubuntu)-archive-keyring/.test(source.signedBy ?? '') ? 2 : 0) +
    (source.suites.some((suite) => suite.endsWith('-updates')) ? 1 : 0);
  return sources
    .filter((source) => source.suites.some((suite) => main.has(suite)))
    .filter((source) => source.components.some((component) => archive.components.includes(component)))
    .toSorted((a, b) => score(b) - score(a));
}
