import { execFile } from 'node:child_process';
import { inProject } from '../../src/lib/root.ts';
import { main } from '../../src/record/main.ts';

/** Records an event with the recorder's own code in this process, and without its commentary. */
export const recordQuietly = (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  main([...argv], env, { stdout: () => undefined, stderr: () => undefined, now: Date.now });

/** Records an event as the pipeline does: with the one file, in a process of its own. */
export const recordWithBundle = (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [inProject('generated', 'record.mjs'), ...argv],
      { env: { PATH: process.env.PATH, ...env } },
      () => resolve(child.exitCode ?? 1),
    );
  });
