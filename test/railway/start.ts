import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/lib/root.ts';
import { freePort } from '../../src/servers/start.ts';

/** A service as its container starts it, with a folder of its own for everything it writes. */
export interface Service {
  readonly url: string;
  readonly folder: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface ServiceOptions {
  /** Below `railway/`. */
  readonly script: string;
  /** Variables of the service, given its folder and port. */
  readonly env: (folder: string, port: number) => Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it is started; Debian's Alertmanager looks for its templates there. */
  readonly workingFolder?: string;
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** Runs a start script until it exits; for scripts that only check. */
export async function runScript(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; text: string }> {
  const child = spawn('sh', [inProject('railway', script)], { env: { PATH: process.env.PATH, ...env } });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  await ended(child);
  return { code: child.exitCode ?? 1, text };
}

/** Starts a service with its own start script and waits until it is ready. */
export async function startService({
  script,
  env,
  headers = {},
  workingFolder,
}: ServiceOptions): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'service-'));
  const port = await freePort();
  const child = spawn('sh', [inProject('railway', script)], {
    env: { PATH: process.env.PATH, PORT: String(port), LISTEN: '127.0.0.1', ...env(folder, port) },
    ...(workingFolder && { cwd: workingFolder }),
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 150; attempt++) {
    if (child.exitCode !== null) throw new Error(`${script} ended: ${text}`);
    const answer = await fetch(`${url}/-/ready`, { headers }).catch(() => undefined);
    if (answer?.ok) return { url, folder, log: () => text, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${script} is not ready: ${text}`);
}
