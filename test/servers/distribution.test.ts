import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDeb822, parseOneLine } from '../../src/servers/apt-sources.ts';
import { archiveOf, archiveSources } from '../../src/servers/distribution.ts';
import { osRelease } from '../../src/servers/system.ts';
import { debianSource, machine, write } from './machine.ts';

const bookworm = { ID: 'debian', VERSION_CODENAME: 'bookworm' };
const noble = { ID: 'ubuntu', ID_LIKE: 'debian', VERSION_CODENAME: 'noble' };
const debian = archiveOf(bookworm)!;
const ubuntu = archiveOf(noble)!;
const hosts = (sources: { readonly uris: readonly string[] }[]): string[] =>
  sources.map((source) => new URL(source.uris[0]!).host);

describe('the distribution', () => {
  test('is Debian or Ubuntu or made from one of them', () => {
    expect(debian.suites).toEqual({ current: 'sid', '2.42': 'bookworm' });
    expect(ubuntu.suites.current).toBe('devel');
    expect(archiveOf({ ID: 'raspbian', ID_LIKE: 'debian' })).toBe(debian);
    expect(archiveOf({ ID: 'linuxmint', ID_LIKE: 'ubuntu debian' })).toBe(ubuntu);
    expect(archiveOf({ ID: 'fedora' })).toBeUndefined();
    expect(archiveOf({})).toBeUndefined();
  });

  test('describes itself in os-release, quoted or not', () => {
    const host = machine();
    write(
      join(host.etc, 'os-release'),
      `ID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\nVERSION_CODENAME='x y'\n#A=b\n`,
    );
    expect(osRelease(host)).toEqual({
      ID: 'debian',
      PRETTY_NAME: 'Debian GNU/Linux 12',
      VERSION_CODENAME: 'x y',
    });
    expect(osRelease(machine())).toEqual({});
  });
});

describe("the distribution's own archive", () => {
  test('is told from security updates and from archives of others by the suite', () => {
    const security = debianSource
      .replaceAll('bookworm-updates', '')
      .replaceAll('bookworm', 'bookworm-security');
    const vendor = 'Types: deb\nURIs: https://vendor.invalid/\nSuites: nodistro\nComponents: main\n';
    const sources = parseDeb822([security, vendor, debianSource].join('\n'));
    expect(sources).toHaveLength(3);
    expect(archiveSources(sources, bookworm, debian)).toEqual([sources[2]]);
  });

  test('comes before archives of others that use the same suite and component', () => {
    const sources = parseOneLine(`
deb [signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.invalid bookworm main
deb https://browser.invalid stable main
deb http://mirror.invalid/debian bookworm main
deb http://mirror.invalid/debian bookworm-updates main
`);
    expect(hosts(archiveSources(sources, bookworm, debian))).toEqual([
      'mirror.invalid',
      'vendor.invalid',
      'browser.invalid',
    ]);
  });

  test('is known by its keyring', () => {
    const vendor = debianSource.replace(/mirror/, 'vendor').replace(/Signed-By:.*\n/, 'Signed-By: /v.gpg\n');
    const sources = parseDeb822([vendor, debianSource].join('\n'));
    expect(hosts(archiveSources(sources, bookworm, debian))).toEqual(['mirror.invalid', 'vendor.invalid']);
  });

  test('needs a component that holds our programs', () => {
    const docker = parseOneLine('deb http://docker.invalid/linux/debian bookworm stable');
    expect(archiveSources(docker, bookworm, debian)).toEqual([]);
  });

  test('is found on a rolling release without a codename, and on Ubuntu under universe', () => {
    const rolling = parseOneLine('deb http://mirror.invalid/debian unstable main');
    expect(archiveSources(rolling, { ID: 'debian' }, debian)).toHaveLength(1);
    const universe = parseOneLine('deb http://mirror.invalid/ubuntu noble universe');
    expect(archiveSources(universe, noble, ubuntu)).toHaveLength(1);
  });

  test('of a distribution made from Ubuntu goes by Ubuntu codename', () => {
    const mint = {
      ID: 'linuxmint',
      ID_LIKE: 'ubuntu debian',
      VERSION_CODENAME: 'wilma',
      UBUNTU_CODENAME: 'noble',
    };
    const sources = parseOneLine(
      'deb http://mint.invalid wilma main upstream\ndeb http://mirror.invalid/ubuntu noble main universe\ndeb http://mirror.invalid/ubuntu noble-updates main',
    );
    expect(hosts(archiveSources(sources, mint, ubuntu))[0]).toBe('mirror.invalid');
  });
});
