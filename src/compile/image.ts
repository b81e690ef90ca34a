import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../lib/root.ts';
import { sha256 } from './manifest.ts';

/** Inputs of the Prometheus image beside the rules: its Dockerfile, which names the base image, and the files that it copies. */
const folder = 'railway/prometheus';
const shared = 'railway/common.sh';

/**
 * Beginning of a hash of the image's input without the rules; undefined where the project has no such image. The rules
 * carry it, so that a server shows whether it runs what the image would be made from now.
 */
export function imageHash(): string | undefined {
  if (!existsSync(inProject(folder))) return undefined;
  const names = readdirSync(inProject(folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`);
  const files = [...names, ...(existsSync(inProject(shared)) ? [shared] : [])].sort();
  const parts = files.map((path) => `${path}\u0000${sha256(readFileSync(inProject(path), 'utf8'))}\n`);
  return sha256(parts.join('')).slice(0, 12);
}
