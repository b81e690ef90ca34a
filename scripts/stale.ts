import { existsSync, readFileSync } from 'node:fs';
import { loadBundle } from '../definitions.ts';
import { type Bundle, compare, renderArtefacts } from '../src/compile/index.ts';
import { EnvironmentFailure, UserError } from '../src/lib/errors.ts';
import { inProject, projectPath } from '../src/lib/root.ts';
import { loadPipeline } from '../src/pipeline/index.ts';

/** Stale files of `generated/`, relative to the project's folder. */
async function staleFiles(bundle: Bundle, generated: string): Promise<string[]> {
  const { added, changed, removed } = compare(generated, await renderArtefacts(bundle));
  return [...changed, ...added, ...removed].sort().map((path) => `${projectPath(generated)}/${path}`);
}

const listed = (files: readonly string[]): string => {
  const shown = files.slice(0, 5).map((path) => `  - ${path}`);
  return [
    ...shown,
    ...(files.length > shown.length ? [`  and ${files.length - shown.length} more`] : []),
  ].join('\n');
};

/**
 * Refuses to go on while `generated/` is not what the definitions say.
 * @throws UserError naming the files
 */
export async function refuseStale(named: string | undefined): Promise<void> {
  const { pipeline, generated } = await loadPipeline(named);
  const files = await staleFiles(loadBundle(pipeline), generated);
  if (files.length === 0) return;
  throw new UserError(
    `${projectPath(generated)}/ is not what the definitions say, so nothing was planned or applied:\n${listed(files)}`,
    'Run: npm run build',
  );
}

/** The definitions as they are now, beside what was built: what a reviewer of `generated/` has to know of them. */
export interface Definitions {
  /** That something was edited and not built, or cannot be built; undefined where all is as it should be. */
  readonly note?: string;
  readonly bundle?: Bundle;
}

/** Reads the definitions to say whether they were built; what is wrong with them is the build's to say. */
export async function definitionsBeside(named: string | undefined): Promise<Definitions> {
  const { pipeline, generated } = await loadPipeline(named);
  const folder = `${projectPath(generated)}/`;
  try {
    const bundle = loadBundle(pipeline);
    const files = await staleFiles(bundle, generated);
    if (files.length === 0) return { bundle };
    const note = `Edited and not built: ${folder} is not what the definitions say, and this is about ${folder}. Run: npm run build`;
    return { bundle, note: `${note}\n${listed(files)}` };
  } catch (error) {
    if (error instanceof UserError || error instanceof EnvironmentFailure) throw error;
    return {
      note: `The definitions cannot be built: "npm run build" says why. This is about ${folder} as it is.`,
    };
  }
}

/** The text of a file of the project; undefined when there is none. */
export const projectFile = (file: string): string | undefined =>
  existsSync(inProject(file)) ? readFileSync(inProject(file), 'utf8') : undefined;
