import { spawn } from 'node:child_process';
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { inProject } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';

/** Folders whose definitions the build turns into dashboards. */
const definitionFolders = ['alerts', 'dashboards', 'metrics', 'slo'];

/** Calls back once when changes have stopped coming for a moment: an editor writes a file in several steps. */
export function debounce(callback: () => void, ms: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(callback, ms);
  };
}

/** Runs the build; one at a time, and once more when something changed meanwhile. */
function builder(): () => void {
  let running = false;
  let again = false;
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    say('A definition changed: building …');
    const child = spawn(process.execPath, [inProject('scripts', 'run.mjs'), 'build'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('exit', (code) => {
      running = false;
      if (code !== 0) say('The build failed; the preview still shows what was built before.');
      if (again) {
        again = false;
        run();
      }
    });
  };
  return run;
}

/**
 * Watches the generated dashboards, and the definitions behind them when `build` is true.
 * @returns how to stop
 */
export function watchDashboards(folder: string, onChange: () => void, build: boolean): () => void {
  const watchers: FSWatcher[] = [];
  const start = (path: string, callback: () => void): void => {
    if (!existsSync(path)) return;
    const react = debounce(callback, 150);
    const watcher = watch(path, { recursive: true }, react);
    watcher.on('error', (error) => say(`Cannot watch ${path}: ${error.message}. Reload the page by hand.`));
    watchers.push(watcher);
  };
  start(folder, onChange);
  if (build && existsSync(inProject('scripts', 'build.ts'))) {
    const rebuild = builder();
    for (const name of definitionFolders) start(inProject(name), rebuild);
  }
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
