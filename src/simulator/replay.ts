import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { type CallOptions, type RecorderCall, recorderCalls } from './calls.ts';
import type { Deployment, History, UnixSeconds } from './types.ts';

export { type RecorderCall, recorderCalls } from './calls.ts';

export interface ReplayOptions extends CallOptions {
  readonly pushgatewayUrl: string;
  /** Records one event: the recorder's own `main`, or its bundle in a process of its own. Returns its exit code. */
  readonly record: (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>;
  /** Deployments that are recorded side by side when nothing waits for its time (default 4). */
  readonly concurrency?: number;
  /** Up to when it is replayed, by the history's clock; default its end. */
  readonly until?: UnixSeconds;
  /**
   * Without it everything is recorded at once. With it each event waits until its own time has come; gives the
   * history's time.
   */
  readonly clock?: Pick<Clock, 'now' | 'sleep'>;
  /** Told of every invocation before it is made. */
  readonly onCall?: (call: RecorderCall, deployment: Deployment) => void;
  /** Ends the replay between two events. */
  readonly signal?: AbortSignal;
  /** More for the recorder's environment: credentials of the gateway, for example. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Result of a replay. */
export interface Replayed {
  readonly calls: number;
  /** Invocations that did not end with 0. */
  readonly failed: readonly RecorderCall[];
}

/**
 * Records a history through a real gateway: each deployment's events in their order, several deployments side by
 * side. The gateway stamps them with its own time, so a history should end about now.
 */
export async function replayLive(history: History, options: ReplayOptions): Promise<Replayed> {
  const { until = history.end, concurrency = 4, clock } = options;
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const failed: RecorderCall[] = [];
  let calls = 0;
  const queue = history.deployments
    .map((deployment) => ({
      deployment,
      own: recorderCalls(deployment, options).filter(({ time }) => time <= until),
    }))
    .filter(({ own }) => own.length > 0);
  const recordAll = async ({ deployment, own }: (typeof queue)[number]): Promise<void> => {
    for (const call of own) {
      if (clock) await waitUntil(call.time, clock, options.signal);
      if (options.signal?.aborted) return;
      calls += 1;
      options.onCall?.(call, deployment);
      const env = {
        ...options.env,
        PUSHGATEWAY_URL: options.pushgatewayUrl,
        RUNNER_TEMP: folder,
        ...call.env,
      };
      if ((await options.record([...call.argv, '--strict'], env)) !== 0) failed.push(call);
    }
  };
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await recordAll(next);
  };
  try {
    // In real time every deployment runs when it runs.
    await Promise.all(
      Array.from({ length: clock ? queue.length : Math.min(concurrency, queue.length) }, worker),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { calls, failed };
}

/** Waits until the clock shows a time; returns at once when it is over, or when the signal ends it. */
async function waitUntil(
  time: UnixSeconds,
  { now, sleep }: Pick<Clock, 'now' | 'sleep'>,
  signal?: AbortSignal,
): Promise<void> {
  // A timer takes at most 24.8 days.
  while (now() < time * 1000 && !signal?.aborted)
    await sleep(Math.min(time * 1000 - now(), 86_400_000), signal);
}
