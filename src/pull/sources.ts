import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from './locate.ts';

/** The definitions of dashboards, by their path in the project. @param root the project's folder */
export function readSources(root: string): Sources {
  const files = readdirSync(join(root, 'dashboards'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `dashboards/${name.replaceAll('\\', '/')}`)
    .sort();
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}
