import type { RunCache } from './cache.ts';
import type { GitHub } from './github.ts';
import type { FetchedRun, WireAnnotation, WireJob, WireRun } from './wire.ts';

/** Runs that are read side by side: GitHub asks for no more than some at once. */
const atOnce = 8;

/** A list of runs ends here, however many there are. */
const mostListed = 1_000;

/** Unix seconds, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How far the reading is. */
export interface Progress {
  readonly runs: number;
  readonly of: number;
  readonly requests: number;
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const created = ({ from, to }: Span): string => `${iso(from)}..${iso(to)}`;

/** Every run that was created within a span, oldest first: a span with too many of them is halved. */
export async function listRuns(github: GitHub, workflow: string, span: Span): Promise<WireRun[]> {
  const first = await github.runs(workflow, created(span), 1);
  if (first.total >= mostListed && span.to > span.from) {
    const middle = Math.floor((span.from + span.to) / 2);
    return [
      ...(await listRuns(github, workflow, { from: span.from, to: middle })),
      ...(await listRuns(github, workflow, { from: middle + 1, to: span.to })),
    ];
  }
  const found = [...first.runs];
  for (let page = 2; found.length < first.total; page++) {
    const { runs } = await github.runs(workflow, created(span), page);
    // Runs that were deleted meanwhile make the last page shorter than was said.
    if (runs.length === 0) break;
    found.push(...runs);
  }
  // A run that began while pages were read moves the others down: one may be listed twice.
  return [...new Map(found.reverse().map((run) => [run.id, run])).values()];
}

const failed = ({ conclusion }: WireJob): boolean => conclusion === 'failure' || conclusion === 'timed_out';

/** The jobs of a run, and why those failed that did; undefined when the run was deleted meanwhile. */
async function kept(github: GitHub, run: WireRun, cache: RunCache): Promise<FetchedRun | undefined> {
  const before = cache.get(run);
  if (before) return before;
  const jobs = await github.jobs(run.id);
  if (jobs === undefined) return undefined;
  const annotations: Record<number, readonly WireAnnotation[]> = {};
  let isComplete = true;
  for (const { id } of jobs.filter(failed)) {
    const found = await github.annotations(id);
    annotations[id] = found ?? [];
    isComplete &&= found !== undefined;
  }
  const fetched = { run, jobs, annotations };
  // Another token may be given the next time.
  if (isComplete) cache.put(fetched);
  return fetched;
}

/** Runs that have ended, with their jobs; each is kept as soon as it is read. */
export async function* fetchRuns(
  github: GitHub,
  runs: readonly WireRun[],
  cache: RunCache,
  report: (progress: Progress) => void,
): AsyncGenerator<FetchedRun> {
  const ended = runs.filter(({ status }) => status === 'completed');
  for (let done = 0; done < ended.length; done += atOnce) {
    const few = ended.slice(done, done + atOnce);
    const fetched = await Promise.all(few.map((run) => kept(github, run, cache)));
    report({ runs: done + few.length, of: ended.length, requests: github.requests() });
    yield* fetched.filter((one) => one !== undefined);
  }
}

/** Requests that are still to be made: pages of the list are read by then. */
export const requestsAhead = (runs: readonly WireRun[], cache: RunCache): number =>
  runs
    .filter((run) => run.status === 'completed' && cache.get(run) === undefined)
    .reduce(
      (sum, { conclusion, run_attempt = 1 }) => sum + run_attempt + (conclusion === 'success' ? 0 : 1),
      0,
    );
