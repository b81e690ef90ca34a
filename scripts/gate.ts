import { main, mistake } from '../src/record/index.ts';

// The same gate as that of the recorder: `record.mjs gate` needs no checkout, this needs no built file.
const argv = ['gate', ...process.argv.slice(2)];
// Node's own code for an uncaught error is 1, which would be a "no".
process.once('uncaughtException', (error) => process.exit(mistake(error, argv, process.env)));
process.exitCode = await main(argv, process.env);
