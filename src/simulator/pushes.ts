import { pipelineJob } from '../metrics/index.ts';
import { doomedGroups, finishedForMs, type ListedGroup, main } from '../record/index.ts';
import { type CallOptions, recorderCalls } from './calls.ts';
import { exposed, type Span, seriesKey, type TimedPush } from './gateway.ts';
import type { Deployment, History, UnixSeconds } from './types.ts';

/** The recorder then remembers nothing on disk: the folder for it cannot be made. */
const nowhere = { RUNNER_TEMP: '/dev/null' };

/**
 * The recorder's own pushes for a deployment and their times: its verbs run in this process, and their pushes
 * are taken in place of a gateway.
 * @throws Error with the recorder's own warning, when it would not record something
 */
export async function pushesOf(deployment: Deployment, options: CallOptions = {}): Promise<TimedPush[]> {
  const pushes: TimedPush[] = [];
  for (const { time, argv, env } of recorderCalls(deployment, options)) {
    const said: string[] = [];
    const io = {
      stdout: () => {},
      stderr: (chunk: string | Uint8Array) => void said.push(String(chunk)),
      now: () => time * 1000,
      capture: (push: TimedPush['push']) => void pushes.push({ time, push }),
    };
    const code = await main([...argv, '--strict'], { ...env, ...nowhere }, io);
    if (code !== 0) throw new Error(`recorder ${argv.join(' ')}: ${said.join('').trim()}`);
  }
  return pushes;
}

const timeFamily = (time: UnixSeconds) => ({ metrics: [{ value: String(time) }] });

/** A deployment's groups as the gateway would list them after these pushes. */
function listed(pushes: readonly TimedPush[]): ListedGroup[] {
  const groups = new Map<string, ListedGroup>();
  for (const { time, push } of pushes) {
    const key = seriesKey(push.group);
    const finished = push.samples.find(({ metric }) => metric === 'deployment_finished_timestamp_seconds');
    groups.set(key, {
      ...groups.get(key),
      labels: { job: pipelineJob, ...push.group },
      push_time_seconds: timeFamily(time),
      ...(finished && { deployment_finished_timestamp_seconds: timeFamily(finished.value) }),
    });
  }
  return [...groups.values()];
}

/** The first start of another deployment in this time at which the recorder sweeps these groups away. */
function sweptAt(
  pushes: readonly TimedPush[],
  starts: readonly UnixSeconds[],
  from: UnixSeconds,
  to: UnixSeconds,
): UnixSeconds | undefined {
  const groups = listed(pushes);
  const isOver = (start: UnixSeconds): boolean =>
    doomedGroups(groups, start * 1000, finishedForMs).length > 0;
  const first = firstIndex(starts, (start) => start > from && isOver(start));
  const start = starts[first];
  return start !== undefined && start < to ? start : undefined;
}

/** Index of the first item for which it is true, if from there on it is always true; the length if there is none. */
function firstIndex<T>(items: readonly T[], isTrue: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * One deployment's series on the gateway over time, in its lives there: from its pushes until a later start
 * sweeps it away, and again from each push after that.
 * @param starts when any deployment starts, sorted
 */
export async function exposedBy(
  deployment: Deployment,
  starts: readonly UnixSeconds[],
  options: CallOptions = {},
): Promise<Span[][]> {
  const pushes = await pushesOf(deployment, options);
  const lives: Span[][] = [];
  let life: TimedPush[] = [];
  pushes.forEach((push, i) => {
    life.push(push);
    const next = pushes[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    if (next - push.time <= finishedForMs / 1000) return;
    const swept = sweptAt(life, starts, push.time, next);
    if (swept === undefined && Number.isFinite(next)) return;
    lives.push(exposed(life, swept ?? next));
    life = [];
  });
  return lives;
}

/** The gateway's series over time when all deployments of a history are recorded, deployment by deployment. */
export async function* exposedHistory(
  history: History,
  options: CallOptions = {},
): AsyncGenerator<{ readonly deployment: Deployment; readonly lives: readonly (readonly Span[])[] }> {
  const starts = history.deployments.map(({ started }) => started);
  for (const deployment of history.deployments)
    yield { deployment, lives: await exposedBy(deployment, starts, options) };
}
