import { main } from './main.ts';

// A name look-up that hangs would keep the process alive, so it is ended as soon as the answer is known.
process.exit(await main(process.argv.slice(2), process.env));
