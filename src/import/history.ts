import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { propose, readWorkflow, type Workflow } from '../init/index.ts';
import { UserError } from '../lib/errors.ts';
import type { Pipeline } from '../pipeline/index.ts';
import type { Deployment } from '../simulator/index.ts';
import { RunCache } from './cache.ts';
import { deploymentsOf, type Skipped } from './deployments.ts';
import { fetchRuns, listRuns, type Progress, requestsAhead, type Span } from './fetch.ts';
import { type GitHub, type GitHubSource, openGitHub } from './github.ts';
import { type Mapping, mappingOf } from './mapping.ts';
import type { FetchedRun } from './wire.ts';

/** Which history is read. */
export interface HistoryQuestion extends GitHubSource {
  /** File name of the workflow: `deploy.yml`. */
  readonly workflow: string;
  readonly span: Span;
  /** Where runs that were read are kept. */
  readonly cacheFolder: string;
  /** Prices of runners. */
  readonly cost: Pipeline['cost'];
  readonly onProgress: (progress: Progress) => void;
}

/** A repository's history. */
export interface ImportedHistory {
  readonly deployments: readonly Deployment[];
  /** Runs of which nothing was made, and why. */
  readonly skipped: readonly Skipped[];
  readonly mapping: Mapping;
  /** Runs in the span. */
  readonly runs: number;
  readonly requests: number;
}

/** Where runs are kept: the user's cache, a folder for each repository. */
export function importCache(repository: string, env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  return join(base, 'relay-deployment-observability', 'runs', repository.replaceAll('/', '+'));
}

/** Names what there is instead of a workflow that there is not. */
async function known(github: GitHub, workflow: string, error: unknown): Promise<never> {
  if (!(error instanceof UserError) || !error.message.startsWith('There is no workflow')) throw error;
  const files = await github.workflows().then(
    (all) => all.map(({ path }) => path.split('/').at(-1)),
    () => [],
  );
  if (files.length === 0) throw error;
  throw new UserError(`There is no workflow ${workflow}.`, `There are ${files.join(', ')}.`);
}

/** The workflow as it is today; an empty one where it may not be read or was renamed: names of steps must do. */
async function workflowOf(github: GitHub, workflow: string, say: (text: string) => void): Promise<Workflow> {
  const path = `.github/workflows/${workflow}`;
  const text = await github.file(path);
  if (text !== undefined) return readWorkflow(path, text);
  say(`${path} cannot be read: stages are told from the names of steps.`);
  return { file: path, name: workflow, triggers: [], jobs: [], environmentChoices: [] };
}

/** Lists the runs and says what reading them takes. */
export async function lookAhead(question: HistoryQuestion) {
  const github = openGitHub(question);
  const runs = await listRuns(github, question.workflow, question.span).catch((error) =>
    known(github, question.workflow, error),
  );
  const cache = new RunCache(question.cacheFolder);
  return { github, runs, cache, requests: requestsAhead(runs, cache) };
}

/**
 * Reads deployments out of GitHub's runs. What was read is kept, so that a cut or a limit loses nothing.
 * @throws UserError, EnvironmentFailure with what GitHub refused
 */
export async function readHistory(question: HistoryQuestion): Promise<ImportedHistory> {
  const { github, runs, cache } = await lookAhead(question);
  const mapping = mappingOf(propose(await workflowOf(github, question.workflow, question.say)));
  const fetched: FetchedRun[] = [];
  for await (const one of fetchRuns(github, runs, cache, question.onProgress)) fetched.push(one);
  const { deployments, skipped } = deploymentsOf(fetched, mapping, question.cost);
  const seen = new Set(fetched.map(({ run }) => run.id));
  const unread = runs.filter(({ id }) => !seen.has(id));
  return {
    deployments,
    skipped: [
      ...skipped,
      ...unread.map(({ id, status }) => ({
        run: id,
        why: status === 'completed' ? 'it was deleted meanwhile' : 'it still runs',
      })),
    ],
    mapping,
    runs: runs.length,
    requests: github.requests(),
  };
}
