import { isRecord, isText } from '../../lib/shapes.ts';
import type { GitHubApi } from '../github-api.ts';
import type { DeploymentResult } from '../result/model.ts';
import { address, inTime, links, verdict } from '../result/words.ts';

const permission = 'deployments: write';
/** GitHub takes no longer description. */
const longest = 140;
/** Of this many earlier deployments GitHub is asked how they ended. */
const mostAsked = 10;

/** A Deployment of GitHub's, which is what the page of an environment lists. */
export interface GitHubDeployment {
  readonly id: number;
  readonly sha: string;
  /** Id under which it is recorded; undefined where the runner made it for a job with an environment. */
  readonly recordedId: string | undefined;
}

const recordedId = (payload: unknown): string | undefined => {
  let data = payload;
  try {
    if (isText(payload)) data = JSON.parse(payload);
  } catch {
    // A text of others.
  }
  return isRecord(data) && isText(data.deployment_id) ? data.deployment_id : undefined;
};

/** The newest Deployments to an environment, newest first. @throws GitHubFailure, HttpFailure */
export async function deploymentsTo(github: GitHubApi, environment: string): Promise<GitHubDeployment[]> {
  const found = await github.list('deployments', permission, { most: 1, query: { environment } });
  return found
    .filter(isRecord)
    .flatMap(({ id, sha, payload }) =>
      typeof id === 'number' && isText(sha) ? [{ id, sha, recordedId: recordedId(payload) }] : [],
    );
}

async function latestStatus(github: GitHubApi, id: number): Promise<Record<string, unknown> | undefined> {
  const statuses = await github.get(`deployments/${id}/statuses`, permission, { per_page: '1' });
  const [latest] = Array.isArray(statuses) ? (statuses as unknown[]) : [];
  return isRecord(latest) ? latest : undefined;
}

/** The commit of the deployment before that succeeded, as far as GitHub knows. */
export async function previousCommit(
  github: GitHubApi,
  deployments: readonly GitHubDeployment[],
  { id }: DeploymentResult,
): Promise<string | undefined> {
  const own = deployments.findIndex((one) => one.recordedId === id);
  const earlier = deployments.slice(own + 1).filter((one) => one.recordedId !== undefined);
  for (const one of earlier.slice(0, mostAsked)) {
    const state = (await latestStatus(github, one.id))?.state;
    // GitHub makes those inactive that a later one replaced.
    if (state === 'success' || state === 'inactive') return one.sha;
  }
  return undefined;
}

const states: Readonly<Record<DeploymentResult['outcome'], string>> = {
  running: 'in_progress',
  success: 'success',
  failure: 'failure',
  rolled_back: 'failure',
  abandoned: 'error',
  cancelled: 'error',
};

/** The Deployment of a recorded one: its own, else the one that the runner made for its commit, else a new one. */
async function deploymentOf(
  github: GitHubApi,
  known: readonly GitHubDeployment[],
  { environment, id, commit }: DeploymentResult,
): Promise<number | undefined> {
  const found =
    known.find((one) => one.recordedId === id) ??
    known.find((one) => one.recordedId === undefined && one.sha === commit);
  if (found) return found.id;
  const made = await github.change(
    'POST',
    'deployments',
    // Nothing is merged or waited for: it is deployed already.
    {
      ref: commit,
      environment,
      auto_merge: false,
      required_contexts: [],
      payload: { deployment_id: id },
    },
    permission,
    async () => (await deploymentsTo(github, environment)).find((one) => one.recordedId === id),
  );
  return isRecord(made) && typeof made.id === 'number' ? made.id : undefined;
}

/** Sets the status of GitHub's Deployment, unless it says so already. @throws GitHubFailure, HttpFailure */
export async function setStatus(
  github: GitHubApi,
  known: readonly GitHubDeployment[],
  result: DeploymentResult,
): Promise<void> {
  const id = await deploymentOf(github, known, result);
  if (id === undefined) return;
  const text = `${verdict(result)}${inTime(result)}`;
  const status = {
    state: states[result.outcome],
    description: [...text].slice(0, longest).join(''),
    log_url: address(result.runUrl) ?? links(result)[0]?.url ?? '',
  };
  const latest = await latestStatus(github, id);
  if (latest?.state === status.state && latest.description === status.description) return;
  await github.change('POST', `deployments/${id}/statuses`, status, permission);
}
