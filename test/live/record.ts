import { main } from '../../record/main.ts';

/** Records an event with the recorder's own code in this process, and without its commentary. */
export const recordQuietly = (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  main([...argv], env, { stdout: () => undefined, stderr: () => undefined, now: Date.now });
