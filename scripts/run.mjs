#!/usr/bin/env node
// Runs one command of the project: `node scripts/run.mjs build --check`.
// TypeScript is bundled on the fly with esbuild (about 20 ms), because Node 20 cannot run it, and a loader
// that compiles file by file costs several times as much at every start.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Packages } from './run/packages.mjs';

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

/** `import.meta.url` of a definition names the file that somebody has to edit, also after bundling. */
const keepImportMetaUrl = {
  name: 'keep-import-meta-url',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts' };
    });
  },
};

/** Bundles the command; packages stay where they are. */
async function bundle() {
  let esbuild;
  try {
    esbuild = await import('esbuild');
  } catch {
    console.error('The packages of this project are not installed. Run: npm ci');
    process.exit(1);
  }
  const outfile = join(root, 'node_modules', '.cache', 'run', `${command}-${process.pid}.mjs`);
  const packages = new Packages(root, esbuild);
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'scripts', `${command}.ts`)],
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    write: false,
    outfile,
    logLevel: 'error',
    plugins: [keepImportMetaUrl, packages.plugin],
  });
  await packages.fill();
  return { outfile, text: outputFiles[0].text };
}

const { outfile, text } = await bundle();
const { rmSync, writeFileSync } = await import('node:fs');
writeFileSync(outfile, text);
process.on('exit', () => rmSync(outfile, { force: true }));
process.argv = [process.argv[0], relative(process.cwd(), join(root, 'scripts', `${command}.ts`)), ...args];
await import(pathToFileURL(outfile).href);
