import { warningLine } from '../io.ts';
import { action } from './run.ts';

const mistake = (error: unknown): number => {
  process.stderr.write(warningLine(`Not recorded, because of a mistake in the recorder: ${String(error)}`));
  return 0;
};

process.exit(await action(process.env).catch(mistake));
