import { main } from '../record/main.ts';

// The same gate as that of the recorder: `record.mjs gate` needs no checkout, this needs no built file.
process.exitCode = await main(['gate', ...process.argv.slice(2)], process.env);
