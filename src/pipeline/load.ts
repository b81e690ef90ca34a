import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { inProject } from '../lib/root.ts';
import { PipelineError } from './define.ts';
import type { Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';

/** A pipeline file that was read, and the folder of what is built from it. */
export interface Loaded {
  readonly pipeline: Pipeline;
  /** Absolute. */
  readonly file: string;
  /** `generated` beside the file. */
  readonly generated: string;
}

/** Where the pipeline file is: as named, else that of this project. */
export const pipelineFile = (named: string | undefined): string =>
  named === undefined ? inProject('pipeline.config.ts') : resolve(named);

/** The folder of what is built from a pipeline file: `generated` beside it. */
export const generatedFor = (named: string | undefined): string =>
  join(dirname(pipelineFile(named)), 'generated');

const problemsOf = (error: unknown): readonly Problem[] | undefined =>
  typeof error === 'object' && error !== null && 'problems' in error
    ? (error.problems as readonly Problem[])
    : undefined;

/** The text of the file as one module: it may import others, and its own door to this project. */
async function bundled(file: string): Promise<string> {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      logLevel: 'silent',
      // The project's own packages are found from here, also for a file elsewhere.
      nodePaths: [inProject('node_modules')],
      external: ['esbuild'],
    });
    return outputFiles[0]!.text;
  } catch (error) {
    const { errors = [] } = error as { errors?: { text: string; location?: { line: number } | null }[] };
    const lines = errors.map(({ text, location }) => `  ${location ? `line ${location.line}: ` : ''}${text}`);
    throw new UserError(`${file} cannot be read:\n${lines.join('\n')}`, 'Fix what is named above.');
  }
}

/**
 * Reads a pipeline file. @param named its path; default that of this project
 * @throws PipelineError with every problem of the file; UserError when it cannot be read
 */
export async function loadPipeline(named?: string): Promise<Loaded> {
  const file = pipelineFile(named);
  if (!existsSync(file))
    throw new UserError(
      `There is no pipeline file ${file}.`,
      'Name one with --pipeline FILE, or run npm run init.',
    );
  const code = await bundled(file);
  const address = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const module = (await import(address).catch((error: unknown) => {
    const problems = problemsOf(error);
    if (problems) throw new PipelineError(problems, file);
    throw new UserError(`${file} cannot be run: ${error instanceof Error ? error.message : String(error)}`);
  })) as { readonly default?: Pipeline };
  if (typeof module.default !== 'object' || !('targets' in module.default))
    throw new UserError(`${file} exports no pipeline.`, 'End it with: export default definePipeline({ … });');
  return { pipeline: module.default, file, generated: generatedFor(named) };
}
