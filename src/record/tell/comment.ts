import { codeSpan, oneLine } from '../../lib/sanitize.ts';
import { isRecord, isText } from '../../lib/shapes.ts';
import { type GitHubApi, GitHubFailure } from '../github-api.ts';
import type { DeploymentResult } from '../result/model.ts';
import { address, clock, failures, moment, spaced } from '../result/words.ts';

/** Every user can write it, so that a comment is ours only with our login too. */
const marker = '<!-- deployment-observability: deployments -->';
const permission = 'pull-requests: write';

/** The way of a deployment so far: `queued 13:55 UTC → live since 2026-12-01 14:02 UTC`. */
function way(result: DeploymentResult): string {
  const { outcome, triggered, started, finished, rollback } = result;
  const begun = triggered ?? started;
  const queued = begun === undefined ? [] : [`queued ${clock(begun)}`];
  const at = (seconds: number | undefined): string => (seconds === undefined ? '' : ` ${moment(seconds)}`);
  const end = (): string[] => {
    switch (outcome) {
      case 'running':
        return started === undefined ? [] : [`being deployed since${at(started)}`];
      case 'success':
        return [`live since${at(finished)}`];
      case 'rolled_back': {
        const back = `rolled back${at(rollback?.at ?? finished)}: ${codeSpan(spaced(rollback?.reason ?? 'other'))}`;
        const wasLive = rollback?.at !== undefined && finished !== undefined && rollback.at > finished;
        return wasLive ? [`live since${at(finished)}`, back] : [back];
      }
      case 'failure': {
        const first = failures(result)[0]?.what;
        return [`failed${at(finished)}${first === undefined ? '' : `: ${codeSpan(oneLine(first))}`}`];
      }
      default:
        return [`${outcome}${at(finished)}`];
    }
  };
  return [...queued, ...end()].join(' → ');
}

/** The place of a deployment in a comment: its environment, and when it began, so that no older one replaces it. */
interface Place {
  readonly environment: string;
  readonly started: number;
}
const mark = ({ environment, started }: Place): string =>
  `<!-- at ${encodeURIComponent(environment)} ${Math.floor(started)} -->`;
const placed = /<!-- at (\S+) (\d+) -->$/;

function lineOf(result: DeploymentResult): string {
  const { environment, id, runUrl, version, triggered, started } = result;
  const run = address(runUrl);
  const name = codeSpan(id) || '–';
  const which = run === undefined ? name : `[${name}](${run})`;
  const what = version === '' ? '' : `, version ${codeSpan(version)}`;
  return `- **${codeSpan(environment)}**: ${way(result)} (deployment ${which}${what}) ${mark({ environment, started: started ?? triggered ?? 0 })}`;
}

/**
 * The comment with this deployment in it, one line for each environment; undefined when it says so already, or when it
 * tells of a newer deployment to this environment. Pure.
 */
export function commentWith(before: string | undefined, result: DeploymentResult): string | undefined {
  const line = lineOf(result);
  const [, own, time] = placed.exec(line) ?? [];
  const lines = (before ?? '').split('\n').filter((text) => placed.test(text));
  const others = lines.filter((text) => placed.exec(text)?.[1] !== own);
  const earlier = lines.find((text) => placed.exec(text)?.[1] === own);
  if (earlier === line || Number(placed.exec(earlier ?? '')?.[2] ?? 0) > Number(time)) return undefined;
  const sorted = [...others, line].sort((a, b) =>
    (placed.exec(a)?.[1] ?? '') < (placed.exec(b)?.[1] ?? '') ? -1 : 1,
  );
  return `${marker}\nDeployments of this pull request:\n\n${sorted.join('\n')}\n`;
}

interface Comment {
  readonly id: number;
  readonly body: string;
}

/** Our comments on a pull request, oldest first. */
async function ownComments(github: GitHubApi, pull: number, login: string): Promise<Comment[]> {
  const all = await github.list(`issues/${pull}/comments`, permission);
  return all
    .filter(isRecord)
    .flatMap(({ id, body, user }) =>
      typeof id === 'number' &&
      isText(body) &&
      body.startsWith(marker) &&
      isRecord(user) &&
      user.login === login
        ? [{ id, body }]
        : [],
    )
    .sort((a, b) => a.id - b.id);
}

/** Of two that write at once each looks again: so often at most. */
const mostRounds = 4;

/**
 * Brings the one comment of a pull request up to date. Two that do so at once leave one comment, with what both say.
 * @throws GitHubFailure, HttpFailure
 */
export async function putComment(
  github: GitHubApi,
  pull: number,
  login: string,
  result: DeploymentResult,
): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const [first, ...later] = await ownComments(github, pull, login);
    for (const { id } of later) await remove(github, id);
    const body = commentWith(first?.body, result);
    if (body === undefined) return;
    if (first) await github.change('PATCH', `issues/comments/${first.id}`, { body }, permission);
    else
      await github.change('POST', `issues/${pull}/comments`, { body }, permission, async () =>
        (await ownComments(github, pull, login)).find((comment) => comment.body === body),
      );
  }
}

/** Who deletes second finds nothing. */
async function remove(github: GitHubApi, id: number): Promise<void> {
  try {
    await github.change('DELETE', `issues/comments/${id}`, undefined, permission);
  } catch (error) {
    if (!(error instanceof GitHubFailure && error.status === 404)) throw error;
  }
}
