import { pathToFileURL } from 'node:url';
import { processIo, warningLine } from '../io.ts';
import { recorderPath } from './context.ts';
import { action, type Recorder } from './run.ts';

const mistake = (error: unknown): number => {
  process.stderr.write(warningLine(`Not recorded, because of a mistake in the recorder: ${String(error)}`));
  return 0;
};

/** The recorder stands beside this file, so that it is not in the repository twice. */
async function run(): Promise<number> {
  Object.assign(globalThis, { deploymentRecorder: 'library' });
  const recorder = (await import(pathToFileURL(recorderPath()).href)) as Recorder;
  return await action(process.env, processIo, recorder);
}

process.exit(await run().catch(mistake));
