import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, HttpClient, HttpFailure } from '../../lib/http.ts';
import { redactor } from '../../lib/redact.ts';
import { marker } from './body.ts';
import type { Picture } from './inline.ts';

/** A pull request, and how GitHub is asked. */
export interface PullRequest {
  readonly api: URL;
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login?: string } | null;
}

/** A refusal to write that means: this token may read only (a pull request from a fork). */
export class ReadOnly extends Error {}

/** GitHub's own words for a token that has no right to something. */
const notPermitted = /resource not accessible/i;

const notDone = 'the comment';

const clientOf = ({ api, token }: PullRequest): HttpClient =>
  new HttpClient({
    service: 'GitHub',
    base: api,
    variable: 'GITHUB_API_URL',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    redact: redactor([token]),
    timeoutMs: 20_000,
  });

const messageOf = ({ json }: Answer): string => (json as { message?: string } | undefined)?.message ?? '';

/** GitHub's refusal as a sentence with the fix. */
function refusal(answer: Answer, pull: PullRequest, method: string, path: string): EnvironmentFailure {
  const { status, headers } = answer;
  const said = messageOf(answer);
  const say = (sentence: string): EnvironmentFailure => new EnvironmentFailure(sentence, notDone);
  if (headers.get('x-ratelimit-remaining') === '0' || /rate limit/i.test(said))
    return say('GitHub’s rate limit is used up. Run the job again later.');
  if (status === 401) return say('GitHub does not accept GITHUB_TOKEN: it is wrong or has expired.');
  if (status === 404)
    return say(
      `GitHub shows this token no pull request ${pull.number} in ${pull.repository}: check --pull, GITHUB_REPOSITORY and what the token may read.`,
    );
  return say(`GitHub answered ${status} to ${method} ${path}${said ? `: ${said}` : ''}.`);
}

/** An answer's JSON. @throws ReadOnly, EnvironmentFailure when GitHub refuses */
function accepted<T>(answer: Answer, pull: PullRequest, method: string, path: string): T {
  if (answer.status < 300) return answer.json as T;
  if (method !== 'GET' && answer.status === 403 && notPermitted.test(messageOf(answer)))
    throw new ReadOnly(messageOf(answer));
  throw refusal(answer, pull, method, path);
}

/** Login of a workflow's token; GitHub gives it to no other user. */
const workflow = 'github-actions[bot]';

/** The login that belongs to the token; a workflow's token may not ask for it. */
async function identity(github: HttpClient): Promise<string> {
  const { status, json } = await github.read('user');
  const { login } = (json ?? {}) as { login?: string };
  return status === 200 && login ? login : workflow;
}

const pageSize = 100;

/** Our own comment on the pull request: with our marker and our login, because every user can write the marker. */
async function ownComment(github: HttpClient, pull: PullRequest): Promise<Comment | undefined> {
  const login = await identity(github);
  const path = commentsPath(pull);
  for (let page = 1; ; page++) {
    const answer = await github.read(path, { query: { per_page: String(pageSize), page: String(page) } });
    const comments = accepted<Comment[]>(answer, pull, 'GET', path);
    const own = comments.find((c) => c.user?.login === login && c.body?.startsWith(marker));
    if (own || comments.length < pageSize) return own;
  }
}

const commentsPath = ({ repository, number }: PullRequest): string =>
  `repos/${repository}/issues/${number}/comments`;

async function put(
  github: HttpClient,
  pull: PullRequest,
  body: string,
): Promise<'created' | 'updated' | 'unchanged'> {
  const own = await ownComment(github, pull);
  if (own?.body === body) return 'unchanged';
  const [method, path] = own
    ? ['PATCH', `repos/${pull.repository}/issues/comments/${own.id}`]
    : ['POST', commentsPath(pull)];
  return await github.write(
    async () => {
      accepted(await github.once(method, path, { json: { body } }), pull, method, path);
      return own ? 'updated' : 'created';
    },
    async () => ((await ownComment(github, pull))?.body === body ? (own ? 'updated' : 'created') : undefined),
  );
}

/**
 * Writes the one comment: updates it where it exists, else creates it. Running it twice makes no second one.
 * @throws ReadOnly when GitHub refuses to write because the token may only read; EnvironmentFailure
 */
export async function putComment(
  pull: PullRequest,
  body: string,
): Promise<'created' | 'updated' | 'unchanged'> {
  try {
    return await put(clientOf(pull), pull, body);
  } catch (error) {
    if (error instanceof HttpFailure) throw new EnvironmentFailure(error.message, notDone);
    throw error;
  }
}

/**
 * Puts pictures on a branch of their own, `review-pictures/pull-N`, as one commit without a past: it replaces those of
 * before, and nothing grows.
 * @param site GitHub's address as people see it
 * @returns an address for each, which shows it to all who may see the repository
 * @throws ReadOnly when the token may not write contents; EnvironmentFailure
 */
export async function uploadPictures(
  pull: PullRequest,
  pictures: readonly Picture[],
  site: string,
): Promise<string[]> {
  const github = clientOf(pull);
  const base = `repos/${pull.repository}/git`;
  // Equal content has an equal hash, so that sending a request again changes nothing.
  const send = async (method: string, path: string, json: unknown): Promise<Answer> =>
    await github.write(
      () => github.once(method, path, { json }),
      async () => undefined,
    );
  const make = async (path: string, json: unknown): Promise<string> =>
    accepted<{ sha: string }>(await send('POST', path, json), pull, 'POST', path).sha;
  const tree: object[] = [];
  for (const { uid, bytes } of pictures) {
    const blob = { content: bytes.toString('base64'), encoding: 'base64' };
    const sha = await make(`${base}/blobs`, blob);
    tree.push({ path: `${uid}.png`, mode: '100644', type: 'blob', sha });
  }
  const commit = await make(`${base}/commits`, {
    message: `Pictures of pull request ${pull.number}`,
    tree: await make(`${base}/trees`, { tree }),
    parents: [],
  });
  const branch = `heads/review-pictures/pull-${pull.number}`;
  const moved = await send('PATCH', `${base}/refs/${branch}`, { sha: commit, force: true });
  // GitHub answers 422 where the branch is not there.
  if (moved.status === 404 || moved.status === 422) {
    const ref = { ref: `refs/${branch}`, sha: commit };
    accepted(await send('POST', `${base}/refs`, ref), pull, 'POST', `${base}/refs`);
  } else accepted(moved, pull, 'PATCH', `${base}/refs/${branch}`);
  return pictures.map(({ uid }) => `${site}/${pull.repository}/blob/${commit}/${uid}.png?raw=true`);
}
