import type { Pipeline } from '../pipeline/index.ts';

/** A job of a run, as far as its runner is concerned. Times are Unix seconds. */
export interface RunnerJob {
  /** Of the runner that it asked for. */
  readonly labels: readonly string[];
  readonly created?: number;
  readonly started?: number;
  readonly finished?: number;
}

const ran = ({ labels, started }: RunnerJob): boolean => labels.length > 0 && started !== undefined;

/** The longest that a job waited for each runner, seconds: from when it was created until it started. */
export function queuesOf(
  jobs: readonly RunnerJob[],
): { readonly runner: string; readonly seconds: number }[] {
  const longest = new Map<string, number>();
  for (const { labels, created, started = 0 } of jobs.filter(ran)) {
    const runner = labels.join(' ');
    if (created !== undefined && started >= created)
      longest.set(runner, Math.max(longest.get(runner) ?? 0, started - created));
  }
  return [...longest].map(([runner, seconds]) => ({ runner, seconds }));
}

/**
 * Cost of jobs by the list price of their runners: every started minute of each job counts, as GitHub bills. Jobs
 * without a price, or from before it held, are left out.
 */
export function runnerCosts(
  jobs: readonly RunnerJob[],
  { runners }: Pick<Pipeline['cost'], 'runners'>,
): { readonly resource: string; readonly amount: number }[] {
  const minutes = new Map<string, number>();
  for (const { labels, started = 0, finished } of jobs.filter(ran)) {
    const resource = labels.find((label) => Object.hasOwn(runners, label));
    if (resource === undefined || finished === undefined) continue;
    if (started * 1000 < Date.parse(runners[resource]!.since)) continue;
    minutes.set(resource, (minutes.get(resource) ?? 0) + Math.max(1, Math.ceil((finished - started) / 60)));
  }
  return [...minutes].map(([resource, count]) => ({
    resource,
    amount: Number((count * runners[resource]!.perMinute).toFixed(6)),
  }));
}
