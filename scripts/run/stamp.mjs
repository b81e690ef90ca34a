// Whether a file is still the one that was read: told from its size and its times, without reading it.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A text that changes with the file. The time of the last change of the inode (ctime) is in it because tools that
 * copy may set the time of the last write back, and nobody can set this one.
 */
export function stampOf(path) {
  try {
    const { size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'absent';
  }
}

/** Folders whose files no command reads when it makes something of the definitions. */
const apart = new Set(['node_modules', 'test', 'screenshots', 'dist']);
const isApart = (name) => apart.has(name) || (name.startsWith('.') && name !== '.github');

/** A stamp for each file of the project, by its path with forward slashes. */
export function stampsBelow(root, prefix = '', stamps = new Map()) {
  for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
    if (isApart(entry.name)) continue;
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) stampsBelow(root, `${path}/`, stamps);
    else stamps.set(path, stampOf(join(root, path)));
  }
  return stamps;
}

/** A short name for texts; the same texts have the same one. */
export const digest = (...texts) =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
