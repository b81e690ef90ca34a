import { createHash } from 'node:crypto';

/** `generated/manifest.json`: what belongs together. */
export interface Manifest {
  /** SHA-256 over all artefacts' paths and hashes. */
  readonly bundle: string;
  /** The first twelve digits of it: what servers and people see. */
  readonly version: string;
  /** SHA-256 of each file, by path below `generated/`; without the manifest and the rule that carries the version. */
  readonly artefacts: Readonly<Record<string, string>>;
}

/** SHA-256 of a text's UTF-8 bytes, as hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The manifest of files given as pairs of path and text, sorted by path. */
export function manifest(files: readonly (readonly [path: string, text: string])[]): Manifest {
  const artefacts = Object.fromEntries(files.map(([path, text]) => [path, sha256(text)]));
  const bundle = sha256(files.map(([path, text]) => `${path}\u0000${sha256(text)}\n`).join(''));
  return { bundle, version: bundle.slice(0, 12), artefacts };
}
