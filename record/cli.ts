import { warningLine } from './io.ts';
import { main } from './main.ts';

/** A mistake of the recorder's own. It must not stop a deployment, nor hide that a command may not have run. */
function mistake(error: unknown): number {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(warningLine(`Not recorded, because of a mistake in the recorder: ${what}`));
  return process.argv.includes('--') || process.argv.includes('--strict') ? 1 : 0;
}

/** For the action, which is another file beside this one. */
export { main };

// Runs, unless somebody said so explicitly: a guess whether this is the main program could silently skip a command.
// A connection that hangs would keep the process alive, so it is ended as soon as the answer is known.
if ((globalThis as { deploymentRecorder?: string }).deploymentRecorder !== 'library')
  process.exit(await main(process.argv.slice(2), process.env).catch(mistake));
