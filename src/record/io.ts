import type { Push } from './emit.ts';

/** Where the recorder writes and what time it is; the command line uses the process, callers may bring their own. */
export interface Io {
  /** The result: dry-run output, help, a verdict. */
  stdout(text: string): void;
  /** Commentary, warnings, and the stderr of a wrapped command, byte for byte. */
  stderr(chunk: string | Uint8Array): void;
  /**
   * Passes on a piece of a command's output, by default to the process' own streams. False when no more may follow until `ready` is called; the bytes are only
   * valid until then.
   */
  output?(stream: 'stdout' | 'stderr', chunk: Uint8Array, ready: () => void): boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** Takes every push in place of the gateway, for a caller that models one. */
  capture?(push: Push): void;
}

/** The process' own streams and clock. Writes to pipes and files are synchronous, so nothing is lost at exit. */
export const processIo = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (chunk: string | Uint8Array) => void process.stderr.write(chunk),
  output: (name: 'stdout' | 'stderr', chunk: Uint8Array, ready: () => void): boolean => {
    const stream = process[name];
    let waiting = true;
    let paused = false;
    stream.write(chunk, () => {
      waiting = false;
      if (paused) ready();
    });
    // Written at once to a file or a pipe; only what is still held must not be overwritten.
    paused = waiting && stream.writableLength > 0;
    return !paused;
  },
  now: () => Date.now(),
} satisfies Io;

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/**
 * A warning as GitHub shows it beside the run. It goes to stderr (the runner reads commands from both streams),
 * so that the stdout of a wrapped command stays the command's own.
 */
export const warningLine = (text: string): string =>
  `::warning title=Deployment recorder::${escapeData(text)}\n`;
