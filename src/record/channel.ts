import { closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes a piece of output; false when it takes no more until `ready` is called. The bytes are only valid until then. */
export type Sink = (chunk: Uint8Array, ready: () => void) => boolean;

/**
 * A pipe from a command to the recorder. Node's own are sockets, so that a command could not open /dev/stderr, and
 * there is one for each stream; this one can be given as both, so that the order of what is written is kept.
 */
export interface Channel {
  /** The end that the command inherits. */
  readonly writer: number;
  /** Reads until all writers have closed it; the command must have been started. @returns how to stop earlier */
  read(sink: Sink, closed: () => void): () => void;
  /** Gives both ends up: the command could not be started. */
  close(): void;
}

/** True when two descriptors lead to the same file, pipe or terminal, as under `2>&1`. */
export function isSameFile(a: number, b: number): boolean {
  try {
    const [one, other] = [fstatSync(a), fstatSync(b)];
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
}

/** Pipes that a command can inherit; undefined where there are none (Windows, a temporary folder that is read-only). */
export async function openChannels(count: number): Promise<Channel[] | undefined> {
  if (process.platform === 'win32') return undefined;
  // Imported here: what stands at the top of a module is loaded by every event, because all are one file.
  const [{ execFileSync }, net] = await Promise.all([import('node:child_process'), import('node:net')]);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'deployment-recorder-'));
    const paths = Array.from({ length: count }, (_, i) => join(folder!, String(i)));
    execFileSync('mkfifo', paths, { stdio: 'ignore' });
    return paths.map((path) => openChannel(path, net.Socket));
  } catch {
    return undefined;
  } finally {
    // Both ends stay open without the name.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function openChannel(path: string, Pipe: typeof Socket): Channel {
  // In this order, because opening for writing waits for a reader.
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  return {
    writer,
    read: (sink, closed) => {
      closeSync(writer);
      const socket = readInto(reader, sink, Pipe);
      socket.once('close', closed);
      return () => socket.destroy();
    },
    close: () => {
      closeSync(writer);
      closeSync(reader);
    },
  };
}

/** Reads into one buffer over and over: 100 MB of output would otherwise be 100 MB of garbage. */
function readInto(fd: number, sink: Sink, Pipe: typeof Socket): Socket {
  const buffer = Buffer.allocUnsafe(65_536);
  const onread = {
    buffer,
    callback: (size: number): boolean => sink(buffer.subarray(0, size), () => socket.resume()),
  };
  // The option is documented for connect() only, and the constructor takes it too.
  const socket = new Pipe({ fd, readable: true, writable: false, onread } as object);
  socket.on('error', () => {});
  socket.resume();
  return socket;
}
