import { flush, main, mistake } from './main.ts';

/** For the action, which is another file beside this one. */
export { flush, main };

/** Unhandled rejections, of a stream that was closed for one, must not look like success. */
const uncaught = (error: unknown): never => process.exit(mistake(error, process.argv.slice(2), process.env));

// Runs, unless it is told explicitly not to: a guess whether this is the main program could silently skip a command.
// A connection that hangs would keep the process alive, so it is ended as soon as the answer is known.
if ((globalThis as { deploymentRecorder?: string }).deploymentRecorder !== 'library') {
  process.once('uncaughtException', uncaught);
  process.exit(await main(process.argv.slice(2), process.env));
}
