import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** An event that waits to be sent; without credentials, which the sender has of its own. */
export interface Entry {
  readonly method: 'PUT' | 'POST';
  /** Path below the gateway's base URL. */
  readonly path: string;
  readonly body: string;
  readonly what: string;
  /** When it was put aside, in milliseconds. */
  readonly since: number;
}

/** An entry and the name under which it waits. */
export interface Waiting {
  readonly name: string;
  readonly entry: Entry;
}

const entryName = /^\d{9}\.json$/;

/** A short name for a text, always the same. Not cryptographic: it only keeps different things apart. */
export function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, '0');
}

/** The folder where a job keeps what the recorder has to remember: the runner's temporary one, else the system's. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  if (env.RUNNER_TEMP) return join(env.RUNNER_TEMP, 'deployment-recorder');
  // The system's folder is shared by all users of the machine.
  return join(env.TMPDIR || tmpdir(), `deployment-recorder-${userInfo().username}`);
}

/** True when the folder is a real one that belongs to us: in a shared place another user could have put it there. */
export function isOurs(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && (process.getuid === undefined || stat.uid === process.getuid());
}

/**
 * Makes a folder of ours below the state folder, readable by no other user. Step by step, because a recursive mkdir
 * never returns on file systems that answer "no such file" to a folder that cannot be made.
 * @throws Error when that cannot be done
 */
export function makeStateFolder(env: NodeJS.ProcessEnv, name: string): string {
  const state = stateFolder(env);
  if (env.RUNNER_TEMP) makeFolder(env.RUNNER_TEMP);
  for (const folder of [state, join(state, name)])
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isOurs(folder)) throw new Error(`${folder} belongs to another user`);
    }
  return join(state, name);
}

/** The runner's own folder: it may be missing outside of a job, and may belong to another user. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Events that wait on this machine for a gateway, in the order in which they happened. */
export class Spool {
  readonly folder: string;
  readonly #make: () => string;

  /** @param brought a folder that another machine filled; default this job's own */
  constructor(env: NodeJS.ProcessEnv, gateway: URL, brought?: string) {
    // Within a job an address that changes was put right, and what waits is sent there. A machine without a runner is
    // shared by pipelines, and what waits for one gateway is no business of another.
    const name = env.RUNNER_TEMP ? 'spool' : `spool-${shortHash(gateway.href)}`;
    this.folder = brought ?? join(stateFolder(env), name);
    this.#make = () => makeStateFolder(env, name);
  }

  /** Names of what waits, oldest first; empty when nothing does. */
  names(): string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => entryName.test(name));
      return names.length > 0 && isOurs(this.folder) ? names.sort() : [];
    } catch {
      return [];
    }
  }

  /** Reads one; undefined when another recorder has sent it meanwhile, or when it cannot be read; then it is removed. */
  read(name: string): Waiting | undefined {
    try {
      return { name, entry: JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as Entry };
    } catch {
      this.remove(name);
      return undefined;
    }
  }

  /** True while it waits. */
  has(name: string): boolean {
    return statSync(join(this.folder, name), { throwIfNoEntry: false }) !== undefined;
  }

  /** Puts an event behind all others. It is visible only when it is complete. @throws Error when the disk refuses */
  add(entry: Entry): string {
    this.#make();
    const draft = join(this.folder, `draft-${process.pid}-${Math.random().toString(36).slice(2)}`);
    writeFileSync(draft, JSON.stringify(entry), { mode: 0o600, flag: 'wx' });
    try {
      for (let number = this.#nextNumber(); ; number++) {
        const name = `${String(number).padStart(9, '0')}.json`;
        try {
          // Unlike a rename, a link never replaces what another recorder put there at the same moment.
          linkSync(draft, join(this.folder, name));
          return name;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
    } finally {
      unlinkSync(draft);
    }
  }

  /** Takes one out, after it was sent or refused for good. */
  remove(name: string): void {
    try {
      unlinkSync(join(this.folder, name));
    } catch {
      // Already gone: another recorder sent it.
    }
  }

  #nextNumber(): number {
    const last = readdirSync(this.folder)
      .filter((name) => entryName.test(name))
      .sort()
      .at(-1);
    return last === undefined ? 1 : Number.parseInt(last, 10) + 1;
  }
}
