import { systemClock } from '../../lib/clock.ts';
import { samplesOf } from '../emit.ts';
import type { DeploymentResult } from '../result/model.ts';
import type { Call } from '../verb.ts';
import { annotate } from './annotation.ts';
import { type Chatted, type Message, tellChat } from './chat.ts';

/** A call that tells. */
export type TellCall = Pick<Call<Record<never, never>>, 'deployment' | 'env' | 'io' | 'recorder'>;

/** Who is told beside pull requests. */
export interface Audience {
  readonly chat: boolean;
  readonly annotations: boolean;
  /** Between start and end: nothing is begun, only edited. */
  readonly isProgress: boolean;
}

const nothing: Chatted = { warnings: [] };

/** How long chat and Grafana may take together, milliseconds. */
const tellingMs = 10_000;

/** Records where the message is, so that later jobs edit it. */
async function remember({ deployment, recorder }: TellCall, { channel, ts, thread }: Message): Promise<void> {
  const sample = samplesOf(deployment)(
    'deployment_message_info',
    { channel, message_ts: ts, thread_ts: thread },
    1,
  );
  await recorder.record({
    method: 'POST',
    group: deployment,
    samples: [sample],
    what: 'the message in the chat',
  });
}

/** Tells chat and Grafana of a result. Never throws, never takes long. @returns warnings */
export async function tell(result: DeploymentResult, call: TellCall, audience: Audience): Promise<string[]> {
  const limit = new AbortController();
  const { env } = call;
  const asked = { env, isProgress: audience.isProgress, signal: limit.signal };
  const work = Promise.all([
    audience.chat ? tellChat(result, asked) : nothing,
    audience.annotations ? annotate(result, env, limit.signal) : [],
  ]);
  const late = systemClock.sleep(tellingMs, limit.signal).then(() => undefined);
  const done = await Promise.race([work, late]);
  limit.abort();
  if (!done) return [`Chat and Grafana did not answer in ${tellingMs / 1000} s.`];
  const [{ message, warnings }, others] = done;
  if (message) await remember(call, message);
  return [...warnings, ...others];
}
