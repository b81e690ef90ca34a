// The packages that definitions are made with consist of some 350 small files. Reading them one by one costs more
// than all the rest of a start, so they are put into one file each time that the installed packages change.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { digest } from './stamp.mjs';

/** Packages that are plain code: no files of their own beside them, no programs, no state in a module's path. */
const plain = /^(?:@grafana\/grafana-foundation-sdk|@lezer|@prometheus-io\/lezer-promql|re2js|yaml)(?:\/|$)/;

/** Where a bundled command finds them. */
const shelf = 'packages of this project';

/** Notes what is imported, and puts a look at the shelf in its place. */
export const packagesPlugin = (imported) => ({
  name: 'packages',
  setup: (build) => {
    build.onResolve({ filter: plain }, ({ path }) => {
      imported.add(path);
      return { path, namespace: 'packages' };
    });
    build.onLoad({ filter: /./, namespace: 'packages' }, ({ path }) => ({
      contents: `module.exports = globalThis[Symbol.for(${JSON.stringify(shelf)})][${JSON.stringify(path)}];`,
    }));
  },
});

/** Fills the shelf with these packages. One is evaluated when it is first looked at. */
export async function fillShelf(root, names, cache, loadEsbuild) {
  const file = `packages-${digest(names, installed(root), process.version)}.cjs`;
  if (!existsSync(cache.path(file))) cache.write(file, await bundle(root, names, await loadEsbuild()));
  // Not with "import", which would first look through the whole file for the names that it exports.
  globalThis[Symbol.for(shelf)] = createRequire(import.meta.url)(cache.path(file));
}

/** npm's list of what is installed. */
function installed(root) {
  const lists = ['node_modules/.package-lock.json', 'package-lock.json'].map((name) => join(root, name));
  const list = lists.find((path) => existsSync(path));
  return list === undefined ? '' : readFileSync(list, 'utf8');
}

async function bundle(root, names, esbuild) {
  const getters = names.map(
    (name) => `get ${JSON.stringify(name)}() { return require(${JSON.stringify(name)}); },`,
  );
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `module.exports = {\n${getters.join('\n')}\n};`, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    conditions: ['import'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}
