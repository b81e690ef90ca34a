import { UserError } from '../lib/errors.ts';
import { counted } from '../lib/words.ts';
import type { PipelineFile } from './file.ts';
import { completed, type Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';
import { pipelineProblems } from './problems.ts';

/** A pipeline file that is not sound, with everything that is wrong with it. */
export class PipelineError extends UserError {
  readonly problems: readonly Problem[];
  /** Where it is. */
  readonly file: string;
  constructor(problems: readonly Problem[], file = 'pipeline.config.ts') {
    super(
      [
        `The pipeline file has ${counted(problems.length, 'problem')}:`,
        ...problems.map(({ place, problem, fix }) => `  ${place}: ${problem} ${fix}`),
      ].join('\n'),
    );
    this.problems = problems;
    this.file = file;
  }
}

/**
 * The pipeline that `pipeline.config.ts` exports, with every default filled in.
 * @throws PipelineError naming every problem, its place and the fix
 */
export function definePipeline(file: PipelineFile): Pipeline {
  const problems = pipelineProblems(file);
  if (problems.length > 0) throw new PipelineError(problems);
  return completed(file);
}
