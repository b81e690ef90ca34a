import { readFileSync } from 'node:fs';
import { parseTime } from '../lib/time.ts';
import type { LabelValue } from './emit.ts';

/** Who triggered a deployment, as the catalogue names it. */
export type TriggeredBy = LabelValue<'deployment_in_progress', 'triggered_by'>;

const attemptOf = (env: NodeJS.ProcessEnv): number =>
  Math.max(1, Number.parseInt(env.GITHUB_RUN_ATTEMPT ?? '', 10) || 1);

/** The run's id; from the second attempt on with the attempt, because a re-run is another deployment. */
export function defaultDeploymentId(env: NodeJS.ProcessEnv): string | undefined {
  const run = env.GITHUB_RUN_ID;
  if (!run) return undefined;
  const attempt = attemptOf(env);
  return attempt > 1 ? `${run}-${attempt}` : run;
}

/** The repository's page, or an empty text outside of GitHub. */
export const repositoryUrl = (env: NodeJS.ProcessEnv): string =>
  env.GITHUB_REPOSITORY ? `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}` : '';

/** The page of this attempt of the run: without the attempt it would show the latest one, which may be another deployment. */
export function runUrl(env: NodeJS.ProcessEnv): string {
  const repository = repositoryUrl(env);
  return repository && env.GITHUB_RUN_ID
    ? `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${attemptOf(env)}`
    : '';
}

/** The page of a job's log, when the id of its check run is known (`job.check_run_id`); else that of the run. */
export const jobUrl = (env: NodeJS.ProcessEnv, checkRunId: string | undefined): string =>
  checkRunId && repositoryUrl(env) && env.GITHUB_RUN_ID
    ? `${repositoryUrl(env)}/actions/runs/${env.GITHUB_RUN_ID}/job/${checkRunId}`
    : runUrl(env);

/** The part of the run's page that shows what a job wrote to its summary; that of the job's log outside of a step. */
export const summaryUrl = (env: NodeJS.ProcessEnv): string =>
  env.GITHUB_STEP_SUMMARY && env.JOB_CHECK_RUN_ID && runUrl(env)
    ? `${runUrl(env)}#summary-${env.JOB_CHECK_RUN_ID}`
    : jobUrl(env, env.JOB_CHECK_RUN_ID);

/** The branch or tag that is deployed; of a pull request its own branch, not the merge commit's ref. */
export const branch = (env: NodeJS.ProcessEnv): string => env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || '';

/** A tag's name, else the beginning of the commit. */
export const version = (env: NodeJS.ProcessEnv): string =>
  env.GITHUB_REF_TYPE === 'tag' ? (env.GITHUB_REF_NAME ?? '') : (env.GITHUB_SHA ?? '').slice(0, 12);

/** A click is manual, a call from outside is a webhook, everything else GitHub started by itself. */
export function triggeredBy(env: NodeJS.ProcessEnv): TriggeredBy {
  const event = env.GITHUB_EVENT_NAME;
  if (!event || event === 'workflow_dispatch') return 'manual';
  return ['repository_dispatch', 'deployment', 'deployment_status', 'status'].includes(event)
    ? 'webhook'
    : 'github_actions';
}

/** Where an event's payload says when it happened, by the name of the event. */
const triggeredAtPaths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // The commit may be days older than the push that brought it.
  push: [
    ['repository', 'pushed_at'],
    ['head_commit', 'timestamp'],
  ],
  workflow_run: [['workflow_run', 'created_at']],
  pull_request: [
    ['pull_request', 'merged_at'],
    ['pull_request', 'updated_at'],
  ],
  pull_request_target: [
    ['pull_request', 'merged_at'],
    ['pull_request', 'updated_at'],
  ],
  release: [
    ['release', 'published_at'],
    ['release', 'created_at'],
  ],
  deployment: [['deployment', 'created_at']],
  deployment_status: [['deployment_status', 'created_at']],
  check_run: [['check_run', 'completed_at']],
  check_suite: [['check_suite', 'updated_at']],
  issue_comment: [['comment', 'created_at']],
};

/** Where an event's payload says when the commit was made that it is about. */
const committedAtPaths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  push: [['head_commit', 'timestamp']],
  workflow_run: [['workflow_run', 'head_commit', 'timestamp']],
  check_suite: [['check_suite', 'head_commit', 'timestamp']],
};

/** The event's payload; undefined outside of GitHub. */
function payloadOf(env: NodeJS.ProcessEnv): unknown {
  if (!env.GITHUB_EVENT_PATH) return undefined;
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
  } catch {
    return undefined;
  }
}
const valueAt = (payload: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], payload);

const messagePaths = [
  ['head_commit', 'message'],
  ['workflow_run', 'head_commit', 'message'],
  ['pull_request', 'title'],
] as const;
/** The commit takes an earlier one back, as `git revert` and GitHub's button word it. */
export function isRevert(env: NodeJS.ProcessEnv): boolean {
  const payload = payloadOf(env);
  return messagePaths.some((path) => isRevertMessage(String(valueAt(payload, path) ?? '')));
}
/** Whether a commit's message is that of git revert. */
export const isRevertMessage = (message: string): boolean => message.startsWith('Revert "');

/** The first moment that the event's payload tells in one of these places, in milliseconds. */
function momentIn(env: NodeJS.ProcessEnv, paths: readonly (readonly string[])[]): number | undefined {
  const payload = payloadOf(env);
  for (const path of paths) {
    const found = valueAt(payload, path);
    const ms = typeof found === 'number' || typeof found === 'string' ? parseTime(String(found)) : undefined;
    if (ms) return ms;
  }
  return undefined;
}

/**
 * When the event happened that caused the run, in milliseconds; undefined when GitHub does not say (a click, a
 * schedule), or when this is a re-run, whose cause is the click on "Re-run" and not the push of long ago.
 */
export const triggeredAt = (env: NodeJS.ProcessEnv): number | undefined =>
  attemptOf(env) > 1 ? undefined : momentIn(env, triggeredAtPaths[env.GITHUB_EVENT_NAME ?? ''] ?? []);

/** When the commit was made that is deployed, in milliseconds, also of a re-run; undefined when GitHub does not say. */
export const committedAt = (env: NodeJS.ProcessEnv): number | undefined =>
  momentIn(env, committedAtPaths[env.GITHUB_EVENT_NAME ?? ''] ?? []);
