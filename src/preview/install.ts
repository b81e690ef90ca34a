import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EnvironmentFailure } from '../lib/errors.ts';
import { withLock } from '../lib/lock.ts';
import { inProject } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';

/** The preview's own package: Grafana's packages are large, so they are installed with the first look at a dashboard. */
export const previewFolder = inProject('preview');
const stamp = join(previewFolder, 'node_modules', '.installed-lock');

const lockHash = async (): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(previewFolder, 'package-lock.json')))
    .digest('hex');

/** True when the installed packages are those of the lock file. */
export async function isInstalled(): Promise<boolean> {
  if (!existsSync(stamp)) return false;
  return (await readFile(stamp, 'utf8')) === (await lockHash());
}

function npmCi(): Promise<void> {
  return new Promise((resolve, reject) => {
    const notDone = 'Nothing was drawn. Try again when the package registry can be reached.';
    const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: previewFolder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.on('error', (error) =>
      reject(new EnvironmentFailure(`npm cannot be run: ${error.message}`, notDone)),
    );
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new EnvironmentFailure(`npm ci in preview/ failed with exit code ${code}.`, notDone));
    });
  });
}

async function install(): Promise<void> {
  // Another process may have done it while we waited for the lock.
  if (await isInstalled()) return;
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 1_000);
  say('Installing the preview’s own packages into preview/node_modules (about 270 MB, once) …');
  const progress = setInterval(() => say(`  still installing, ${seconds()} s`), 10_000);
  try {
    await npmCi();
  } finally {
    clearInterval(progress);
  }
  await writeFile(stamp, await lockHash());
  say(`Installed in ${seconds()} s.`);
}

/** Installs the preview's packages when they are missing or older than the lock file; one process at a time. */
export async function ensureInstalled(): Promise<void> {
  if (await isInstalled()) return;
  const lock = join(previewFolder, '.cache', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  const onWait = (): void => say('Another process installs the preview’s packages: waiting for it …');
  await withLock(lock, install, { onWait });
}
