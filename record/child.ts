import type { ChildProcess } from 'node:child_process';
import type { Io } from './io.ts';
import { LastLine } from './message.ts';

/** How a wrapped command ended. */
export interface Ended {
  /** What a shell would say: the exit code, or 128 + the signal's number. */
  readonly code: number;
  readonly startedMs: number;
  readonly finishedMs: number;
  /** True when the recorder itself was told to stop: then the run was cancelled, and the command did not fail. */
  readonly cancelled: boolean;
  /** True when it was killed, or ended like a command under `timeout`. */
  readonly timedOut: boolean;
  /** The last line of its stderr that is not blank, or why it could not be started. */
  readonly lastLine: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly io: Io;
  /** Takes every piece of stdout and stderr too; stdout is then a pipe instead of the recorder's own. */
  readonly onOutput?: (chunk: Uint8Array) => void;
  /** Called once when the recorder was told to stop and the command has not ended some seconds later. */
  readonly onSlowCancel?: () => Promise<void>;
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** After a cancel the runner waits 7.5 s until it kills everything; by then the cancel must be recorded. */
const slowCancelMs = 2_000;
/** How long a background process that holds the output open is waited for after the command itself has ended. */
const drainMs = 250;

/** Runs a command with its input and output passed through unchanged, forwards signals, and waits for its end. */
export async function runChild(command: readonly string[], options: RunOptions): Promise<Ended> {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  const { env, io, onOutput } = options;
  const startedMs = io.now();
  const last = new LastLine();
  const [program = '', ...args] = command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, { env, stdio: ['inherit', onOutput ? 'pipe' : 'inherit', 'pipe'] });
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException, startedMs, io);
  }
  child.stdout?.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    onOutput?.(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    io.stderr(chunk);
    last.push(chunk);
    onOutput?.(chunk);
  });
  const cancel = watchSignals(child, options.onSlowCancel);
  try {
    const { code, signal } = await ended(child);
    const exit = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0);
    return {
      code: exit,
      startedMs,
      finishedMs: io.now(),
      cancelled: cancel.cancelled(),
      timedOut: signal === 'SIGKILL' || exit === 124 || exit === 137,
      lastLine: last.text,
    };
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException, startedMs, io);
  } finally {
    await cancel.stop();
  }
}

/** The codes of a shell: 127 for a command that is not there, 126 for one that may not be run. */
function notStarted(program: string, error: NodeJS.ErrnoException, startedMs: number, io: Io): Ended {
  const why =
    error.code === 'ENOENT'
      ? 'there is no such command'
      : error.code === 'EACCES'
        ? 'it may not be executed'
        : error.message;
  const lastLine = `${program || 'The empty command'} could not be started: ${why}.`;
  io.stderr(`${lastLine}\n`);
  const code = error.code === 'EACCES' ? 126 : 127;
  return { code, startedMs, finishedMs: io.now(), cancelled: false, timedOut: false, lastLine };
}

/** The command's end, with the rest of its output; a background process that keeps the pipes open is not waited for. */
const ended = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal });
      }, drainMs);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });

/** Hands signals on to the command. `cancelled` is true once there was one. */
function watchSignals(child: ChildProcess, onSlowCancel: (() => Promise<void>) | undefined) {
  let cancelled = false;
  let slow: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    if (!cancelled && onSlowCancel) timer = setTimeout(() => (slow = onSlowCancel()), slowCancelMs);
    cancelled = true;
    child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  return {
    cancelled: () => cancelled,
    stop: async (): Promise<void> => {
      clearTimeout(timer);
      for (const signal of forwarded) process.removeListener(signal, forward);
      await slow;
    },
  };
}
