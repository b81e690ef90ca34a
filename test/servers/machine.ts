import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { System } from '../../src/servers/system.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'servers-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and the folders that it needs. */
export function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A shell script. */
export function script(file: string, body: string): string {
  write(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** An executable that says its version as the programs of Prometheus do. */
export const program = (file: string, name: string, version: string): string =>
  script(file, `echo "${name}, version ${version} (branch: HEAD, revision: abc)"`);

/** A TypeScript program as one file that node can run. */
export async function bundle(source: string): Promise<string> {
  const folder = temporaryFolder();
  const outfile = join(folder, 'program.mjs');
  await build({
    entryPoints: [write(join(folder, 'program.ts'), source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
    logLevel: 'silent',
  });
  return outfile;
}

/** Whether a process runs; one that has ended and only waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A machine that exists in a folder: its settings, its PATH, its cache, and what was said on it. */
export interface Machine extends System {
  readonly folder: string;
  readonly said: string[];
  readonly pauses: number[];
}

/** A machine without programs, sources or apt. */
export function machine(platform: NodeJS.Platform = 'linux', env: Record<string, string> = {}): Machine {
  const folder = temporaryFolder();
  const said: string[] = [];
  const pauses: number[] = [];
  mkdirSync(join(folder, 'bin'));
  return {
    folder,
    said,
    pauses,
    platform,
    arch: 'x64',
    releases: 'http://127.0.0.1:1',
    etc: join(folder, 'etc'),
    env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    say: (text) => void said.push(text),
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  };
}

/** Sources of apt: Debian's own after one of others with the same codename. */
const targets = `http://other.invalid/debian/ bookworm main
http://mirror.invalid/debian/ bookworm contrib
http://mirror.invalid/debian/ bookworm-updates main
http://mirror.invalid/debian/ bookworm main
http://mirror.invalid/debian-security/ bookworm-security main
`;

/**
 * A Debian 12 whose apt is a script: an archive of the given programs per package, `update` failing as often as asked.
 * Every call is kept with the text of its configuration's source.
 */
export function debian(
  packages: Readonly<Record<string, readonly (readonly [binary: string, version: string])[]>>,
  failures: { readonly updates?: number; readonly says?: string } = {},
): Machine & { readonly calls: () => string[] } {
  const host = machine();
  const { folder } = host;
  write(join(folder, 'etc', 'os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n');
  write(join(folder, 'targets'), targets);
  write(join(folder, 'failures'), 'x'.repeat(failures.updates ?? 0));
  for (const [name, programs] of Object.entries(packages))
    for (const [binary, version] of programs)
      program(join(folder, 'archive', name, 'usr', 'bin', binary), binary, version);
  const calls = join(folder, 'calls');
  const setup = `PATH=$PATH:/usr/bin:/bin\nconf=$2; verb=$3; shift 3\necho "$verb $*" >> '${calls}'`;
  script(
    join(folder, 'bin', 'apt-get'),
    `[ "$1" != indextargets ] || exec /bin/cat '${folder}/targets'
${setup}
if [ "$verb" = update ]; then
  cat "$(dirname "$conf")"/archive.* >> '${calls}'
  left=$(cat '${folder}/failures')
  [ -n "$left" ] || exit 0
  printf %s "\${left#x}" > '${folder}/failures'
  echo "${failures.says ?? 'E: Failed to fetch: connection reset'}" >&2
  exit 100
fi
for name in "$@"; do echo "$name" > "$name.deb"; done`,
  );
  script(join(folder, 'bin', 'apt-cache'), `${setup}\n[ -d '${folder}/archive/'"$1" ] && echo "Package: $1"`);
  script(
    join(folder, 'bin', 'dpkg'),
    `PATH=$PATH:/usr/bin:/bin; mkdir -p "$3"; cp -r '${folder}/archive/'"$(cat "$2")"/. "$3"`,
  );
  return { ...host, calls: () => readFileSync(calls, 'utf8').trimEnd().split('\n') };
}
