import { systemClock } from '../lib/clock.ts';
import { EnvironmentFailure } from '../lib/errors.ts';
import { type Answer, HttpClient, serverWords } from '../lib/http.ts';
import { redactor } from '../lib/redact.ts';
import { baseUrl, isLocalHost } from '../lib/url.ts';
import { nodeTransport } from './http.ts';

/** Why GitHub was not asked, or what it refused, as a sentence. */
export class GitHubFailure extends EnvironmentFailure {
  readonly status: number;
  /** True when no other request of this kind can succeed. */
  readonly isFinal: boolean;
  constructor(message: string, status = 0, isFinal = true) {
    super(message);
    this.status = status;
    this.isFinal = isFinal;
  }
}

/** One page of a list, as long as GitHub makes them. */
export const pageSize = 100;

const variable = 'GITHUB_API_URL';

function addressOf(env: NodeJS.ProcessEnv): URL {
  const url = baseUrl(env[variable]?.trim() || 'https://api.github.com', variable);
  if (url.protocol === 'https:' || isLocalHost(url.hostname)) return url;
  throw new GitHubFailure(`${variable} must start with https://, because the token goes there.`);
}

/** GitHub's REST API of one repository. Methods throw GitHubFailure and HttpFailure. */
export class GitHubApi {
  readonly repository: string;
  readonly #client: HttpClient;

  /** @throws GitHubFailure when there is no token or repository */
  constructor(env: NodeJS.ProcessEnv, signal?: AbortSignal) {
    const token = env.GITHUB_TOKEN?.trim();
    const repository = env.GITHUB_REPOSITORY?.trim();
    if (!token || !repository)
      throw new GitHubFailure(
        `${[!token && 'GITHUB_TOKEN', !repository && 'GITHUB_REPOSITORY'].filter(Boolean).join(' and ')} is not set; in a workflow: GITHUB_TOKEN: \${{ github.token }}.`,
      );
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
      throw new GitHubFailure('GITHUB_REPOSITORY is no owner/name.');
    this.repository = repository;
    this.#client = new HttpClient({
      service: 'GitHub',
      base: addressOf(env),
      variable,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'deployment-recorder',
      },
      redact: redactor([token]),
      transport: nodeTransport,
      clock: systemClock,
      timeoutMs: 10_000,
      attempts: 3,
      signal,
    });
  }

  get requests(): number {
    return this.#client.requests;
  }

  /** An object or a list; undefined where there is none. @param permission that the token needs for it */
  async get(path: string, permission: string, query: Record<string, string> = {}): Promise<unknown> {
    const answer = await this.#client.read(this.#path(path), { query });
    return answer.status === 404 ? undefined : this.#accepted(answer, permission);
  }

  /** A list, from all of its pages. @param most pages, of 100 each */
  async list(
    path: string,
    permission: string,
    { key, most = 5, query = {} }: { key?: string; most?: number; query?: Record<string, string> } = {},
  ): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for (let page = 1; page <= most; page++) {
      const answer = await this.get(path, permission, {
        ...query,
        per_page: String(pageSize),
        page: String(page),
      });
      const items = key === undefined ? answer : (answer as Record<string, unknown> | undefined)?.[key];
      if (!Array.isArray(items)) break;
      all.push(...items);
      if (items.length < pageSize) break;
    }
    return all;
  }

  /** The login that belongs to the token; a workflow's token may not ask for it. */
  async login(): Promise<string> {
    const { status, json } = await this.#client.read('user');
    const { login } = (json ?? {}) as { login?: string };
    return status === 200 && login ? login : 'github-actions[bot]';
  }

  /**
   * Changes something.
   * @param isDone looks whether a request whose answer was lost was carried out: its result, else undefined
   */
  async change(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    json: unknown,
    permission: string,
    isDone: () => Promise<unknown> = async () => undefined,
  ): Promise<unknown> {
    return await this.#client.write<unknown>(
      async () =>
        this.#accepted(
          await this.#client.once(method, this.#path(path), {
            ...(json !== undefined && { json }),
            expect: 'anything',
          }),
          permission,
        ) ?? {},
      isDone,
    );
  }

  #path(path: string): string {
    return `repos/${this.repository}/${path}`;
  }

  #accepted(answer: Answer, permission: string): unknown {
    const { status, headers, json } = answer;
    if (status < 300) return json;
    const said = serverWords(answer, this.#client.redact);
    if (headers.get('x-ratelimit-remaining') === '0' || /rate limit/i.test(said))
      throw new GitHubFailure('GitHub allows no more requests for now: run it again later.', status);
    if (status === 401)
      throw new GitHubFailure('GitHub does not accept GITHUB_TOKEN: it is wrong or has expired.', status);
    if (status === 403 && /not accessible/i.test(said))
      throw new GitHubFailure(
        `GITHUB_TOKEN lacks the permission "${permission}": add it to the job's permissions. (A run that a pull request from a fork started never has it.)`,
        status,
      );
    throw new GitHubFailure(`GitHub answered ${status}${said && `: ${said}`}.`, status, false);
  }
}
