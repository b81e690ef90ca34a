// The packages that definitions are made with consist of some 350 small files. Reading them one by one costs more
// than all the rest of a start, so they are put into one file each time that the installed packages change.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Packages that are plain code: no files of their own beside them, no programs, no state in a module's path. */
const plain = /^(?:@grafana\/grafana-foundation-sdk|@lezer|@prometheus-io\/lezer-promql|re2js|yaml)(?:\/|$)/;

/** Where a bundled command finds them. */
const shelf = 'Symbol.for("packages of this project")';

/** The packages that a command imports, to be taken from one file. */
export class Packages {
  #root;
  #esbuild;
  /** @type {Set<string>} */
  #used = new Set();

  constructor(root, esbuild) {
    this.#root = root;
    this.#esbuild = esbuild;
  }

  /** Notes what is imported, and puts a look at the shelf in its place. */
  get plugin() {
    return {
      name: 'packages',
      setup: (build) => {
        build.onResolve({ filter: plain }, ({ path }) => {
          this.#used.add(path);
          return { path, namespace: 'packages' };
        });
        build.onLoad({ filter: /.*/, namespace: 'packages' }, ({ path }) => ({
          contents: `module.exports = globalThis[${shelf}][${JSON.stringify(path)}];`,
        }));
      },
    };
  }

  /** Fills the shelf. A package is evaluated when it is first looked at. */
  async fill() {
    const names = [...this.#used].sort();
    const file = this.#file(names);
    if (!existsSync(file)) await this.#bundle(names, file);
    // Not with "import", which would first look through the whole file for the names that it exports.
    globalThis[Symbol.for('packages of this project')] = createRequire(import.meta.url)(file);
  }

  #file(names) {
    const lists = ['node_modules/.package-lock.json', 'package-lock.json'].map((name) =>
      join(this.#root, name),
    );
    const list = lists.find((path) => existsSync(path));
    const installed = list === undefined ? '' : readFileSync(list, 'utf8');
    const key = createHash('sha256')
      .update(JSON.stringify([names, installed, process.version]))
      .digest('hex');
    return join(this.#root, 'node_modules', '.cache', 'run', `packages-${key.slice(0, 16)}.cjs`);
  }

  async #bundle(names, file) {
    const getters = names.map(
      (name) => `get ${JSON.stringify(name)}() { return require(${JSON.stringify(name)}); },`,
    );
    const { outputFiles } = await this.#esbuild.build({
      stdin: { contents: `module.exports = {\n${getters.join('\n')}\n};`, resolveDir: this.#root },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      minifyWhitespace: true,
      conditions: ['import'],
      write: false,
      logLevel: 'error',
    });
    mkdirSync(join(file, '..'), { recursive: true });
    // Another command may be at it as well: each writes a whole file, and the last one stays.
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, outputFiles[0].text);
    renameSync(temporary, file);
  }
}
