import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, run, type System } from './system.ts';

/** An apt that knows one source and nothing of the machine's packages; it needs no root and leaves no trace outside its folder. */
export interface PrivateApt {
  readonly folder: string;
  readonly config: string;
}

/** A step of apt that failed; `message` is apt's own first complaint. */
export class AptError extends Error {}

// The machine's hooks (some refresh desktop catalogues, some empty its cache), pins and default release are not ours,
// and its installed packages must not count as candidates: they cannot be downloaded.
const settings = (folder: string, sourceFile: string): string => `
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
#clear APT::Default-Release;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::CNF;
Dir::Etc::SourceList "${sourceFile}";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "${folder}/state";
Dir::State::Lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
`;

/** Sets up an apt of our own in a folder. @param source text of its only source @param extension of that format */
export function privateApt(folder: string, source: string, extension: 'list' | 'sources'): PrivateApt {
  for (const name of ['state', 'lists/partial', 'cache/archives/partial', 'packages'])
    mkdirSync(join(folder, name), { recursive: true });
  const sourceFile = join(folder, `archive.${extension}`);
  const config = join(folder, 'apt.conf');
  writeFileSync(sourceFile, source);
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(config, settings(folder, sourceFile));
  return { folder, config };
}

const complaint = ({ stdout, stderr, code }: Run): string => {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /^(E|W|Err):/.test(line)) ?? lines.find((line) => line !== '');
  return said?.replace(/^[EW]: */, '') ?? `exit code ${code}`;
};

/** Waits between attempts: a mirror that is being updated, or a flaky line, mends itself within seconds. */
const pauses = [2_000, 6_000];

async function persist(system: System, attempt: () => Promise<Run>): Promise<void> {
  for (const pause of [...pauses, undefined]) {
    const result = await attempt();
    if (result.code === 0) return;
    // A suite that the archive does not have will not appear by waiting.
    const hopeless = /does not have a Release file|NO_PUBKEY|is not signed/.test(result.stderr);
    if (pause === undefined || hopeless) throw new AptError(complaint(result));
    await system.sleep(pause);
  }
}

/** Reads the archive's index. @throws AptError */
export const updateIndex = (apt: PrivateApt, system: System): Promise<void> =>
  persist(system, () => run(system, 'apt-get', ['-c', apt.config, 'update']));

/** Of the given packages the first that the archive has. */
export async function firstPackage(
  apt: PrivateApt,
  names: readonly string[],
  system: System,
): Promise<string | undefined> {
  for (const name of names) {
    const { code, stdout } = await run(system, 'apt-cache', ['-c', apt.config, 'show', name]);
    if (code === 0 && /^Package: /m.test(stdout)) return name;
  }
  return undefined;
}

/** Downloads packages and unpacks them; gives the folder that holds their files. @throws AptError */
export async function unpackPackages(
  apt: PrivateApt,
  packages: readonly string[],
  system: System,
): Promise<string> {
  const cwd = join(apt.folder, 'packages');
  const target = join(apt.folder, 'root');
  await persist(system, () => run(system, 'apt-get', ['-c', apt.config, 'download', ...packages], { cwd }));
  for (const file of readdirSync(cwd).filter((name) => name.endsWith('.deb'))) {
    const result = await run(system, 'dpkg', ['-x', join(cwd, file), target]);
    if (result.code !== 0) throw new AptError(complaint(result));
  }
  return target;
}
