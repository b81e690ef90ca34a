#!/usr/bin/env node
// Runs one command of the project: `node scripts/run.mjs build --check`.
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Cache } from './run/cache.mjs';
import { Former } from './run/former.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = readdirSync(join(root, 'scripts'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => name.slice(0, -3))
  .sort();
const [command, ...args] = process.argv.slice(2);

if (command === undefined || command === '--help' || !commands.includes(command)) {
  const known = `Commands: ${commands.join(', ')}. Each has --help.`;
  if (command === undefined || command === '--help') console.log(known);
  else console.error(`There is no command "${command}". ${known}`);
  process.exit(command === '--help' ? 0 : 1);
}

/** The command's code, or a sentence that says why it could not be made; then nothing was done. */
async function codeOf(cache) {
  const { prepare } = await import('./run/code.mjs');
  try {
    return await prepare(root, command, cache);
  } catch (error) {
    // esbuild has said already which file, which line and what is wrong there.
    if (Array.isArray(error.errors)) console.error('Nothing was done: mend what is named above.');
    else if (error.syscall !== undefined)
      console.error(
        `Nothing was done: node_modules/.cache cannot be used (${error.message}). Commands keep their code there; make it writable.`,
      );
    else throw error;
    process.exit(1);
  }
}

const cache = new Cache(root);
const former = command === 'build' ? new Former(root, args, cache) : undefined;
if (!former?.tell()) {
  const code = await codeOf(cache);
  const script = relative(process.cwd(), join(root, 'scripts', `${command}.ts`));
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(code).href);
}
