import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { isRecord } from '../lib/shapes.ts';
import { baseUrl, isLocalHost } from '../lib/url.ts';
import type { WireAnnotation, WireJob, WireRun } from './wire.ts';

/** One page of a list, as long as GitHub makes them. */
const perPage = 100;

/** Where history is read from. */
export interface GitHubSource {
  /** `https://api.github.com`, or that of an own server. */
  readonly url: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Without one, only public repositories, 60 requests an hour. */
  readonly token?: string;
  /** Commentary: how long it waits, and for what. */
  readonly say: (text: string) => void;
}

/** Runs, jobs and annotations of one repository. Counts its requests. */
export interface GitHub {
  requests(): number;
  /** Runs that were created within a span, newest first, with how many there are: GitHub gives no more than 1,000. */
  runs(workflow: string, created: string, page: number): Promise<{ total: number; runs: readonly WireRun[] }>;
  run(id: number): Promise<WireRun>;
  /** The jobs of all attempts; undefined for a run that was deleted meanwhile. */
  jobs(run: number): Promise<readonly WireJob[] | undefined>;
  /** Remarks on a job; undefined when the token may not read them, which is said once. */
  annotations(job: number): Promise<readonly WireAnnotation[] | undefined>;
  /** Names and paths of all workflows. */
  workflows(): Promise<readonly { readonly name: string; readonly path: string }[]>;
  /** The text of a file on the default branch; undefined where there is none, or it may not be read. */
  file(path: string): Promise<string | undefined>;
}

interface Failed {
  readonly status?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: Readonly<Record<string, string>>; readonly data?: unknown };
}

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;

/** Waits as long as GitHub says, and tells so; the work goes on where it was. */
function patience(say: (text: string) => void) {
  const wait =
    (why: string) =>
    (retryAfter: number, _options: object, _octokit: unknown, tries: number): boolean => {
      say(`GitHub ${why}: waiting ${minutes(retryAfter)}.`);
      return tries < 3;
    };
  return {
    onRateLimit: wait('allows no more requests for now'),
    onSecondaryRateLimit: wait('asks for fewer requests at a time'),
  };
}

const keptNote =
  'The history was not read to its end. What was read is kept; the same command goes on from there.';

/** The failure of a request as a sentence. */
function explained({ repository, token, url }: GitHubSource, what: string, error: Failed): Error {
  const by = token === undefined ? 'without GITHUB_TOKEN' : 'with this GITHUB_TOKEN';
  switch (error.status) {
    case 401:
      return new UserError(
        `${new URL(url).host} does not take GITHUB_TOKEN (401).`,
        'Make a new one, or leave it away for a public repository.',
      );
    case 403:
    case 429:
      return new UserError(
        `${what} of ${repository} may not be read ${by} (${error.status}).`,
        'A fine-grained token needs "Actions: read"; when the limit is used up, come back in an hour: what was read is kept.',
      );
    case 404:
      return new UserError(
        `There is no ${what} of ${repository}, or it may not be seen ${by} (404).`,
        'Check the name; a private repository needs GITHUB_TOKEN with "Actions: read".',
      );
    default: {
      // A failed connection looks like a status of 500 without a response.
      const why = error.response === undefined ? error.message?.replace(/\.$/, '') : error.status;
      return new EnvironmentFailure(
        `${new URL(url).host} did not give ${what} of ${repository}: ${why ?? 'no answer'}.`,
        keptNote,
      );
    }
  }
}

const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** The items of a list that have the shape of one. @throws EnvironmentFailure when it is no list: a page to sign in, a proxy's */
function listOf<T>({ url }: GitHubSource, what: string, value: unknown): readonly T[] {
  if (Array.isArray(value)) return value.filter(isRecord) as T[];
  throw new EnvironmentFailure(
    `${new URL(url).host} answered with something else than a list of ${what}.`,
    'No history was read. Check GITHUB_API_URL, and what stands between.',
  );
}

/** Requests beyond a limit are refused with 403 as well. */
const isLimit = ({ response }: Failed): boolean =>
  response?.headers?.['x-ratelimit-remaining'] === '0' || response?.headers?.['retry-after'] !== undefined;

const noReasons =
  'Why jobs failed may not be read: that takes "checks: read" in a workflow, or a classic token with "repo" (fine-grained tokens cannot). They are read without their messages.';

/** Where the API is: the token goes there, so it is https unless it is this machine. */
function apiOf(url: string): string {
  const base = baseUrl(url, 'GITHUB_API_URL');
  if (base.protocol !== 'https:' && !isLocalHost(base.hostname))
    throw new UserError(
      'GITHUB_API_URL must start with https://, because the token goes there.',
      'http:// only reaches this machine.',
    );
  return base.href.replace(/\/+$/, '');
}

/** `owner/name` of an address as it is copied. @throws UserError when it is none */
export function repositoryOf(text: string): string {
  const name = text.replace(/^(?:https?:\/\/[^/]+\/|git@[^:]+:)/, '').replace(/(?:\.git)?\/*$/, '');
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new UserError(`"${text}" is no repository.`, 'Give it as owner/name.');
}

/** Opens a repository. @throws UserError when the address is none */
export function openGitHub(source: GitHubSource): GitHub {
  let count = 0;
  let mayReadChecks = true;
  const octokit = new (Octokit.plugin(throttling, retry))({
    baseUrl: apiOf(source.url),
    ...(source.token !== undefined && { auth: source.token }),
    throttle: patience(source.say),
    userAgent: 'deployment-observability',
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  octokit.hook.before('request', () => void count++);
  const repository = `/repos/${source.repository}`;
  /** @param optional statuses with which there is nothing, and no failure */
  const ask = async (what: string, path: string, optional: readonly number[] = []): Promise<unknown> => {
    try {
      return (await octokit.request(`GET ${path}`)).data;
    } catch (error) {
      const failed = error as Failed;
      if (optional.includes(failed.status ?? 0) && !isLimit(failed)) return null;
      throw explained(source, what, failed);
    }
  };
  const everyPage = async <T>(
    what: string,
    path: string,
    key?: string,
    optional: readonly number[] = [404],
  ): Promise<readonly T[] | undefined> => {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const data = await ask(
        what,
        `${path}${path.includes('?') ? '&' : '?'}per_page=${perPage}&page=${page}`,
        optional,
      );
      if (data === null) return undefined;
      const items = key === undefined ? data : fieldOf(data, key);
      all.push(...listOf<T>(source, what, items));
      if ((items as unknown[]).length < perPage) return all;
    }
  };
  return {
    requests: () => count,
    runs: async (workflow, created, page) => {
      const query = `created=${encodeURIComponent(created)}&per_page=${perPage}&page=${page}`;
      const data = await ask(
        `workflow ${workflow}`,
        `${repository}/actions/workflows/${encodeURIComponent(workflow)}/runs?${query}`,
      );
      const total = fieldOf(data, 'total_count');
      return {
        total: typeof total === 'number' ? total : 0,
        runs: listOf<WireRun>(source, 'runs', fieldOf(data, 'workflow_runs')),
      };
    },
    run: async (id) => (await ask(`run ${id}`, `${repository}/actions/runs/${id}`)) as WireRun,
    jobs: (run) => everyPage<WireJob>('jobs', `${repository}/actions/runs/${run}/jobs?filter=all`, 'jobs'),
    annotations: async (job) => {
      if (!mayReadChecks) return undefined;
      const path = `${repository}/check-runs/${job}/annotations`;
      const found = await everyPage<WireAnnotation>('annotations', path, undefined, [403, 404]);
      if (found === undefined && mayReadChecks) source.say(noReasons);
      mayReadChecks = found !== undefined;
      return found;
    },
    workflows: async () =>
      (await everyPage<{ name: string; path: string }>(
        'workflows',
        `${repository}/actions/workflows`,
        'workflows',
      )) ?? [],
    file: async (path) => {
      const data = await ask(`file ${path}`, `${repository}/contents/${path}`, [403, 404]);
      const content = fieldOf(data, 'content');
      return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : undefined;
    },
  };
}
