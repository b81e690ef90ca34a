import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { EnvironmentFailure } from '../lib/errors.ts';
import { previewFolder } from './install.ts';

/** The page's files by name, in memory: nothing on disk can be out of date. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

/** Packages that package.json replaces by an empty one: editors and maps, which no panel of ours opens. */
async function leftOut(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(previewFolder, 'package.json'), 'utf8')) as {
    overrides: Record<string, string>;
  };
  return Object.entries(manifest.overrides)
    .filter(([, replacement]) => replacement.startsWith('npm:empty'))
    .map(([name]) => name);
}

const emptyModules = (names: readonly string[]): Plugin => ({
  name: 'empty-modules',
  setup(builder) {
    const pattern = names.map((name) => name.replace(/[/.-]/g, '\\$&')).join('|');
    builder.onResolve({ filter: new RegExp(`^(${pattern})(/|$)`) }, ({ path }) => ({
      path,
      namespace: 'empty',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
});

/** Builds the page for the browser. @param entry another file to begin with */
export async function bundlePage(entry = join(previewFolder, 'page', 'main.tsx')): Promise<Bundle> {
  try {
    const { outputFiles } = await build({
      entryPoints: { main: entry },
      absWorkingDir: previewFolder,
      nodePaths: [join(previewFolder, 'node_modules')],
      outdir: join(previewFolder, 'dist'),
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
      plugins: [emptyModules(await leftOut())],
    });
    return new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  } catch (error) {
    throw new EnvironmentFailure(
      `The preview's page cannot be built: ${(error as Error).message}`,
      'Nothing was drawn. Removing preview/node_modules makes the next run install it afresh.',
    );
  }
}
