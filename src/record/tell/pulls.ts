import { isExpected } from '../../lib/errors.ts';
import { codeSpan } from '../../lib/sanitize.ts';
import { counted } from '../../lib/words.ts';
import { metric, outcomes } from '../../metrics/index.ts';
import { prometheusOf } from '../gate/ask.ts';
import { NotAsked } from '../gate/prometheus.ts';
import { GitHubApi, GitHubFailure } from '../github-api.ts';
import type { DeploymentResult } from '../result/model.ts';
import { putComment } from './comment.ts';
import { mergedPulls, type Range } from './range.ts';
import { deploymentsTo, type GitHubDeployment, previousCommit, setStatus } from './status.ts';

/** Result of notifying pull requests. */
export interface Told {
  readonly pulls: readonly number[];
  readonly range: Range;
  readonly warnings: readonly string[];
}

/** The commit of the deployment before that succeeded, as far as Prometheus knows. */
async function recordedPrevious(
  { environment, id, started }: DeploymentResult,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const prometheus = prometheusOf(env);
  if (prometheus instanceof NotAsked) return undefined;
  const of = { environment: environment as never };
  try {
    const [starts, ends, infos] = await Promise.all([
      prometheus.query(metric('recent_deployment:started_timestamp_seconds:min', of), undefined),
      prometheus.query(metric('recent_deployment:outcome:code', of), undefined),
      prometheus.query(metric('recent_deployment:info:last', of), undefined),
    ]);
    const good = new Set(
      ends.filter(({ value }) => value === outcomes.success).map(({ labels }) => labels.deployment_id),
    );
    const before = starts
      .filter(
        ({ labels, value }) =>
          good.has(labels.deployment_id) &&
          labels.deployment_id !== id &&
          value < (started ?? Number.POSITIVE_INFINITY),
      )
      .sort((a, b) => b.value - a.value)[0]?.labels.deployment_id;
    return infos.find(({ labels }) => labels.deployment_id === before)?.labels.commit || undefined;
  } catch (error) {
    if (error instanceof NotAsked) return undefined;
    throw error;
  }
}

/** Does a part; what GitHub refuses is a warning. */
async function attempt<T>(what: string, warnings: string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isExpected(error)) throw error;
    warnings.push(`${what}: ${error.message}`);
    return undefined;
  }
}

async function comments(
  github: GitHubApi,
  { pulls }: Range,
  result: DeploymentResult,
  warnings: string[],
): Promise<number[]> {
  const told: number[] = [];
  const login = pulls.length === 0 ? '' : await github.login();
  for (const { number } of pulls) {
    try {
      await putComment(github, number, login, result);
      told.push(number);
    } catch (error) {
      if (!isExpected(error)) throw error;
      warnings.push(`Pull request #${number} was not told: ${error.message}`);
      // A locked conversation is one pull request's; a missing right is all of theirs.
      if (!(error instanceof GitHubFailure) || error.isFinal) break;
    }
  }
  return told;
}

/** Tells every pull request of a deployment what became of it, and sets the status of GitHub's Deployment. Never throws. */
export async function tellPulls(
  result: DeploymentResult,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Told> {
  const warnings: string[] = [];
  const none: Range = { pulls: [], rest: [], notes: [] };
  const github = await attempt('GitHub is not told', warnings, async () => new GitHubApi(env, signal));
  if (!github) return { pulls: [], range: none, warnings };
  if (!result.commit)
    return {
      pulls: [],
      range: none,
      warnings: ['GitHub is not told: the commit of the deployment is not known.'],
    };
  const known: readonly GitHubDeployment[] | undefined = await attempt(
    "GitHub's Deployments were not read",
    warnings,
    () => deploymentsTo(github, result.environment),
  );
  const range =
    (await attempt('Pull requests were not told', warnings, async () => {
      const base =
        (await recordedPrevious(result, env)) ?? (known && (await previousCommit(github, known, result)));
      return await mergedPulls(github, base, result.commit);
    })) ?? none;
  if (known)
    await attempt("The status of GitHub's Deployment was not set", warnings, () =>
      setStatus(github, known, result),
    );
  const pulls =
    (await attempt('Pull requests were not told', warnings, () =>
      comments(github, range, result, warnings),
    )) ?? [];
  return { pulls, range, warnings };
}

/** Commits of which no pull request was told, as a list for the summary of the run; empty when there are none. */
export function restText({ range: { rest, notes } }: Told): string {
  if (rest.length === 0) return '';
  const shown = rest.slice(0, 500).map((line) => `- ${codeSpan(line.slice(0, 200))}`);
  const more = rest.length > shown.length ? [`- and ${rest.length - shown.length} more`] : [];
  return [
    `### Also deployed: ${counted(rest.length, 'commit')} that no comment tells of`,
    '',
    ...shown,
    ...more,
    ...notes.map((note) => `\n${note}`),
    '',
    '',
  ].join('\n');
}
