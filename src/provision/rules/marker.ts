import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the file in which we note which rule files of a directory are ours. No `.yml`, so that Prometheus does not read it. */
export const markerFile = '.deployment-observability.json';

/** Our files, each with the hashes that it may have: one, or while a delivery is under way the old and the new one. */
export type Marker = Readonly<Record<string, readonly string[]>>;

/** The marker of a directory; empty when we never delivered to it. */
export function readMarker(directory: string): Marker {
  try {
    const parsed = JSON.parse(readFileSync(join(directory, markerFile), 'utf8')) as { files?: Marker };
    return parsed.files ?? {};
  } catch {
    return {};
  }
}

/** The marker's text. */
export const markerText = (files: Marker): string =>
  `${JSON.stringify({ comment: 'Rule files that npm run provision made. Do not edit.', files }, null, 2)}\n`;
