import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { deploymentScore } from './propose.ts';
import { readWorkflow, type Workflow } from './workflow.ts';

/** A workflow, and what could not be read. */
export interface Found {
  /** Those that deploy, the likeliest first. */
  readonly workflows: readonly Workflow[];
  /** Sentences about files that are no workflows. */
  readonly problems: readonly string[];
}

/**
 * Reads every workflow of a checkout.
 * @throws UserError when there is none, or when none of them deploys anything
 */
export function findWorkflows(checkout: string): Found {
  const folder = join(checkout, '.github', 'workflows');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  if (names.length === 0)
    throw new UserError(
      `There is no workflow in ${folder}.`,
      'Name the checkout of a repository with --from.',
    );
  const problems: string[] = [];
  const workflows = names.sort().flatMap((name) => {
    try {
      return [readWorkflow(`.github/workflows/${name}`, readFileSync(join(folder, name), 'utf8'))];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  const scored = workflows.map((workflow) => ({ workflow, score: deploymentScore(workflow) }));
  const deploying = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  if (deploying.length === 0)
    throw new UserError(
      [
        `No workflow in ${folder} deploys anything that is known here: ${names.join(', ')}.`,
        ...problems,
      ].join('\n'),
      'Name the one that does with --workflow FILE.',
    );
  return { workflows: deploying.map(({ workflow }) => workflow), problems };
}
