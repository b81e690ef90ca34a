import { appendFileSync, statSync } from 'node:fs';
import { systemClock } from '../../lib/clock.ts';
import type { Sample } from '../emit.ts';
import type { Pushed } from '../gate/evidence.ts';
import { secretRemover } from '../secrets.ts';
import { type TellCall, tell } from '../tell/tell.ts';
import type { DeploymentKey } from '../verb.ts';
import { alone, type DeploymentResult } from './model.ts';
import { readResult } from './read.ts';
import { resultOf } from './result.ts';
import { headline, summary } from './summary.ts';

/** How long the result may be read for, milliseconds; what was just pushed is waited for a little less. */
const readingMs = 20_000;
const patienceMs = 18_000;
/** The runner takes so many bytes for each step. */
const mostBytes = 1_048_576;

/** Samples of a push as they will be seen. */
const asPushed = (deployment: DeploymentKey, samples: readonly Sample[]): Pushed[] =>
  samples.map(({ metric, labels, value }) => ({
    name: metric as Pushed['name'],
    labels: { ...deployment, ...labels },
    value,
  }));

/**
 * The result, or the part that can be read in time. Never throws.
 * @param own what was just pushed
 * @param recorded whether that arrived
 */
export async function readInTime(
  { deployment, env, io }: TellCall,
  own: readonly Pushed[],
  recorded: boolean,
): Promise<DeploymentResult> {
  const limit = new AbortController();
  const late = systemClock.sleep(readingMs, limit.signal).then(() => {
    const unknown = [`Nothing more could be read in ${readingMs / 1000} s.`];
    return resultOf(deployment, own, { ...alone, unknown });
  });
  const reading = readResult({
    deployment,
    env,
    now: () => io.now(),
    own,
    // A missing value cannot arrive later.
    patienceMs: recorded ? patienceMs : 0,
    signal: limit.signal,
  });
  const result = await Promise.race([reading, late]);
  limit.abort();
  return result;
}

/** Appends to the summary of the run, as far as there is room. @returns warnings */
export function writeSummary(result: DeploymentResult, env: NodeJS.ProcessEnv): string[] {
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return [];
  const clean = secretRemover(env);
  try {
    const room = mostBytes - (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    const text = [summary(result), `${headline(result)}\n`]
      .map(clean)
      .find((one) => Buffer.byteLength(one) < room);
    if (text === undefined)
      return ['The summary of the run is full, so that the deployment is not told there.'];
    appendFileSync(file, text);
    return [];
  } catch (error) {
    return [`The summary of the run could not be written: ${(error as Error).message}.`];
  }
}

/**
 * Tells how a deployment ended, once its end is recorded. Never throws.
 * @param samples its last push
 * @param recorded whether that arrived
 * @returns warnings
 */
export async function tellEnd(
  call: TellCall,
  samples: readonly Sample[],
  recorded: boolean,
): Promise<string[]> {
  const result = await readInTime(call, asPushed(call.deployment, samples), recorded);
  const warnings = writeSummary(result, call.env);
  const told = await tell(result, call, { chat: true, annotations: true, isProgress: false });
  return [...warnings, ...told];
}
