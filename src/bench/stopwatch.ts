import { spawn } from 'node:child_process';

/** A process to measure. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Default: {@link plainEnvironment}. */
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that mean that it did what it is measured for (default 0). */
  readonly expected?: readonly number[];
}

/** One run of a program. */
export interface Run {
  /** Wall time from the start to the exit, milliseconds. */
  readonly ms: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The environment without what makes every process of Node on some machines twice as slow to start, and would so
 * hide in the base what is to be compared with it.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_EXTRA_CA_CERTS, ...env } = process.env;
  return env;
}

/** The least that a process of Node can do. */
export const bareNode: Program = { command: process.execPath, args: ['-e', '0'] };

/** Runs a program to its end. @throws Error with what it said, when it fails */
export const run = ({ command, args, cwd, env, expected = [0] }: Program): Promise<Run> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd && { cwd }),
      env: env ?? plainEnvironment(),
    });
    let ms = 0;
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.on('data', (chunk) => stdout.push(String(chunk)));
    child.stderr.on('data', (chunk) => stderr.push(String(chunk)));
    child.on('error', reject);
    child.on('exit', () => {
      ms = performance.now() - started;
    });
    child.on('close', (code) => {
      if (expected.includes(code ?? -1)) resolve({ ms, stdout: stdout.join(''), stderr: stderr.join('') });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr.join('').trim()}`));
    });
  });

/** The fastest of each of several programs, milliseconds; in turns, so that all see the same machine. */
export async function fastest(programs: readonly Program[], rounds: number): Promise<number[]> {
  const best = programs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [index, program] of programs.entries())
      best[index] = Math.min(best[index] ?? Number.POSITIVE_INFINITY, (await run(program)).ms);
  return best;
}

/** Makes a program of Node say at its end how much memory it used at most. */
const tellMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`))';

/** One run of a program of Node, with the most memory that it held at once in megabytes. */
export async function runWithMemory(program: Program): Promise<Run & { readonly mb: number }> {
  const one = await run({ ...program, args: ['--import', tellMemory, ...program.args] });
  return { ...one, mb: Number(/peak (\d+)/.exec(one.stderr)?.[1] ?? Number.NaN) / 1024 };
}

/** The most memory that a program of Node held at once, in megabytes (least of several runs). */
export async function peakMemory(program: Program, rounds: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) best = Math.min(best, (await runWithMemory(program)).mb);
  return best;
}
