import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { inProject, root } from '../../src/lib/root.ts';

/** Packages that a command imports, directly or through what it bundles. */
async function packagesOf(command: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [inProject('scripts', `${command}.ts`)],
    absWorkingDir: root,
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', write: false, metafile: true },
  });
  const paths = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external, path }) => external && !path.startsWith('node:')).map(({ path }) => path),
  );
  return [...new Set(paths.map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)![0]))];
}

it.each(['provision', 'doctor'])('%s runs after "npm ci --omit=dev"', async (command) => {
  const { dependencies } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  // scripts/run.mjs bundles each command with esbuild.
  const needed = ['esbuild', ...(await packagesOf(command))];
  expect(needed.filter((name) => !(name in dependencies))).toEqual([]);
  expect(needed).toContain('yaml');
});
