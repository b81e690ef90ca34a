import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRecorder } from '../../src/compile/recorder.ts';
import type { Push } from '../../src/record/emit.ts';
import { main } from '../../src/record/main.ts';
import type { ListedGroup } from '../../src/record/sweep.ts';
import { pipeline } from '../relay.ts';

const folders: string[] = [];
const removeFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};
// Unit tests share modules, and with them the recorder's file below: only the end of the process is the end of all.
process.once('exit', removeFolders);

/** A folder that is removed after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-test-'));
  folders.push(folder);
  return folder;
}

/** The environment of a job on a machine of its own: nothing of this machine's but PATH. */
export const jobEnv = (extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  RUNNER_TEMP: temporaryFolder(),
  DEPLOYMENT_ID: '4711',
  ...extra,
});

/** Result of a run of the recorder. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The text of each warning annotation. */
  readonly warnings: string[];
  readonly ms: number;
}

const outcome = (code: number, stdout: string, stderr: string, begun: number): Outcome => ({
  code,
  stdout,
  stderr,
  warnings: [...stderr.matchAll(/^::warning [^:]*::(.*)$/gm)].map((match) => match[1]!),
  ms: performance.now() - begun,
});

/** Runs the recorder in this process. */
export async function record(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  now?: number,
): Promise<Outcome> {
  const begun = performance.now();
  let stdout = '';
  let stderr = '';
  const code = await main(argv, env, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (chunk) => {
      stderr += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    },
    output: (_stream, chunk) => {
      stderr += Buffer.from(chunk).toString('utf8');
      return true;
    },
    now: () => now ?? Date.now(),
  });
  return outcome(code, stdout, stderr, begun);
}

/** Runs the recorder in this process, and returns what it would push. */
export async function pushes(argv: readonly string[], env: NodeJS.ProcessEnv, now?: number): Promise<Push[]> {
  const found: Push[] = [];
  await main(argv, env, {
    stdout: () => {},
    stderr: () => {},
    now: () => now ?? Date.now(),
    capture: (push) => found.push(push),
  });
  return found;
}

let bundle: Promise<string> | undefined;
/** The recorder as users run it: one file, far from the project and its packages. */
export const recorderFile = (): Promise<string> => {
  bundle ??= bundleRecorder(pipeline).then((files) => {
    const file = join(temporaryFolder(), 'record.mjs');
    writeFileSync(file, files['record.mjs']);
    return file;
  });
  return bundle;
};

/** Starts the recorder as a process of its own. */
export async function startRecorder(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; done: Promise<Outcome> }> {
  const file = await recorderFile();
  const begun = performance.now();
  const child = spawn(process.execPath, [file, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const done = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal) reject(new Error(`The recorder was killed by ${signal}.`));
      else resolve(outcome(code ?? -1, text.stdout, text.stderr, begun));
    });
  });
  return { child, done };
}

/** Runs the recorder as a process of its own. */
export const runRecorder = async (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> =>
  (await startRecorder(argv, env)).done;

/** One series of the gateway, without the labels that it adds to all. */
export interface GatewaySeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface ListedFamily {
  readonly metrics?: readonly { readonly labels: Record<string, string>; readonly value: string }[];
}

/** All groups that a gateway holds. */
export async function groupsOf(url: string): Promise<ListedGroup[]> {
  const response = await fetch(`${url}/api/v1/metrics`);
  return ((await response.json()) as { data: ListedGroup[] }).data;
}

/** All series that a gateway holds, without its own push times. */
export async function seriesOf(url: string): Promise<GatewaySeries[]> {
  return (await groupsOf(url)).flatMap((group) =>
    Object.entries(group)
      .filter(([name]) => !['labels', 'last_push_successful'].includes(name) && !name.startsWith('push_'))
      .flatMap(([name, family]) =>
        ((family as ListedFamily).metrics ?? []).map(({ labels, value }) => {
          const { job: _job, instance: _instance, ...own } = labels;
          return { name, labels: own, value: Number(value) };
        }),
      ),
  );
}

/** The values of a metric on a gateway, by the text of its labels beside the deployment's. */
export async function valuesOf(url: string, name: string): Promise<number[]> {
  return (await seriesOf(url)).filter((series) => series.name === name).map((series) => series.value);
}

/** Events that wait on a machine. */
export function waiting(env: NodeJS.ProcessEnv): string[] {
  const state = join(env.RUNNER_TEMP!, 'deployment-recorder');
  try {
    return readdirSync(state)
      .filter((name) => name === 'spool')
      .flatMap((name) => readdirSync(join(state, name)));
  } catch {
    return [];
  }
}
