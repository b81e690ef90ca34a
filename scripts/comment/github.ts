import { EnvironmentFailure } from '../lib/errors.ts';
import { reason } from '../lib/prometheus.ts';
import { joinUrl } from '../lib/url.ts';
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
}

/** A refusal that means: this token may read only (a pull request from a fork). */
export class ReadOnly extends Error {}

async function ask<T>(
  pull: PullRequest,
  method: string,
  path: string,
  body?: unknown,
  query?: Record<string, string>,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(joinUrl(pull.api, path, query), {
      method,
      headers: {
        authorization: `Bearer ${pull.token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new EnvironmentFailure(`GitHub cannot be reached: ${reason(error)}.`, 'the comment');
  }
  if (response.status === 403 || response.status === 404)
    throw new ReadOnly(`GitHub answered ${response.status}`);
  if (!response.ok)
    throw new EnvironmentFailure(`GitHub answered ${response.status} to ${method} ${path}.`, 'the comment');
  return (await response.json()) as T;
}

const pageSize = 100;

/** Our own comment on the pull request, whoever wrote it with our marker; pages are read until it is found. */
async function ownComment(pull: PullRequest): Promise<Comment | undefined> {
  for (let page = 1; ; page++) {
    const path = `repos/${pull.repository}/issues/${pull.number}/comments`;
    const comments = await ask<Comment[]>(pull, 'GET', path, undefined, {
      per_page: String(pageSize),
      page: String(page),
    });
    const own = comments.find((c) => c.body?.startsWith(marker));
    if (own || comments.length < pageSize) return own;
  }
}

/**
 * Writes the one comment: updates it where it exists, else creates it. Running it twice makes no second one.
 * @throws ReadOnly when the token may not write
 */
export async function putComment(
  pull: PullRequest,
  body: string,
): Promise<'created' | 'updated' | 'unchanged'> {
  const own = await ownComment(pull);
  if (own?.body === body) return 'unchanged';
  if (own) {
    await ask(pull, 'PATCH', `repos/${pull.repository}/issues/comments/${own.id}`, { body });
    return 'updated';
  }
  await ask(pull, 'POST', `repos/${pull.repository}/issues/${pull.number}/comments`, { body });
  return 'created';
}
