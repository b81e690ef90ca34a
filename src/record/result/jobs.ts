import { isRecord } from '../../lib/shapes.ts';
import type { Outcome } from '../../metrics/index.ts';
import { defaultDeploymentId, runUrl, version } from '../github.ts';
import { GitHubApi, GitHubFailure } from '../github-api.ts';
import type { RunnerJob } from '../runners.ts';
import type { DeploymentKey } from '../verb.ts';
import type { DeploymentResult, StageResult } from './model.ts';
import { resultOf } from './result.ts';

const secondsOf = (time: unknown): number | undefined => {
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 ? ms / 1000 : undefined;
};

/** How GitHub's conclusions read as statuses of a stage. */
const statuses: Readonly<Record<string, string>> = {
  success: 'success',
  neutral: 'success',
  skipped: 'skipped',
  cancelled: 'cancelled',
  failure: 'failure',
  timed_out: 'failure',
  startup_failure: 'failure',
};

/** A job as a stage; of one that failed the link leads to the step that did. */
function stageOf(job: Readonly<Record<string, unknown>>): StageResult {
  const steps = Array.isArray(job.steps) ? job.steps.filter(isRecord) : [];
  const failed = steps.find(({ conclusion }) => conclusion === 'failure');
  const url = typeof job.html_url === 'string' ? job.html_url : undefined;
  const started = secondsOf(job.started_at);
  const finished = secondsOf(job.completed_at);
  return {
    name: String(job.name ?? ''),
    status: statuses[String(job.conclusion ?? '')] ?? 'running',
    ...(started !== undefined && { started }),
    ...(finished !== undefined && { finished }),
    ...(url !== undefined && { logUrl: failed ? `${url}#step:${Number(failed.number)}:1` : url }),
    ...(failed && { error: { type: 'command_failed', message: `step "${String(failed.name)}" failed` } }),
  };
}

/** The jobs of the run that asks. @throws GitHubFailure, HttpFailure */
async function jobsOfRun(
  deployment: DeploymentKey,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if (defaultDeploymentId(env) !== deployment.deployment_id)
    throw new GitHubFailure(
      `GitHub tells the jobs of a run to that run: DEPLOYMENT_ID "${deployment.deployment_id}" is not the id of this one. Leave it unset in GitHub Actions.`,
    );
  const github = new GitHubApi(env, signal);
  const run = `actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT || '1'}`;
  return (await github.list(`${run}/jobs`, 'actions: read', { key: 'jobs', most: 3 })).filter(isRecord);
}

/** The same jobs with their runners; those that go on count until now. Those of an earlier attempt are left out. */
export async function runnerJobs(
  deployment: DeploymentKey,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<RunnerJob[]> {
  return (await jobsOfRun(deployment, env)).flatMap((job): RunnerJob[] => {
    const [created, started] = [secondsOf(job.created_at), secondsOf(job.started_at)];
    // GitHub lists what succeeded in an earlier attempt again, created anew and started then.
    if (started === undefined || (created !== undefined && started < created)) return [];
    const labels = Array.isArray(job.labels) ? job.labels.filter((one) => typeof one === 'string') : [];
    return [
      {
        labels,
        started,
        finished: secondsOf(job.completed_at) ?? now,
        ...(created !== undefined && { created }),
      },
    ];
  });
}

/**
 * The result as far as GitHub's own jobs tell it, for a deployment that is the current run.
 * @param outcome as the caller knows it
 * @throws GitHubFailure, HttpFailure
 */
export async function resultOfJobs(
  deployment: DeploymentKey,
  outcome: Outcome,
  env: NodeJS.ProcessEnv,
  unknown: readonly string[],
  signal?: AbortSignal,
): Promise<DeploymentResult> {
  const jobs = await jobsOfRun(deployment, env, signal);
  // The job that asks is not over, and is none of the deployment's.
  const stages = jobs
    .filter((job) => job.status === 'completed' || String(job.id) !== env.JOB_CHECK_RUN_ID)
    .map(stageOf)
    .filter(({ finished }) => finished !== undefined);
  const times = (pick: (stage: StageResult) => number | undefined): number[] =>
    stages.flatMap((stage) => pick(stage) ?? []);
  const started = times((stage) => stage.started);
  const finished = times((stage) => stage.finished);
  return {
    ...resultOf(deployment, []),
    outcome,
    ...(started.length > 0 && { started: Math.min(...started) }),
    ...(finished.length > 0 && { finished: Math.max(...finished) }),
    version: version(env),
    commit: env.GITHUB_SHA ?? '',
    actor: env.GITHUB_ACTOR ?? '',
    branch: env.GITHUB_REF_NAME ?? '',
    runUrl: runUrl(env),
    stages: stages.sort((a, b) => (a.started ?? 0) - (b.started ?? 0)),
    unknown,
  };
}
