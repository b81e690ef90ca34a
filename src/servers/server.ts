import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { EnvironmentFailure } from '../lib/errors.ts';
import { guard, sessionFolder, unguard } from './guard.ts';
import { freePort, listensOn } from './port.ts';
import { workingFolder } from './relocate.ts';

/** Specification of a server: its program, arguments and readiness. */
export interface ServerSpec {
  /** Its name in messages: `Prometheus`. */
  readonly title: string;
  readonly binary: string;
  readonly args: (port: number) => readonly string[];
  /** Folder of its log, and of its data unless the caller keeps that elsewhere; see {@link serverFolder}. */
  readonly folder: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Path below which it serves everything: `/prefix`. */
  readonly pathPrefix?: string;
  /** Headers of the readiness check, for a server that asks for credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long it may take until it is ready (default 60 s: the machine may be busy, a log may have to be replayed). */
  readonly timeoutMs?: number;
  /** How long it may take to end in good order (default 10 s). */
  readonly graceMs?: number;
}

/** Another process has the port. */
class PortTaken extends EnvironmentFailure {}

const running = new Set<Server>();
let count = 0;
const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** A new folder for one server, removed when it is stopped. */
export function serverFolder(title: string): string {
  const folder = join(sessionFolder(), `${title.toLowerCase()}-${++count}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A server that runs on this machine for as long as this process does. */
export class Server {
  readonly #spec: ServerSpec;
  #port: number | undefined;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #finalLog: string | undefined;

  constructor(spec: ServerSpec) {
    this.#spec = spec;
    this.#port = spec.port;
  }

  /** The port, the same for all of the server's life. */
  get port(): number {
    if (this.#port === undefined) throw new Error(`${this.#spec.title} has not been started.`);
    return this.#port;
  }

  /** Base URL without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.#spec.pathPrefix ?? ''}`;
  }

  /** Process id; undefined while it does not run. */
  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  get running(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Everything that it has logged so far, over all restarts; also after it was stopped. */
  log(): string {
    if (this.#finalLog !== undefined) return this.#finalLog;
    try {
      return readFileSync(this.#logFile, 'utf8');
    } catch {
      return '';
    }
  }

  /** Starts it and waits until it is ready. @throws EnvironmentFailure with the end of its log */
  async start(): Promise<void> {
    const fixed = this.#port !== undefined;
    for (let attempt = 1; ; attempt++) {
      this.#port ??= await freePort();
      try {
        return await this.#launch(this.#port);
      } catch (error) {
        if (!(error instanceof PortTaken) || fixed || attempt === 5) throw error;
        this.#port = undefined;
      }
    }
  }

  /** Ends it as an operator would (SIGTERM; SIGKILL after 10 s) and removes its folder. Stopping twice is fine. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    this.#finalLog ??= this.log();
    rmSync(this.#spec.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Ends it as a crash would; its data stays. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it in good order and starts it again with the same data, on the same port. Also starts one that was killed. */
  async restart(): Promise<void> {
    if (this.#finalLog !== undefined)
      throw new Error(`${this.#spec.title} was stopped and its folder removed.`);
    await this.#end('SIGTERM');
    await this.start();
  }

  get #logFile(): string {
    return join(this.#spec.folder, 'server.log');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    running.delete(this);
    if (!this.running) return await this.#ended;
    // A caller that waits for its end needs this process alive.
    this.#child?.ref();
    this.#signal(signal);
    const late = setTimeout(() => this.#signal('SIGKILL'), this.#spec.graceMs ?? 10_000);
    await this.#ended;
    clearTimeout(late);
  }

  /** To its whole process group, because the executable may be a script that starts the real one. */
  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const pid = this.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {}
  }

  async #launch(port: number): Promise<void> {
    const before = this.log().length;
    const child = this.#spawn(port);
    let failure: Error | undefined;
    this.#ended = new Promise<void>((done) => {
      child.once('exit', () => done());
      child.once('error', (error) => {
        failure = error;
        done();
      });
    }).then(() => {
      running.delete(this);
      if (child.pid !== undefined) unguard(child.pid);
    });
    try {
      await this.#untilReady(child, port, () => failure, before);
    } catch (error) {
      await this.#end('SIGKILL');
      throw error;
    }
  }

  #spawn(port: number): ChildProcess {
    const { binary, args, folder } = this.#spec;
    const log = openSync(this.#logFile, 'a');
    // A session of its own: Ctrl-C goes to this process, which decides in which order things end.
    const child = spawn(binary, args(port), {
      stdio: ['ignore', log, log],
      cwd: workingFolder(binary) ?? folder,
      detached: true,
    });
    closeSync(log);
    // A script that forgets to stop it ends all the same, and takes it along.
    child.unref();
    this.#child = child;
    running.add(this);
    if (child.pid !== undefined) guard(child.pid);
    return child;
  }

  async #untilReady(
    child: ChildProcess,
    port: number,
    failure: () => Error | undefined,
    before: number,
  ): Promise<void> {
    const { title, timeoutMs = 60_000 } = this.#spec;
    const deadline = Date.now() + timeoutMs;
    const url = `${this.url}/-/ready`;
    for (;;) {
      if (failure()) throw new EnvironmentFailure(`${title} cannot be started: ${failure()!.message}.`);
      if (!this.running) throw this.#died(child, port, before);
      const answered = await isReady(url, this.#spec.headers);
      if (answered && this.running && listensOn(child.pid!, port) !== false) return;
      if (Date.now() > deadline)
        throw new EnvironmentFailure(
          `${title} was not ready after ${timeoutMs / 1000} s.\n${tail(this.log())}`,
        );
      await sleep(20);
    }
  }

  #died(child: ChildProcess, port: number, before: number): EnvironmentFailure {
    const { title } = this.#spec;
    const said = this.log().slice(before);
    if (/address already in use/.test(said))
      return new PortTaken(`${title} cannot listen on 127.0.0.1:${port}: another program does.`);
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    return new EnvironmentFailure(`${title} ended at once with ${how}.\n${tail(said)}`);
  }
}

const tail = (log: string): string =>
  log
    .trimEnd()
    .split('\n')
    .slice(-15)
    .map((line) => `    ${line}`)
    .join('\n');

/** One readiness check on a connection of its own, so that none is kept open to a server that will restart. */
function isReady(url: string, headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
  return new Promise((done) => {
    const request = get(url, { agent: false, headers, timeout: 2_000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(false));
  });
}

/** Stops every server that this process still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}
