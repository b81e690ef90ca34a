import { createHash } from 'node:crypto';

/** `generated/manifest.json`: what belongs together. */
export interface Manifest {
  /** The bundle's name, from the pipeline file: whose what is provisioned is. */
  readonly name: string;
  /** Beginning of a hash of what the image of Prometheus is made from beside the rules. */
  readonly image?: string;
  /** SHA-256 over all artefacts' paths and hashes. */
  readonly bundle: string;
  /** The first twelve digits of it: what servers and people see. */
  readonly version: string;
  /** SHA-256 of each file, by path below `generated/`; without the manifest and the rule that carries the version. */
  readonly artefacts: Readonly<Record<string, string>>;
}

/** SHA-256 of a text's UTF-8 bytes, as hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The hash of a whole bundle, from its artefacts' hashes in the manifest's order. */
export const bundleHash = (artefacts: Manifest['artefacts']): string =>
  sha256(
    Object.entries(artefacts)
      .map(([path, hash]) => `${path}\u0000${hash}\n`)
      .join(''),
  );

/** The manifest of files given as pairs of path and text, sorted by path. */
export function manifest(
  name: string,
  files: readonly (readonly [path: string, text: string])[],
  image?: string,
): Manifest {
  const artefacts = Object.fromEntries(files.map(([path, text]) => [path, sha256(text)]));
  const bundle = bundleHash(artefacts);
  return { name, ...(image !== undefined && { image }), bundle, version: bundle.slice(0, 12), artefacts };
}
