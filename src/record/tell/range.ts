import { isRecord, isText } from '../../lib/shapes.ts';
import { type GitHubApi, pageSize } from '../github-api.ts';

/** A merged pull request. */
export interface MergedPull {
  readonly number: number;
  readonly title: string;
}

/** Commits and pull requests that a deployment brings and the one before did not have. */
export interface Range {
  /** Newest first; no more than are told. */
  readonly pulls: readonly MergedPull[];
  /** Commits that were not looked up: the beginning of the hash, and the first line of the message. */
  readonly rest: readonly string[];
  /** Sentences: what is missing. */
  readonly notes: readonly string[];
}

/** So many pull requests are told, the newest; the rest is listed. */
export const mostPulls = 20;
/** So many commits are asked for their pull requests: some belong to none, some share one. */
const mostLookups = 40;
/** Pages of a hundred commits. */
const mostPages = 5;

interface Commit {
  readonly sha: string;
  readonly parent: string | undefined;
  readonly title: string;
}

function commitOf(data: unknown): Commit[] {
  if (!isRecord(data) || !isText(data.sha)) return [];
  const [parent] = Array.isArray(data.parents) ? (data.parents as unknown[]) : [];
  const message = isRecord(data.commit) && isText(data.commit.message) ? data.commit.message : '';
  return [
    {
      sha: data.sha,
      parent: isRecord(parent) && isText(parent.sha) ? parent.sha : undefined,
      title: message.split('\n')[0] ?? '',
    },
  ];
}

/** The line of first parents from the head: one commit a merge, however many each brought. Newest first. */
function mainLine(commits: readonly Commit[], head: string): Commit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  for (let at = bySha.get(head); at; at = at.parent === undefined ? undefined : bySha.get(at.parent)) {
    line.push(at);
    bySha.delete(at.sha);
  }
  return line;
}

/** The commits since the deployment before; the head alone where that is not known. */
async function commitsSince(
  github: GitHubApi,
  base: string | undefined,
  head: string,
): Promise<{ commits: Commit[]; notes: string[] }> {
  const alone = { sha: head, parent: undefined, title: '' };
  if (base === undefined)
    return {
      commits: [alone],
      notes: ['No earlier deployment that succeeded is known, so only the newest commit was looked at.'],
    };
  const path = `compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}`;
  const permission = 'contents: read';
  const compared = await github.get(path, permission, { per_page: '1' });
  const total = isRecord(compared) ? Number(compared.total_commits) : Number.NaN;
  if (!Number.isFinite(total))
    return {
      commits: [alone],
      notes: [
        `GitHub cannot compare ${base.slice(0, 12)} with ${head.slice(0, 12)}, so only the newest commit was looked at.`,
      ],
    };
  // Oldest first: of a long list the last pages are the newest.
  const last = Math.ceil(total / pageSize);
  const first = Math.max(1, last - mostPages + 1);
  const all: unknown[] = [];
  for (let page = first; page <= last; page++) {
    const part = await github.get(path, permission, { per_page: String(pageSize), page: String(page) });
    if (isRecord(part) && Array.isArray(part.commits)) all.push(...(part.commits as unknown[]));
  }
  const notes = first === 1 ? [] : [`Of ${total} commits the newest ${all.length} were looked at.`];
  return { commits: mainLine(all.flatMap(commitOf), head), notes };
}

async function pullsOf(github: GitHubApi, sha: string): Promise<MergedPull[]> {
  const found = await github.get(`commits/${encodeURIComponent(sha)}/pulls`, 'pull-requests: read');
  return (Array.isArray(found) ? found : []).filter(isRecord).flatMap((pull) => {
    const { number, title, merged_at, base } = pull;
    const of = isRecord(base) && isRecord(base.repo) ? base.repo.full_name : undefined;
    // A commit may stand in a pull request of a fork, too.
    return typeof number === 'number' &&
      merged_at &&
      String(of).toLowerCase() === github.repository.toLowerCase()
      ? [{ number, title: isText(title) ? title : '' }]
      : [];
  });
}

/**
 * The merged pull requests between two deployed commits. Takes at most 46 requests, however many there are.
 * @throws GitHubFailure, HttpFailure
 */
export async function mergedPulls(github: GitHubApi, base: string | undefined, head: string): Promise<Range> {
  const { commits, notes } = await commitsSince(github, base, head);
  const pulls = new Map<number, MergedPull>();
  let lookups = 0;
  const rest: string[] = [];
  for (const { sha, title } of commits) {
    if (pulls.size >= mostPulls || lookups >= mostLookups) {
      rest.push(`${sha.slice(0, 12)} ${title}`.trim());
      continue;
    }
    lookups++;
    for (const pull of await pullsOf(github, sha)) pulls.set(pull.number, pull);
  }
  return { pulls: [...pulls.values()].slice(0, mostPulls), rest, notes };
}
