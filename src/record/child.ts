import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Channel, Sink } from './channel.ts';
import { stopSignals } from './interrupt.ts';
import { type Io, processIo } from './io.ts';
import { Tail } from './tail.ts';

/** How a wrapped command ended. */
export interface Ended {
  /** As in a shell: the exit code, or 128 + the signal's number. */
  readonly code: number;
  readonly startedMs: number;
  readonly finishedMs: number;
  /** True when the recorder itself was told to stop: then the run was cancelled, and the command did not fail. */
  readonly cancelled: boolean;
  /** True when it was killed, or ended like a command under `timeout`. */
  readonly timedOut: boolean;
  /** The end of its output, stdout and stderr, or why it could not be started; empty when it was not asked for. */
  readonly output: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly io: Io;
  /** Reads the output on its way; without it stdout and stderr are the recorder's own. */
  readonly watch?: boolean;
  /** Takes every piece of the output too. */
  readonly onOutput?: (chunk: Uint8Array) => void;
  /** Hands signals on, and goes on listening after the command's end; else this is done for the command only. */
  readonly signals?: Signals;
}

/** After a cancel the runner waits 7.5 s until it kills everything; by then the cancel must be recorded. */
const slowCancelMs = 2_000;
/** How long a background process that holds the output open is waited for after the command itself has ended. */
const drainMs = 250;

type Stream = 'stdout' | 'stderr';

/** Runs a command with its input and output passed through unchanged, forwards signals, and waits for its end. */
export async function runChild(command: readonly string[], options: RunOptions): Promise<Ended> {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  const { env, io } = options;
  const signals = options.signals ?? new Signals();
  const startedMs = io.now();
  const [program = '', ...args] = command;
  try {
    const plumbing = options.watch ? await openPlumbing() : undefined;
    const [stdout, stderr] = plumbing ?? ['inherit', 'inherit'];
    const child = spawn(program, args, { env, stdio: ['inherit', writerOf(stdout), writerOf(stderr)] });
    signals.attach(child);
    const tail = new Tail();
    const { code, signal } = await ended(child, passOutput(child, plumbing, tail, options));
    const exit = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0);
    return {
      code: exit,
      startedMs,
      finishedMs: io.now(),
      cancelled: signals.cancelled,
      timedOut: signal === 'SIGKILL' || exit === 124 || exit === 137,
      output: tail.text,
    };
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException, startedMs, io);
  } finally {
    await signals.commandEnded();
    if (!options.signals) signals.stop();
  }
}

type End = Channel | 'pipe';

/** Streams of the command: one pipe for both when the recorder's own are one, so that order is kept. */
async function openPlumbing(): Promise<readonly [End, End]> {
  const { isSameFile, openChannels } = await import('./channel.ts');
  const shared = isSameFile(1, 2);
  const channels = await openChannels(shared ? 1 : 2);
  return channels ? [channels[0]!, channels.at(-1)!] : ['pipe', 'pipe'];
}

const writerOf = (end: End | 'inherit'): number | 'pipe' | 'inherit' =>
  typeof end === 'string' ? end : end.writer;

/** A reader of output: resolves when all of it has come. */
interface Reader {
  readonly closed: Promise<void>;
  readonly stop: () => void;
}

/** Passes the output on as it comes, and keeps its end. A slow reader slows the command down. */
function passOutput(
  child: ChildProcess,
  ends: readonly [End, End] | undefined,
  tail: Tail,
  { io, onOutput }: RunOptions,
): Reader[] {
  if (!ends) return [];
  const passOn = io.output ?? processIo.output;
  const reader = (end: End, stream: Stream): Reader => {
    let stop = (): void => {};
    const closed = new Promise<void>((resolve) => {
      const take = (chunk: Uint8Array, ready: () => void): boolean => {
        tail.push(chunk, stream);
        onOutput?.(chunk);
        return passOn(stream, chunk, ready);
      };
      stop = end === 'pipe' ? readPipe(child[stream]!, take, resolve) : end.read(take, resolve);
    });
    return { closed, stop };
  };
  const [stdout, stderr] = ends;
  return stdout === stderr
    ? [reader(stdout, 'stdout')]
    : [reader(stdout, 'stdout'), reader(stderr, 'stderr')];
}

function readPipe(pipe: Readable, sink: Sink, closed: () => void): () => void {
  pipe.on('data', (chunk: Buffer) => {
    if (!sink(chunk, () => pipe.resume())) pipe.pause();
  });
  pipe.once('close', closed);
  return () => pipe.destroy();
}

/** The codes of a shell: 127 for a command that is not there, 126 for one that may not be run. */
function notStarted(program: string, error: NodeJS.ErrnoException, startedMs: number, io: Io): Ended {
  const why =
    error.code === 'ENOENT'
      ? 'there is no such command'
      : error.code === 'EACCES'
        ? 'it may not be executed'
        : error.message;
  const output = `${program || 'The empty command'} could not be started: ${why}.`;
  io.stderr(`${output}\n`);
  const code = error.code === 'EACCES' ? 126 : 127;
  return { code, startedMs, finishedMs: io.now(), cancelled: false, timedOut: false, output };
}

/** The command's end, with the rest of its output; a background process that keeps the pipes open is not waited for. */
const ended = (
  child: ChildProcess,
  readers: readonly Reader[],
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve, reject) => {
    // With a process id it runs, and the error is only that a signal could not be sent.
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      for (const { stop } of readers) stop();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      const drained = Promise.all(readers.map(({ closed }) => closed));
      const timer = setTimeout(() => {
        for (const { stop } of readers) stop();
      }, drainMs);
      void drained.then(() => {
        clearTimeout(timer);
        resolve({ code, signal });
      });
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
