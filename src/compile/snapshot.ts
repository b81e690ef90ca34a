import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { parse } from 'yaml';
import { UserError } from '../lib/errors.ts';
import { askGit, blobsAt, readBlobs } from '../lib/git.ts';
import type { Manifest } from './manifest.ts';

/** A rule as it stands in a rule file. */
export interface FileRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A rule group as it stands in a rule file. */
export interface FileGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly FileRule[];
  /** Further settings of Prometheus: `limit`, `query_offset`. */
  readonly [setting: string]: unknown;
}

/** Everything below `generated/` at one moment, as far as a reviewer reads it. */
export interface Snapshot {
  /** By uid. */
  readonly dashboards: ReadonlyMap<string, Dashboard>;
  /** By name of the file, without `.yml`. */
  readonly rules: ReadonlyMap<string, readonly FileGroup[]>;
  /** The parsed `alertmanager.yml`, if there is one. */
  readonly alertmanager: unknown;
  /** Hash of each artefact by its path, from the manifest; empty where there is none. */
  readonly hashes: ReadonlyMap<string, string>;
}

const folder = 'generated';
/** Written anew at every build: its change says nothing. */
const version = 'bundle.yml';

/** A snapshot of files given by their paths below `generated/`. @throws UserError naming a file that cannot be read */
export function snapshotOf(files: ReadonlyMap<string, string>, where: string): Snapshot {
  const dashboards = new Map<string, Dashboard>();
  const rules = new Map<string, readonly FileGroup[]>();
  let alertmanager: unknown;
  let hashes: ReadonlyMap<string, string> = new Map();
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      const name = path.split('/').at(-1) ?? '';
      if (/^grafana\/dashboards\/.*\.json$/.test(path)) {
        const dashboard = JSON.parse(text) as Dashboard;
        dashboards.set(dashboard.uid ?? name, dashboard);
      } else if (/^prometheus\/rules\/.*\.yml$/.test(path) && name !== version) {
        const { groups } = parse(text) as { groups?: FileGroup[] };
        rules.set(name.replace(/\.yml$/, ''), groups ?? []);
      } else if (path === 'alertmanager/alertmanager.yml') alertmanager = parse(text);
      else if (path === 'manifest.json')
        hashes = new Map(Object.entries((JSON.parse(text) as Partial<Manifest>).artefacts ?? {}));
    } catch (error) {
      throw new UserError(
        `${folder}/${path} of ${where} cannot be read: ${(error as Error).message.split('\n')[0]}`,
      );
    }
  }
  return { dashboards, rules, alertmanager, hashes };
}

/** How a shallow clone gets a commit: a branch or a tag by its name, an ancestor by more of the history. */
const fetching = (ref: string): string =>
  /[~^@]/.test(ref)
    ? 'Fetch more of the history: git fetch --deepen=100'
    : `Fetch that one: git fetch --depth=1 origin ${ref}:refs/remotes/origin/${ref}`;

/** The commit that a ref names here, or at the remote where there is no such branch here. @throws UserError */
function commitOf(ref: string): string {
  const named = (name: string) =>
    askGit('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  const commit = named(ref) ?? named(`origin/${ref}`);
  if (commit !== undefined) return commit;
  if (askGit('rev-parse', '--git-dir') === undefined)
    throw new UserError(
      `There is no commit "${ref}": this is no git repository, or git is not installed.`,
      'Compare with a folder instead: --base-dir DIR.',
    );
  const shallow = askGit('rev-parse', '--is-shallow-repository') === 'true';
  throw new UserError(
    `git does not know the commit "${ref}".`,
    shallow
      ? `This clone is shallow: it holds its last commits only. ${fetching(ref)}`
      : 'Name a branch, a tag or a commit.',
  );
}

/** `generated/` at a commit. @throws UserError when git does not know the ref */
export function snapshotAt(ref: string): Snapshot {
  const blobs = [...blobsAt(commitOf(ref), folder)].filter(
    ([path]) => /\.(json|ya?ml)$/.test(path) && !path.includes('/tests/'),
  );
  const texts = readBlobs(blobs.map(([, id]) => id));
  const files = new Map(blobs.map(([path, id]) => [path.slice(folder.length + 1), texts.get(id) ?? '']));
  return snapshotOf(files, ref);
}

function filesIn(directory: string, prefix = ''): [string, string][] {
  return readdirSync(join(directory, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return filesIn(directory, `${path}/`);
    // A link could lead anywhere, and what it leads to would stand in a comment.
    return entry.isFile() && /\.(json|ya?ml)$/.test(path)
      ? [[path, readFileSync(join(directory, path), 'utf8')] as [string, string]]
      : [];
  });
}

/** A directory that is laid out as `generated/` is. @throws UserError when it is not */
export function snapshotIn(directory: string): Snapshot {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`There is no directory ${directory}.`, 'Run: npm run build');
  const snapshot = snapshotOf(new Map(filesIn(directory)), directory);
  if (snapshot.dashboards.size + snapshot.rules.size === 0)
    throw new UserError(
      `${directory} holds neither dashboards nor rules.`,
      `Name a directory that is laid out as ${folder}/ is: with grafana/dashboards and prometheus/rules.`,
    );
  return snapshot;
}
