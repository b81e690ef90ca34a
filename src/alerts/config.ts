import { readFileSync } from 'node:fs';

/** The part of `package.json` that says where the repository is. */
interface Package {
  readonly repository?: string | { readonly url: string };
}

/** The folder of the runbooks within the repository. */
const folder = 'generated/docs/runbooks';

/**
 * Where people read the runbooks: the folder on the main branch of the repository that `package.json` names, or only
 * its path while it names none. Notifications make a link of an address, and no link of a path.
 */
export function runbookFolder({ repository }: Package): string {
  const url = typeof repository === 'string' ? repository : (repository?.url ?? '');
  const [, host, path] = /^(?:git\+)?https:\/\/([^/]+)\/(.+?)(?:\.git)?\/?$/.exec(url) ?? [];
  return host ? `https://${host}/${path}/blob/main/${folder}` : folder;
}

const ours = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package;

/** Addresses that notifications link to. */
export const site = {
  /** Where Grafana is, for links in notifications (design document, "Prometheus Endpoints"). No slash at the end. */
  grafanaUrl: 'https://relay-grafana-production.up.railway.app',
  /** From `repository` in `package.json`; an address of another kind can be written here instead. */
  runbooks: runbookFolder(ours),
} as const;

/** Whether runbooks can be opened from a notification. */
export const runbooksAreLinked = /^https?:\/\//.test(site.runbooks);
