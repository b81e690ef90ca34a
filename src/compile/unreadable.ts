import { statSync } from 'node:fs';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import type { Finding } from '../lib/finding.ts';
import { inProject, projectPath } from '../lib/root.ts';
import { PipelineError } from '../pipeline/index.ts';

/** Where definitions are; what is below `src` only reads them. */
const isDefinition = (file: string): boolean =>
  /^(alerts|dashboards|slo)\/|^(definitions|pipeline\.config)\.ts$/.test(file);

/** A file of the project, under any name of its folder in a stack: packages can be linked from elsewhere. */
const inOurs = /(?:^|\/)((?:alerts|dashboards|slo|src)\/.+\.ts|definitions\.ts|pipeline\.config\.ts)$/;

/** The places of the project in a stack, from the innermost on. */
function places(stack: string): { file: string; line: number }[] {
  return [...stack.matchAll(/(\/[^\s():]+\.ts):(\d+)/g)].flatMap(([, path = '', line]) => {
    const file = inOurs.exec(path)?.[1];
    return file && statSync(inProject(file), { throwIfNoEntry: false }) ? [{ file, line: Number(line) }] : [];
  });
}

/**
 * Findings for a pipeline file that is not sound, and one for definitions that end in an exception while they are
 * read: something in them is missing, or is of another kind than the code expects. The place is the innermost definition. Errors that say what they are stay errors.
 */
export function unreadable(error: unknown): Finding[] {
  if (error instanceof PipelineError)
    return error.problems.map(({ place, problem, fix }) => ({
      id: 'pipeline-file',
      severity: 'error',
      summary: problem,
      place: [place],
      file: projectPath(error.file),
      fix,
    }));
  if (!(error instanceof Error) || error instanceof UserError || error instanceof EnvironmentFailure)
    throw error;
  const found = places(error.stack ?? '');
  const at = found.find(({ file }) => isDefinition(file)) ?? found[0] ?? { file: 'definitions.ts', line: 1 };
  return [
    {
      id: 'definition-unreadable',
      severity: 'error',
      summary: `Reading it ends with: ${error.message.split('\n')[0]}.`,
      place: [at.file, `line ${at.line}`],
      ...at,
      fix: 'Look for a part that is missing or misspelt there; what the types say comes first.',
    },
  ];
}
