import { explain } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { carry, main, mistake } from '../src/record/index.ts';

// The same gate as that of the recorder: `record.mjs gate` needs no checkout, this needs no built file.
const own = process.argv.slice(2);
const at = own.indexOf('--pipeline');
const named = at === -1 ? undefined : own[at + 1];
const argv = ['gate', ...own.filter((_, i) => at === -1 || (i !== at && i !== at + 1))];
// Node's own code for an uncaught error is 1, which would be a "no".
process.once('uncaughtException', (error) => process.exit(mistake(error, argv, process.env)));
try {
  carry((await loadPipeline(named)).pipeline);
  process.exitCode = await main(argv, process.env);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 3;
}
