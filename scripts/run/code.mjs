// A command's own code as one file, made with esbuild because Node 20 cannot run TypeScript, and a loader that
// compiles file by file costs several times as much at every start. It is made again when one of its files changed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillShelf, packagesPlugin } from './packages.mjs';
import { digest, stampOf } from './stamp.mjs';

/**
 * Notes the stamp of each file before it is read, so that an edit meanwhile is seen the next time. And
 * `import.meta.url` of a definition names the file that somebody has to edit, also after bundling.
 */
const ownFiles = (stamps) => ({
  name: 'own-files',
  setup(build) {
    build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) => {
      stamps.set(path, stampOf(path));
      if (!path.endsWith('.ts') || path.includes('node_modules')) return undefined;
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts' };
    });
  },
});

/** esbuild, which costs 20 ms to load and is needed only when something changed. */
async function loadEsbuild() {
  try {
    return await import('esbuild');
  } catch {
    console.error('The packages of this project are not installed. Run: npm ci');
    process.exit(1);
  }
}

/** Bundles the command; packages stay where they are. */
async function bundle(root, command) {
  const esbuild = await loadEsbuild();
  const stamps = new Map();
  const imported = new Set();
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'scripts', `${command}.ts`)],
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    write: false,
    outfile: join(root, `${command}.mjs`),
    logLevel: 'error',
    plugins: [packagesPlugin(imported), ownFiles(stamps)],
  });
  return { text: outputFiles[0].text, stamps: [...stamps], packages: [...imported].sort() };
}

const isCurrent = ([path, stamp]) => stampOf(path) === stamp;

/**
 * Makes the code of a command ready, and puts the packages that it imports on the shelf.
 * @returns the path of the file to import
 */
export async function prepare(root, command, cache) {
  const name = `code-${command}-${digest(root, process.version)}`;
  const known = cache.json(`${name}.json`);
  const complete = Array.isArray(known?.stamps) && Array.isArray(known.packages) && known.file;
  const usable = complete && known.stamps.every(isCurrent) && existsSync(cache.path(known.file));
  const { file, packages } = usable ? known : await remade(root, command, name, cache);
  await fillShelf(root, packages, cache, loadEsbuild);
  return cache.path(file);
}

async function remade(root, command, name, cache) {
  const { text, stamps, packages } = await bundle(root, command);
  // Named by what it holds: a command that is starting with the former code still finds it.
  const made = { file: `${name}-${digest(text)}.mjs`, stamps, packages };
  cache.write(made.file, text);
  cache.write(`${name}.json`, JSON.stringify(made));
  cache.tidy('code-');
  return made;
}
