import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
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
  annotations(job: number): Promise<readonly WireAnnotation[]>;
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
    default:
      return new EnvironmentFailure(
        `${new URL(url).host} did not give ${what} of ${repository}: ${error.status ?? error.message ?? 'no answer'}.`,
        'What was read is kept; the same command goes on from there.',
      );
  }
}

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as T[]) : []);
const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** Opens a repository. @throws UserError when the name has another shape than `owner/name` */
export function openGitHub(source: GitHubSource): GitHub {
  if (!/^[\w.-]+\/[\w.-]+$/.test(source.repository))
    throw new UserError(`"${source.repository}" is no repository.`, 'Give it as owner/name.');
  let count = 0;
  const octokit = new (Octokit.plugin(throttling, retry))({
    baseUrl: source.url.replace(/\/+$/, ''),
    ...(source.token !== undefined && { auth: source.token }),
    throttle: patience(source.say),
    userAgent: 'deployment-observability',
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  octokit.hook.before('request', () => void count++);
  const repository = `/repos/${source.repository}`;
  const ask = async (what: string, path: string, missing?: unknown): Promise<unknown> => {
    try {
      return (await octokit.request(`GET ${path}`)).data;
    } catch (error) {
      if (missing !== undefined && (error as Failed).status === 404) return missing;
      throw explained(source, what, error as Failed);
    }
  };
  const everyPage = async <T>(
    what: string,
    path: string,
    key?: string,
  ): Promise<readonly T[] | undefined> => {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const data = await ask(
        what,
        `${path}${path.includes('?') ? '&' : '?'}per_page=${perPage}&page=${page}`,
        null,
      );
      if (data === null) return undefined;
      const items = listOf<T>(key === undefined ? data : fieldOf(data, key));
      all.push(...items);
      if (items.length < perPage) return all;
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
        runs: listOf<WireRun>(fieldOf(data, 'workflow_runs')),
      };
    },
    run: async (id) => (await ask(`run ${id}`, `${repository}/actions/runs/${id}`)) as WireRun,
    jobs: (run) => everyPage<WireJob>('jobs', `${repository}/actions/runs/${run}/jobs?filter=all`, 'jobs'),
    annotations: async (job) =>
      (await everyPage<WireAnnotation>('annotations', `${repository}/check-runs/${job}/annotations`)) ?? [],
    workflows: async () =>
      (await everyPage<{ name: string; path: string }>(
        'workflows',
        `${repository}/actions/workflows`,
        'workflows',
      )) ?? [],
    file: async (path) => {
      const data = await ask(`file ${path}`, `${repository}/contents/${path}`, null);
      const content = fieldOf(data, 'content');
      return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : undefined;
    },
  };
}
