import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHash, bundleInfoFile } from '../compile/index.ts';
import { UserError } from '../lib/errors.ts';
import type { JsonObject } from './model.ts';
import { bundleFile } from './names.ts';
import type { RuleFile } from './rule.ts';
import { parseRuleFile } from './rule-file.ts';

/** A dashboard as `npm run build` wrote it. */
export interface DashboardFile {
  readonly uid: string;
  readonly title: string;
  readonly spec: JsonObject;
}

/** Everything that is to be provisioned, read from `generated/` and found complete. */
export interface Desired {
  /** The bundle's name: whose everything is that a run makes. */
  readonly name: string;
  /** First twelve digits of the bundle's hash. */
  readonly version: string;
  readonly dashboards: readonly DashboardFile[];
  /** Rule files, the one with the version included. */
  readonly rules: readonly RuleFile[];
  /** Text of Alertmanager's configuration; undefined where the bundle has none. */
  readonly alertmanager: string | undefined;
}

interface Manifest {
  name: string;
  image?: string;
  bundle: string;
  version: string;
  artefacts: Record<string, string>;
}

/** Hash of a file's bytes, as the manifest has it. */
export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Folders whose every file is provisioned; a stray file there would be provisioned too, or be missing. */
const dashboardFolder = 'grafana/dashboards';
const ruleFolder = 'prometheus/rules';
const routingFile = 'alertmanager/alertmanager.yml';

/** Collects what is wrong, so that everything is reported at once. */
class Reader {
  readonly problems: string[] = [];
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
  }

  bytes(path: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#folder, path));
    } catch {
      return undefined;
    }
  }

  files(path: string): string[] {
    try {
      return readdirSync(join(this.#folder, path))
        .filter((name) => statSync(join(this.#folder, path, name)).isFile())
        .sort();
    } catch {
      return [];
    }
  }

  problem(text: string): undefined {
    this.problems.push(text);
  }
}

function readManifest(reader: Reader): Manifest | undefined {
  const bytes = reader.bytes('manifest.json');
  if (bytes === undefined) return reader.problem('manifest.json is missing');
  try {
    const manifest = JSON.parse(bytes.toString('utf8')) as Partial<Manifest>;
    const { name, image, bundle, version, artefacts } = manifest;
    if (typeof name !== 'string' || name === '')
      return reader.problem('manifest.json does not say the bundle’s name');
    if (!/^[0-9a-f]{64}$/.test(bundle ?? '') || version !== bundle?.slice(0, 12) || !artefacts)
      return reader.problem('manifest.json does not hold a bundle hash, its version and the artefacts');
    if (bundleHash(artefacts) !== bundle)
      return reader.problem('manifest.json: the bundle’s hash is not that of its artefacts');
    return {
      name,
      ...(image !== undefined && { image }),
      bundle: bundle as string,
      version: version as string,
      artefacts,
    };
  } catch {
    return reader.problem('manifest.json is no JSON');
  }
}

function checkHashes(reader: Reader, manifest: Manifest): void {
  for (const [path, hash] of Object.entries(manifest.artefacts)) {
    const bytes = reader.bytes(path);
    if (bytes === undefined) reader.problem(`${path} is missing`);
    else if (sha256(bytes) !== hash) reader.problem(`${path} was changed after it was built`);
  }
  for (const folder of [dashboardFolder, ruleFolder])
    for (const name of reader.files(folder)) {
      const path = `${folder}/${name}`;
      if (!(path in manifest.artefacts) && name !== bundleFile)
        reader.problem(`${path} is not in the manifest`);
    }
}

function readDashboard(reader: Reader, name: string): DashboardFile[] {
  const path = `${dashboardFolder}/${name}`;
  const uid = name.replace(/\.json$/, '');
  let spec: JsonObject;
  try {
    spec = JSON.parse(reader.bytes(path)?.toString('utf8') ?? '') as JsonObject;
  } catch {
    reader.problem(`${path} is no JSON`);
    return [];
  }
  if (spec.uid !== uid) reader.problem(`${path}: its uid is not its file name`);
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(uid)) reader.problem(`${path}: Grafana takes no such uid`);
  if (typeof spec.title !== 'string' || spec.title === '') reader.problem(`${path}: it has no title`);
  return [{ uid, title: typeof spec.title === 'string' ? spec.title : uid, spec }];
}

function readRules(reader: Reader, manifest: Manifest): RuleFile[] {
  const files = reader.files(ruleFolder).filter((name) => /\.ya?ml$/.test(name));
  const parsed = files.map((name) => {
    const text = reader.bytes(`${ruleFolder}/${name}`)?.toString('utf8') ?? '';
    const { file, problems } = parseRuleFile(name, text);
    for (const problem of problems) reader.problem(`${ruleFolder}/${problem}`);
    return file;
  });
  const names = parsed.flatMap((file) => file.groups.map((g) => g.name));
  for (const name of new Set(names.filter((n, i) => names.indexOf(n) !== i)))
    reader.problem(`the group ${name} is defined more than once`);
  // The manifest cannot list this file, which holds the manifest's own version: it is what the version makes of it.
  if (reader.bytes(`${ruleFolder}/${bundleFile}`)?.toString('utf8') !== bundleInfoFile(manifest))
    reader.problem(
      `${ruleFolder}/${bundleFile} is not what the build writes for version ${manifest.version}`,
    );
  return parsed;
}

/**
 * Reads what `npm run build` wrote, and refuses what is incomplete, edited or stale.
 * @param folder `generated/` @throws UserError naming every problem
 */
export function readDesired(folder: string): Desired {
  const reader = new Reader(folder);
  const manifest = readManifest(reader);
  if (manifest) checkHashes(reader, manifest);
  const version = manifest?.version ?? '';
  const jsonFiles = reader.files(dashboardFolder).filter((name) => name.endsWith('.json'));
  const dashboards = manifest ? jsonFiles.flatMap((name) => readDashboard(reader, name)) : [];
  const rules = manifest ? readRules(reader, manifest) : [];
  if (reader.problems.length > 0)
    throw new UserError(
      `generated/ is not what a build wrote, so nothing was planned or applied:\n${reader.problems.map((p) => `  - ${p}`).join('\n')}`,
      'Run: npm run build',
    );
  const alertmanager = reader.bytes(routingFile)?.toString('utf8');
  return { name: manifest?.name ?? '', version, dashboards, rules, alertmanager };
}
