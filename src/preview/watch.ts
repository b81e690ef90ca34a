import { spawn } from 'node:child_process';
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { inProject } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';

/** Calls back once when changes have stopped coming for a moment: an editor writes a file in several steps. */
export function debounce(callback: () => void, ms: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(callback, ms);
  };
}

/**
 * Runs a command; one at a time, and once more when it was asked for meanwhile.
 * @param command arguments for Node
 */
export function oneAtATime(command: readonly string[], onEnd: (code: number | null) => void): () => void {
  let running = false;
  let again = false;
  const run = (): void => {
    again = running;
    if (running) return;
    running = true;
    spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] }).on('exit', (code) => {
      running = false;
      onEnd(code);
      if (again) run();
    });
  };
  return run;
}

/** Calls back after anything in the folders changed; folders that do not exist are passed over. @returns how to stop */
export function watchFolders(folders: readonly string[], onChange: () => void): () => void {
  const react = debounce(onChange, 150);
  const watchers = folders.filter(existsSync).map((folder): FSWatcher => {
    const watcher = watch(folder, { recursive: true }, react);
    watcher.on('error', (error) => say(`Cannot watch ${folder}: ${error.message}. Reload the page by hand.`));
    return watcher;
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

/** Folders whose definitions the build turns into dashboards. */
const definitionFolders = ['alerts', 'dashboards', 'slo', 'src'];

/** Builds for a pipeline file whenever a definition changes. @returns how to stop */
export function buildOnChange(pipelineFile: string): () => void {
  const command = [inProject('scripts', 'run.mjs'), 'build', '--pipeline', pipelineFile];
  const build = oneAtATime(command, (code) =>
    say(code === 0 ? 'Built.' : 'The build failed; the preview still shows what was built before.'),
  );
  return watchFolders(
    definitionFolders.map((name) => inProject(name)),
    () => {
      say('A definition changed: building …');
      build();
    },
  );
}
