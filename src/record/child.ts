import type { ChildProcess } from 'node:child_process';
import { stopSignals } from './interrupt.ts';
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
  /** Hands signals on, and goes on listening after the command's end; else this is done for the command only. */
  readonly signals?: Signals;
}

/** After a cancel the runner waits 7.5 s until it kills everything; by then the cancel must be recorded. */
const slowCancelMs = 2_000;
/** How long a background process that holds the output open is waited for after the command itself has ended. */
const drainMs = 250;

/** Runs a command with its input and output passed through unchanged, forwards signals, and waits for its end. */
export async function runChild(command: readonly string[], options: RunOptions): Promise<Ended> {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  const { env, io, onOutput } = options;
  const signals = options.signals ?? new Signals();
  const startedMs = io.now();
  const [program = '', ...args] = command;
  try {
    const child = spawn(program, args, { env, stdio: ['inherit', onOutput ? 'pipe' : 'inherit', 'pipe'] });
    signals.attach(child);
    const last = passOutput(child, io, onOutput);
    const { code, signal } = await ended(child);
    const exit = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0);
    return {
      code: exit,
      startedMs,
      finishedMs: io.now(),
      cancelled: signals.cancelled,
      timedOut: signal === 'SIGKILL' || exit === 124 || exit === 137,
      lastLine: last.text,
    };
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException, startedMs, io);
  } finally {
    await signals.commandEnded();
    if (!options.signals) signals.stop();
  }
}

/** Passes the output on as it comes, and keeps the last line of stderr. */
function passOutput(child: ChildProcess, io: Io, onOutput: RunOptions['onOutput']): LastLine {
  const last = new LastLine();
  child.stdout?.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    onOutput?.(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    io.stderr(chunk);
    last.push(chunk);
    onOutput?.(chunk);
  });
  return last;
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
    // With a process id it runs, and the error is only that a signal could not be sent.
    child.on('error', (error) => child.pid === undefined && reject(error));
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

/**
 * Hands signals on to the command; `cancelled` is true once there was one. Begins before the command does: a signal
 * that comes in between would otherwise end the recorder, and leave the command alone.
 */
export class Signals {
  /** When the first signal came, in milliseconds since 1970. */
  cancelledAt: number | undefined;
  readonly #early: NodeJS.Signals[] = [];
  readonly #onSlowCancel: (() => Promise<void>) | undefined;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #slow: Promise<void> | undefined;

  /** @param onSlowCancel called once when the command has not ended some seconds after the first signal */
  constructor(onSlowCancel?: () => Promise<void>) {
    this.#onSlowCancel = onSlowCancel;
    for (const signal of stopSignals) process.on(signal, this.#forward);
  }

  get cancelled(): boolean {
    return this.cancelledAt !== undefined;
  }

  /** The command has begun. */
  attach(child: ChildProcess): void {
    this.#child = child;
    for (const signal of this.#early.splice(0)) child.kill(signal);
  }

  /** The command has ended; signals are still kept from ending the recorder. */
  async commandEnded(): Promise<void> {
    this.#child = undefined;
    clearTimeout(this.#timer);
    await this.#slow;
  }

  /** No longer listens. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const signal of stopSignals) process.removeListener(signal, this.#forward);
  }

  readonly #forward = (signal: NodeJS.Signals): void => {
    if (!this.cancelled && this.#onSlowCancel)
      this.#timer = setTimeout(() => {
        this.#slow = this.#onSlowCancel!();
      }, slowCancelMs);
    this.cancelledAt ??= Date.now();
    if (this.#child) this.#child.kill(signal);
    else this.#early.push(signal);
  };
}
