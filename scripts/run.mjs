#!/usr/bin/env node
// Runs one command of the project: `node scripts/run.mjs build --check`. Node 20 cannot run TypeScript, so the
// command is bundled into one file first, which takes esbuild some 50 ms.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const commands = Object.entries(scripts).flatMap(([name, line]) => (line.includes('run.mjs') ? [name] : []));
const [command, ...args] = process.argv.slice(2);
const known = `Commands: ${commands.sort().join(', ')}. Each has --help.`;
const stop = (message) => {
  console.error(message);
  process.exit(1);
};

if (command === '--help') console.log(known);
else if (!commands.includes(command)) stop(command ? `There is no command "${command}". ${known}` : known);
else {
  const esbuild = await import('esbuild').catch(() => stop('Packages are missing. Run: npm ci'));
  const keepFile = {
    name: 'import.meta.url names the source file, also after bundling',
    setup: (build) =>
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          'import.meta.url',
          JSON.stringify(pathToFileURL(path).href),
        ),
        loader: 'ts',
      })),
  };
  const entry = join(root, 'scripts', `${command}.ts`);
  // Beside node_modules, where the bundled code finds its packages.
  const file = join(root, 'node_modules/.cache', `${command}-${process.pid}.mjs`);
  const options = {
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // So that a stack names the file that a person wrote.
    sourcemap: 'inline',
    sourcesContent: false,
    write: false,
  };
  const result = await esbuild
    .build({ ...options, entryPoints: [entry], absWorkingDir: root, logLevel: 'error', plugins: [keepFile] })
    .catch(() => stop('Nothing was done: fix what is named above.'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, result.outputFiles[0].text);
  process.on('exit', () => rmSync(file, { force: true }));
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], relative(process.cwd(), entry), ...args];
  await import(pathToFileURL(file).href);
}
