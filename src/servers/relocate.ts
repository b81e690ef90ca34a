import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Debian's Alertmanager does not embed its notification templates: it reads them from this folder, which no option
// changes, and ends at once when they are not there. Without root they cannot be put there.
const absolute = '/usr/share/prometheus/alertmanager';
// As long as the original, because a string in a program cannot grow, and relative: see workingFolder.
const relative = `.////${absolute.slice('/usr/'.length)}`;

/** Makes a program read its data from below its working folder. Programs that read none are left as they are. */
export function relocate(file: string): void {
  const bytes = readFileSync(file);
  const from = Buffer.from(absolute);
  const to = Buffer.from(relative);
  let at = bytes.indexOf(from);
  if (at === -1) return;
  for (; at !== -1; at = bytes.indexOf(from, at + to.length)) to.copy(bytes, at);
  writeFileSync(file, bytes);
}

/** Puts the data of unpacked packages beside the programs in the cache. */
export function installData(unpacked: string, folder: string): void {
  const from = join(unpacked, absolute);
  if (!existsSync(from)) return;
  const to = join(folder, relative);
  mkdirSync(dirname(to), { recursive: true });
  const draft = `${to}.${process.pid}`;
  cpSync(from, draft, { recursive: true, dereference: false });
  rmSync(to, { recursive: true, force: true });
  renameSync(draft, to);
}

/** The folder in which a program must run to find its data: its own, if that holds relocated data. */
export function workingFolder(binary: string): string | undefined {
  const folder = dirname(binary);
  return existsSync(join(folder, relative)) ? folder : undefined;
}
