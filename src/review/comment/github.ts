import { EnvironmentFailure } from '../../lib/errors.ts';
import { reason } from '../../lib/prometheus.ts';
import { joinUrl } from '../../lib/url.ts';
import { marker } from './body.ts';

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

interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly body: unknown;
  readonly headers: Headers;
}

async function send(
  pull: PullRequest,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly query?: Record<string, string> } = {},
): Promise<Answer> {
  try {
    const response = await fetch(joinUrl(pull.api, path, options.query), {
      method,
      headers: {
        authorization: `Bearer ${pull.token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, ok: response.ok, body: parsed(text), headers: response.headers };
  } catch (error) {
    throw new EnvironmentFailure(`GitHub cannot be reached: ${reason(error)}.`, 'the comment');
  }
}

/** An answer's JSON; undefined where a proxy answered something else. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const messageOf = ({ body }: Answer): string => (body as { message?: string } | undefined)?.message ?? '';

/** Why GitHub refused, in words that say what to mend. */
function refusal(answer: Answer, pull: PullRequest, method: string, path: string): EnvironmentFailure {
  const { status, headers } = answer;
  const said = messageOf(answer);
  const say = (sentence: string): EnvironmentFailure => new EnvironmentFailure(sentence, 'the comment');
  if (status === 429 || headers.get('x-ratelimit-remaining') === '0' || /rate limit/i.test(said))
    return say('GitHub’s rate limit is used up. Run the job again later.');
  if (status === 401) return say('GitHub does not accept GITHUB_TOKEN: it is wrong or has expired.');
  if (status === 404)
    return say(
      `GitHub shows this token no pull request ${pull.number} in ${pull.repository}: check --pull, GITHUB_REPOSITORY and what the token may read.`,
    );
  return say(`GitHub answered ${status} to ${method} ${path}${said ? `: ${said}` : ''}.`);
}

async function ask<T>(
  pull: PullRequest,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly query?: Record<string, string> } = {},
): Promise<T> {
  const answer = await send(pull, method, path, options);
  if (answer.ok && answer.body !== undefined) return answer.body as T;
  if (method !== 'GET' && answer.status === 403 && notPermitted.test(messageOf(answer)))
    throw new ReadOnly(messageOf(answer));
  throw refusal(answer, pull, method, path);
}

/** Who writes with the token of a workflow. GitHub gives that name to nobody else. */
const workflow = 'github-actions[bot]';

/** Who writes with this token. The token of a workflow may not ask that. */
async function identity(pull: PullRequest): Promise<string> {
  const answer = await send(pull, 'GET', 'user');
  const { login } = (answer.body ?? {}) as { login?: string };
  return answer.ok && login ? login : workflow;
}

const pageSize = 100;

/** Our own comment on the pull request: with our marker, and written by us. Anybody can write the marker. */
async function ownComment(pull: PullRequest): Promise<Comment | undefined> {
  const login = await identity(pull);
  const path = `repos/${pull.repository}/issues/${pull.number}/comments`;
  for (let page = 1; ; page++) {
    const comments = await ask<Comment[]>(pull, 'GET', path, {
      query: { per_page: String(pageSize), page: String(page) },
    });
    const own = comments.find((c) => c.user?.login === login && c.body?.startsWith(marker));
    if (own || comments.length < pageSize) return own;
  }
}

/**
 * Writes the one comment: updates it where it exists, else creates it. Running it twice makes no second one.
 * @throws ReadOnly when GitHub refuses to write because the token may only read
 */
export async function putComment(
  pull: PullRequest,
  body: string,
): Promise<'created' | 'updated' | 'unchanged'> {
  const own = await ownComment(pull);
  if (own?.body === body) return 'unchanged';
  if (own) {
    await ask(pull, 'PATCH', `repos/${pull.repository}/issues/comments/${own.id}`, { body: { body } });
    return 'updated';
  }
  await ask(pull, 'POST', `repos/${pull.repository}/issues/${pull.number}/comments`, { body: { body } });
  return 'created';
}
