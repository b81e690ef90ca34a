import { systemClock } from '../lib/clock.ts';
import type { OptionSpecs } from '../lib/options.ts';
import { type Ended, runChild, Signals } from './child.ts';
import type { Push } from './emit.ts';
import { eventBudgetMs } from './recorder.ts';
import type { Call } from './verb.ts';

/** Recordings around a command. */
export interface Around {
  /** Pushed while the command already runs; undefined when only its end is an event. */
  readonly begin?: (startedMs: number) => Push;
  /** Undefined when an end like this says nothing: a test that was cancelled neither passed nor failed. */
  readonly end: (ended: Ended) => Push | undefined | Promise<Push | undefined>;
  readonly onOutput?: (chunk: Uint8Array) => void;
}

/** Of the time for one event, how much the first push may still take once the command has ended. */
const beginGraceMs = 1_200;

const asIfSucceeded = (ms: number): Ended => ({
  code: 0,
  startedMs: ms,
  finishedMs: ms,
  cancelled: false,
  timedOut: false,
  output: '',
});

/**
 * Runs the command of a call and records its beginning and end. Recording the beginning happens beside the
 * command and costs no time; everything that it says is in the end's push again.
 * @returns how the command ended, and whether that is on the gateway
 */
export async function recordAround(
  {
    command = [],
    env,
    io,
    recorder,
    at,
  }: Pick<Call<OptionSpecs>, 'command' | 'env' | 'io' | 'recorder' | 'at'>,
  { begin, end, onOutput }: Around,
): Promise<{ ended: Ended; recorded: boolean }> {
  if (recorder.dryRun) {
    const ended = asIfSucceeded(at);
    if (begin) await recorder.record(() => begin(at));
    return { ended, recorded: await recorder.record(() => end(ended)) };
  }
  const startedMs = io.now();
  const abort = new AbortController();
  let begun: Promise<boolean> | undefined;
  /** The beginning must not arrive after the end, because it would replace it. */
  const endBeginning = async (graceMs: number): Promise<void> => {
    if (!begun) return;
    await Promise.race([begun, systemClock.sleep(graceMs, abort.signal)]);
    abort.abort();
    await begun;
  };
  let cancelRecorded: Promise<boolean> | undefined;
  /** From the first signal on, everything that is still recorded shares the time for one event. */
  const budgetMs = (from: number): number =>
    Math.max(0, (signals.cancelledAt ?? from) + eventBudgetMs - Date.now());
  const signals = new Signals(async () => {
    await endBeginning(0);
    const cancelled = { ...asIfSucceeded(startedMs), finishedMs: io.now(), code: 130, cancelled: true };
    cancelRecorded = recorder.record(() => end(cancelled), { budgetMs: budgetMs(Date.now()) });
    await cancelRecorded;
  });
  try {
    const running = runChild(command, { env, io, watch: true, ...(onOutput && { onOutput }), signals });
    begun = begin && recorder.record(() => begin(startedMs), { warn: false, signal: abort.signal });
    const ended = await running;
    // The end that was recorded while the command took its time to stop says the same.
    if (cancelRecorded) return { ended, recorded: await cancelRecorded };
    const endedAt = Date.now();
    await endBeginning(beginGraceMs);
    return { ended, recorded: await recorder.record(() => end(ended), { budgetMs: budgetMs(endedAt) }) };
  } finally {
    signals.stop();
  }
}
