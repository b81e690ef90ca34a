import { createHash } from 'node:crypto';
import type { WireAnnotation, WireJob, WireRun } from '../../../src/import/wire.ts';
import { type FakeRequest, type FakeResponse, type Handler, json } from '../wire/types.ts';
import { FakePulls } from './pulls.ts';

/** A run with everything that GitHub knows of it. */
export interface FakeRun {
  readonly run: WireRun & { readonly path?: string };
  readonly jobs: readonly WireJob[];
  readonly annotations?: Readonly<Record<number, readonly WireAnnotation[]>>;
}

/** Lists end here, as GitHub's do, whatever `total_count` says. */
const mostListed = 1_000;

/**
 * GitHub's REST API as far as histories are read from it. It refuses what GitHub refuses: private repositories without
 * a token (404), annotations to tokens without a right to checks (403), unknown workflows (404), a token that is not valid (401), requests over the limit (403 with the
 * headers of the primary, or `Retry-After` of the secondary limit), pages past the thousandth result, and it forgets
 * runs that were deleted.
 */
export class FakeGitHub {
  readonly runs: FakeRun[] = [];
  readonly files = new Map<string, string>();
  /** Commits, pull requests, comments and Deployments. */
  readonly pulls = new FakePulls();
  workflow = 'deploy.yml';
  repository = 'acme/shop';
  token = 'github_pat_good';
  isPrivate = false;
  /** Fine-grained tokens cannot read the checks of a private repository. */
  mayReadChecks = true;
  /** So many requests are answered before the limit; then it is reset after `resetSeconds`. */
  remaining = Number.POSITIVE_INFINITY;
  resetSeconds = 1;
  /** The next so many requests meet the secondary limit. */
  tooFast = 0;
  /** The next so many requests fail with 502. */
  broken = 0;
  requests = 0;
  notModified = 0;

  readonly handler: Handler = (request) => {
    this.requests++;
    return this.#limits() ?? this.#rights(request) ?? this.#cached(request, this.#route(request));
  };

  #limits(): FakeResponse | undefined {
    if (this.broken > 0) {
      this.broken--;
      return json(502, { message: 'Server Error' });
    }
    if (this.tooFast > 0) {
      this.tooFast--;
      return json(403, { message: 'You have exceeded a secondary rate limit.' }, { 'retry-after': '1' });
    }
    if (this.remaining <= 0) {
      this.remaining = Number.POSITIVE_INFINITY;
      const reset = String(Math.ceil(Date.now() / 1000) + this.resetSeconds);
      const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      return json(403, { message: 'API rate limit exceeded' }, headers);
    }
    this.remaining--;
    return undefined;
  }

  #rights({ headers, path }: FakeRequest): FakeResponse | undefined {
    const given = headers.authorization?.replace(/^(?:token|bearer) /i, '');
    if (given !== undefined && given !== this.token) return json(401, { message: 'Bad credentials' });
    if (path === '/user')
      return this.pulls.login === undefined
        ? json(403, { message: 'Resource not accessible by integration' })
        : json(200, { login: this.pulls.login });
    const known = path.startsWith(`/repos/${this.repository}/`);
    return known && (!this.isPrivate || given !== undefined)
      ? undefined
      : json(404, { message: 'Not Found' });
  }

  #cached(request: FakeRequest, answer: FakeResponse): FakeResponse {
    if (answer.status !== 200) return answer;
    const etag = `"${createHash('sha256').update(String(answer.body)).digest('hex')}"`;
    if (request.headers['if-none-match'] !== etag) return { ...answer, headers: { ...answer.headers, etag } };
    this.notModified++;
    return { status: 304, headers: { etag }, body: '' };
  }

  #route(request: FakeRequest): FakeResponse {
    const { path, query } = request;
    const rest = path.slice(`/repos/${this.repository}`.length);
    const answer = this.pulls.answer(request, rest, this.repository);
    if (answer) return answer;
    const page = {
      size: Math.min(100, Number(query.get('per_page') ?? 30)),
      number: Number(query.get('page') ?? 1),
    };
    const list = (key: string, items: readonly unknown[]): FakeResponse =>
      json(200, { total_count: items.length, [key]: pageOf(items.slice(0, mostListed), page) });
    const found = (id: string | undefined): FakeRun | undefined =>
      this.runs.find(({ run }) => String(run.id) === id);
    const [, workflow] = /^\/actions\/workflows\/([^/]+)\/runs$/.exec(rest) ?? [];
    if (workflow !== undefined) {
      if (decodeURIComponent(workflow) !== this.workflow) return json(404, { message: 'Not Found' });
      return list('workflow_runs', this.#created(query.get('created') ?? ''));
    }
    if (rest === '/actions/workflows')
      return list('workflows', [{ name: 'Deploy', path: `.github/workflows/${this.workflow}` }]);
    const [, jobsOf, attempt] = /^\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?\/jobs$/.exec(rest) ?? [];
    if (jobsOf !== undefined) {
      const one = found(jobsOf);
      if (!one) return json(404, { message: 'Not Found' });
      const asked = Number(attempt ?? one.run.run_attempt ?? 1);
      const jobs =
        query.get('filter') === 'all' ? one.jobs : one.jobs.filter((j) => (j.run_attempt ?? 1) === asked);
      return list('jobs', jobs);
    }
    const [, checkRun] = /^\/check-runs\/(\d+)\/annotations$/.exec(rest) ?? [];
    if (checkRun !== undefined && !this.mayReadChecks)
      return json(403, { message: 'Resource not accessible by personal access token' });
    if (checkRun !== undefined) {
      const all = this.runs.flatMap(({ annotations }) => annotations?.[Number(checkRun)] ?? []);
      return json(200, pageOf(all, page));
    }
    const [, file] = /^\/contents\/(.+)$/.exec(rest) ?? [];
    const text = file === undefined ? undefined : this.files.get(file);
    return text === undefined
      ? json(404, { message: 'Not Found' })
      : json(200, { content: Buffer.from(text).toString('base64'), encoding: 'base64' });
  }

  /** Newest first, as GitHub lists them. */
  #created(span: string): WireRun[] {
    const [from = '', to = ''] = span.split('..').map((time) => Date.parse(time));
    return this.runs
      .map(({ run }) => run)
      .filter(
        ({ created_at = '' }) =>
          Date.parse(created_at) >= Number(from) && Date.parse(created_at) <= Number(to),
      )
      .sort((a, b) => Date.parse(b.created_at ?? '') - Date.parse(a.created_at ?? ''));
  }
}

const pageOf = <T>(items: readonly T[], { size, number }: { size: number; number: number }): T[] =>
  items.slice((number - 1) * size, number * size);
