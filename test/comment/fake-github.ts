import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface FakeComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** A GitHub that knows the comments of pull request 7 in relay/relay, pages them, and answers nothing else. */
export interface FakeGitHub {
  readonly url: string;
  readonly comments: FakeComment[];
  /** Blobs, trees, commits and branches that were made. */
  readonly git: FakeGit;
  readonly requests: string[];
  stop(): Promise<void>;
}

/** Git's objects as far as pictures need them; what names an object that is not there is refused. */
class FakeGit {
  readonly objects = new Map<string, unknown>();
  /** Commits by branch. */
  readonly branches = new Map<string, string>();

  #store(object: unknown): Answer {
    const sha = createHash('sha1').update(JSON.stringify(object)).digest('hex');
    this.objects.set(sha, object);
    return { status: 201, body: { sha } };
  }

  /** Contents of the files of a branch, by path; base64. */
  files(branch: string): Record<string, string> {
    const commit = this.objects.get(this.branches.get(branch) ?? '') as { tree: string };
    const tree = this.objects.get(commit.tree) as { path: string; sha: string }[];
    return Object.fromEntries(tree.map(({ path, sha }) => [path, this.objects.get(sha) as string]));
  }

  answer(method: string, path: string, sent: Record<string, unknown>): Answer {
    const invalid: Answer = { status: 422, body: { message: 'Reference does not exist' } };
    const missing = (sha: unknown): boolean => !this.objects.has(String(sha));
    const branch = /^refs\/(heads\/.+)$/.exec(path)?.[1];
    if (method === 'PATCH' && branch !== undefined) {
      if (!this.branches.has(branch) || missing(sent.sha) || sent.force !== true) return invalid;
      this.branches.set(branch, String(sent.sha));
      return { status: 200, body: {} };
    }
    switch (method === 'POST' ? path : '') {
      case 'blobs':
        return sent.encoding === 'base64' ? this.#store(sent.content) : invalid;
      case 'trees': {
        const tree = sent.tree as { sha: string; mode: string }[];
        return tree.some((one) => missing(one.sha) || one.mode !== '100644') ? invalid : this.#store(tree);
      }
      case 'commits':
        return missing(sent.tree) ? invalid : this.#store({ tree: sent.tree, parents: sent.parents });
      case 'refs': {
        const name = String(sent.ref).replace('refs/', '');
        if (this.branches.has(name) || missing(sent.sha)) return invalid;
        this.branches.set(name, String(sent.sha));
        return { status: 201, body: {} };
      }
      default:
        return notFound;
    }
  }
}

/** Every answer of that status to requests of these methods, with GitHub's words. */
interface Refusal {
  readonly methods: readonly string[];
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** GitHub's answer to a write with the token of a pull request from a fork. */
export const readOnly: Refusal = {
  methods: ['POST', 'PATCH'],
  status: 403,
  message: 'Resource not accessible by integration',
};

interface Options {
  readonly refuse?: Refusal;
  readonly comments?: readonly { readonly body: string; readonly login: string }[];
  /** Whose token it is; without one it is a workflow's, which may not ask who it is. */
  readonly login?: string;
  /** Answers 502 to so many writes at first; `lost` carries them out all the same. */
  readonly broken?: { readonly writes: number; readonly lost: boolean };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const badGateway: Answer = { status: 502, body: { message: 'Bad gateway' } };
const workflow = 'github-actions[bot]';
const list = '/repos/relay/relay/issues/7/comments';
const one = /^\/repos\/relay\/relay\/issues\/comments\/(\d+)$/;
const notFound: Answer = { status: 404, body: { message: 'Not Found' } };

function answer(
  { method = '', headers }: IncomingMessage,
  url: URL,
  text: string,
  comments: FakeComment[],
  git: FakeGit,
  { refuse, login }: Options,
): Answer {
  if (headers.authorization !== 'Bearer secret') return { status: 401, body: { message: 'Bad credentials' } };
  const isUser = method === 'GET' && url.pathname === '/user';
  if (refuse?.methods.includes(method) && !isUser)
    return { status: refuse.status, body: { message: refuse.message }, headers: refuse.headers ?? {} };
  if (isUser)
    return login ? { status: 200, body: { login } } : { status: 403, body: { message: readOnly.message } };
  if (method === 'GET' && url.pathname === list) {
    const [page, size] = ['page', 'per_page'].map((name) => Number(url.searchParams.get(name) ?? 30));
    return { status: 200, body: comments.slice((page! - 1) * size!, page! * size!) };
  }
  const path = /^\/repos\/relay\/relay\/git\/(.+)$/.exec(url.pathname)?.[1];
  if (path !== undefined) return git.answer(method, path, JSON.parse(text || '{}'));
  const { body } = JSON.parse(text || '{}') as { body?: string };
  if (body !== undefined && body.length > 65_536)
    return { status: 422, body: { message: 'Body is too long' } };
  if (method === 'POST' && url.pathname === list) {
    const comment = { id: comments.length + 1, body: body ?? '', user: { login: login ?? workflow } };
    comments.push(comment);
    return { status: 201, body: comment };
  }
  const comment = comments.find((c) => String(c.id) === one.exec(url.pathname)?.[1]);
  if (method !== 'PATCH' || !comment) return notFound;
  comment.body = body ?? '';
  return { status: 200, body: comment };
}

/** Starts a fake GitHub. */
export async function fakeGitHub(options: Options = {}): Promise<FakeGitHub> {
  const comments: FakeComment[] = (options.comments ?? []).map(({ body, login }, index) => ({
    id: index + 1,
    body,
    user: { login },
  }));
  const requests: string[] = [];
  const git = new FakeGit();
  let writes = 0;
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://github');
    requests.push(`${request.method} ${url.pathname}`);
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method = '' } = request;
    const fails = method !== 'GET' && ++writes <= (options.broken?.writes ?? 0);
    const { status, body, headers }: Answer =
      fails && !options.broken?.lost
        ? badGateway
        : { ...answer(request, url, text, comments, git, options), ...(fails && badGateway) };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    git,
    requests,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
