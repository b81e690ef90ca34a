import { type FakeRequest, type FakeResponse, json } from '../wire/types.ts';

/** A commit of the main branch, with the numbers of the pull requests that it belongs to. */
export interface FakeCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly pulls?: readonly number[];
}

interface FakePull {
  readonly number: number;
  readonly title: string;
  readonly merged_at: string | null;
  readonly base: { readonly repo: { readonly full_name: string } };
}
interface FakeComment {
  readonly id: number;
  readonly pull: number;
  body: string;
  readonly user: { readonly login: string };
}
interface FakeDeployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly statuses: Record<string, unknown>[];
}

const notFound = json(404, { message: 'Not Found' });
const refused = json(403, { message: 'Resource not accessible by integration' });
const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

function pageOf<T>(items: readonly T[], query: URLSearchParams, usual = 30): T[] {
  const size = Math.min(100, Number(query.get('per_page') ?? usual));
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

/**
 * Commits, pull requests, their comments, and Deployments of one repository. It refuses what GitHub refuses: rights that
 * the token lacks (403), comments on locked conversations (403) and over 65,536 characters (422), Deployments whose
 * checks would be waited for (409), references that do not exist (422), states that there are not and descriptions over
 * 140 characters (422), a comparison with a commit that it does not have (404).
 */
export class FakePulls {
  /** The main branch, oldest first. */
  readonly commits: FakeCommit[] = [];
  readonly pulls = new Map<number, FakePull>();
  readonly locked = new Set<number>();
  readonly comments: FakeComment[] = [];
  readonly deployments: FakeDeployment[] = [];
  readonly permissions = new Set([
    'contents: read',
    'pull-requests: read',
    'pull-requests: write',
    'deployments: write',
  ]);
  /** Whose token it is; a workflow's may not ask. */
  login: string | undefined;
  #ids = 1;

  /** Merges a pull request as one commit. */
  merge(number: number, title: string, repository = 'acme/shop'): string {
    const sha = String(number).padStart(40, 'c');
    this.pulls.set(number, {
      number,
      title,
      merged_at: '2026-11-24T11:50:00Z',
      base: { repo: { full_name: repository } },
    });
    this.commits.push({
      sha,
      parents: this.commits.length === 0 ? [] : [this.commits.at(-1)!.sha],
      message: `${title} (#${number})`,
      pulls: [number],
    });
    return sha;
  }

  answer({ method, query, body }: FakeRequest, rest: string, repository: string): FakeResponse | undefined {
    const data = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    return (
      this.#history(method, rest, query) ??
      this.#comments(method, rest, query, data) ??
      this.#deployments(method, rest, query, data, repository)
    );
  }

  #history(method: string, rest: string, query: URLSearchParams): FakeResponse | undefined {
    if (method !== 'GET') return undefined;
    const [, base, head] = /^\/compare\/(.+)\.\.\.(.+)$/.exec(rest) ?? [];
    if (base !== undefined) {
      if (!this.permissions.has('contents: read')) return refused;
      const at = (sha: string | undefined) => this.commits.findIndex((commit) => commit.sha === sha);
      const [from, to] = [at(base), at(head)];
      if (from === -1 || to === -1) return notFound;
      const between = this.commits.slice(from + 1, to + 1);
      return json(200, {
        status: between.length > 0 ? 'ahead' : 'identical',
        total_commits: between.length,
        commits: pageOf(between, query, 250).map(({ sha, parents, message }) => ({
          sha,
          parents: parents.map((parent) => ({ sha: parent })),
          commit: { message },
        })),
      });
    }
    const [, sha] = /^\/commits\/([0-9a-z]+)\/pulls$/.exec(rest) ?? [];
    if (sha === undefined) return undefined;
    if (!this.permissions.has('pull-requests: read')) return refused;
    const commit = this.commits.find((one) => one.sha === sha);
    if (!commit) return json(422, { message: `No commit found for SHA: ${sha}` });
    return json(
      200,
      pageOf(
        (commit.pulls ?? []).flatMap((number) => this.pulls.get(number) ?? []),
        query,
      ),
    );
  }

  #comments(
    method: string,
    rest: string,
    query: URLSearchParams,
    { body }: Record<string, unknown>,
  ): FakeResponse | undefined {
    const pull = Number(/^\/issues\/(\d+)\/comments$/.exec(rest)?.[1]);
    const id = Number(/^\/issues\/comments\/(\d+)$/.exec(rest)?.[1]);
    if (!pull && !id) return undefined;
    if (method === 'GET')
      return json(
        200,
        pageOf(
          this.comments.filter((c) => c.pull === pull),
          query,
        ),
      );
    if (!this.permissions.has('pull-requests: write')) return refused;
    if (method !== 'DELETE' && (typeof body !== 'string' || body === ''))
      return json(422, { message: 'Validation Failed' });
    if (String(body).length > 65_536) return json(422, { message: 'Body is too long' });
    if (method === 'POST') {
      if (this.locked.has(pull))
        return json(403, { message: 'Unable to create comment because issue is locked.' });
      if (!this.pulls.has(pull)) return notFound;
      const user = { login: this.login ?? 'github-actions[bot]' };
      const comment = { id: this.#ids++, pull, body: String(body), user };
      this.comments.push(comment);
      return json(201, comment);
    }
    const index = this.comments.findIndex((comment) => comment.id === id);
    if (index === -1) return notFound;
    if (method === 'DELETE') {
      this.comments.splice(index, 1);
      return { status: 204, body: '' };
    }
    this.comments[index]!.body = String(body);
    return json(200, this.comments[index]);
  }

  #deployments(
    method: string,
    rest: string,
    query: URLSearchParams,
    data: Record<string, unknown>,
    repository: string,
  ): FakeResponse | undefined {
    const [, id] = /^\/deployments\/(\d+)\/statuses$/.exec(rest) ?? [];
    if (rest !== '/deployments' && id === undefined) return undefined;
    if (!this.permissions.has('deployments: write')) return refused;
    const newest = [...this.deployments].reverse();
    if (rest === '/deployments' && method === 'GET') {
      const asked = newest.filter(
        ({ environment }) => environment === (query.get('environment') ?? environment),
      );
      return json(
        200,
        pageOf(asked, query).map(({ statuses: _, ...deployment }) => deployment),
      );
    }
    if (rest === '/deployments') {
      const { ref, environment = 'production', auto_merge = true, required_contexts, payload = {} } = data;
      if (!this.commits.some(({ sha }) => sha === ref))
        return json(422, { message: `No ref found for: ${ref}` });
      if (auto_merge !== false || !Array.isArray(required_contexts) || required_contexts.length > 0)
        return json(409, { message: 'Conflict: Commit status checks failed.' });
      const made = {
        id: this.#ids++,
        sha: String(ref),
        environment: String(environment),
        payload,
        statuses: [],
      };
      this.deployments.push(made);
      return json(201, { ...made, url: `https://api.github.com/repos/${repository}/deployments/${made.id}` });
    }
    const one = this.deployments.find((deployment) => String(deployment.id) === id);
    if (!one) return notFound;
    if (method === 'GET') return json(200, pageOf([...one.statuses].reverse(), query));
    const { state, description = '', log_url = '' } = data;
    if (!states.includes(String(state))) return json(422, { message: 'Validation Failed' });
    if ([...String(description)].length > 140)
      return json(422, { message: 'description is too long (maximum is 140 characters)' });
    one.statuses.push({ state, description, log_url });
    return json(201, { state, description });
  }
}
