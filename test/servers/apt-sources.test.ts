import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDeb822, parseOneLine, readSources, renderSource } from '../../src/servers/apt-sources.ts';
import { debianSource, temporaryFolder, write } from './machine.ts';

describe('deb822', () => {
  test('reads several stanzas, with comments between and inside them', () => {
    const text = `# The archive

Types: deb
# http://snapshot.invalid/20250520
URIs: http://a.invalid/debian http://b.invalid/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
 \t
Types: deb
URIs: http://a.invalid/debian-security
suites: bookworm-security
components:  main  contrib
`;
    const [first, second, ...rest] = parseDeb822(text);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      uris: ['http://a.invalid/debian', 'http://b.invalid/debian'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    });
    expect(second).toMatchObject({
      suites: ['bookworm-security'],
      components: ['main', 'contrib'],
      signedBy: undefined,
    });
  });

  test.each(['Enabled: no', 'enabled: false', 'Enabled:no'])(
    'leaves out what is switched off by %j',
    (line) => {
      expect(parseDeb822(`${debianSource}${line}\n`)).toEqual([]);
    },
  );

  test('leaves out sources of source code, keeps those that are switched on', () => {
    expect(parseDeb822(debianSource.replace('deb deb-src', 'deb-src'))).toEqual([]);
    expect(parseDeb822(`${debianSource}Enabled: yes\n`)).toHaveLength(1);
  });

  test('renders the same archive with another suite, a key in the entry included', () => {
    const key =
      'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n -----END PGP PUBLIC KEY BLOCK-----';
    const text = debianSource.replace(/Signed-By:.*/, key).concat('Architectures: amd64\n');
    const [source] = parseDeb822(text);
    expect(renderSource(source!, 'sid', ['main'])).toBe(
      `Types: deb\nURIs: http://mirror.invalid/debian\nSuites: sid\nComponents: main\n${key}\nArchitectures: amd64\n`,
    );
  });

  test('reads files with Windows line ends', () => {
    expect(parseDeb822(debianSource.replaceAll('\n', '\r\n'))).toEqual(parseDeb822(debianSource));
  });
});

describe('one line', () => {
  test('reads options, components and comments', () => {
    const text = `
# deb http://off.invalid/debian bookworm main
deb-src http://src.invalid/debian bookworm main
deb http://a.invalid/debian bookworm main contrib # the archive
  deb\t[ arch=amd64 signed-by=/usr/share/keyrings/k.gpg ] https://b.invalid/debian  bookworm-updates  main
deb [signed-by=/k] cdrom:[Debian GNU/Linux 12 _Bookworm_]/ bookworm main
deb http://flat.invalid/ ./
`;
    expect(parseOneLine(text)).toMatchObject([
      {
        uris: ['http://a.invalid/debian'],
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        options: '',
      },
      {
        uris: ['https://b.invalid/debian'],
        suites: ['bookworm-updates'],
        components: ['main'],
        signedBy: '/usr/share/keyrings/k.gpg',
      },
      { uris: ['http://flat.invalid/'], suites: ['./'], components: [] },
    ]);
  });

  test('renders with another suite and keeps the options', () => {
    const [plain] = parseOneLine('deb http://a.invalid/debian bookworm main');
    const [withKey] = parseOneLine('deb [arch=arm64 signed-by=/k.gpg] http://a.invalid/debian bookworm main');
    expect(renderSource(plain!, 'sid', ['main'])).toBe('deb http://a.invalid/debian sid main\n');
    expect(renderSource(withKey!, 'devel', ['main', 'universe'])).toBe(
      'deb [arch=arm64 signed-by=/k.gpg] http://a.invalid/debian devel main universe\n',
    );
  });
});

describe("the machine's files", () => {
  test('are all read, each in its format; others are not', () => {
    const etc = temporaryFolder();
    const apt = join(etc, 'apt');
    write(join(apt, 'sources.list'), 'deb http://list.invalid/debian bookworm main\n');
    write(join(apt, 'sources.list.d', 'b.sources'), debianSource);
    write(join(apt, 'sources.list.d', 'a.list'), 'deb http://a.invalid/debian sid main\n');
    write(join(apt, 'sources.list.d', 'c.list.disabled'), 'deb http://c.invalid/debian sid main\n');
    write(join(apt, 'sources.list.d', 'folder.list', 'file'), '');
    expect(readSources(etc).map((source) => source.uris[0])).toEqual([
      'http://list.invalid/debian',
      'http://a.invalid/debian',
      'http://mirror.invalid/debian',
    ]);
  });

  test('may all be missing', () => {
    expect(readSources(temporaryFolder())).toEqual([]);
  });
});
