import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../lib/root.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { sha256 } from './manifest.ts';

/** Inputs of the Prometheus image beside the rules: its Dockerfile, which names the base image, and the files that it copies. */
const folder = 'railway/prometheus';
const shared = 'railway/common.sh';

/** Path below `generated/` of what the image has to know of the application. */
const applicationFile = 'prometheus/application.sh';

/** A value in single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The image's scrape of the application, as variables of `railway/prometheus/start.sh`. */
export function applicationScrape({ application }: Pick<Pipeline, 'application'>): Record<string, string> {
  const { job = '', target = '', scheme = 'https' } = application ?? {};
  return {
    [applicationFile]: [
      '# The application, as the pipeline file has it. Read by railway/prometheus/start.sh.',
      `application_job=${quoted(job)}`,
      `application_target=${quoted(target)}`,
      `application_scheme=${quoted(scheme)}`,
      '',
    ].join('\n'),
  };
}

/**
 * Beginning of a hash of the image's input without the rules; undefined where the project has no such image. The rules
 * carry it, so that a server shows whether it runs what the image would be made from now.
 */
export function imageHash(pipeline: Pick<Pipeline, 'application'>): string | undefined {
  if (!existsSync(inProject(folder))) return undefined;
  const names = readdirSync(inProject(folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`);
  const files = [...names, ...(existsSync(inProject(shared)) ? [shared] : [])].sort();
  const parts = files.map((path) => `${path}\u0000${sha256(readFileSync(inProject(path), 'utf8'))}\n`);
  return sha256([...parts, ...Object.values(applicationScrape(pipeline))].join('')).slice(0, 12);
}
