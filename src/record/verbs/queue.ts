import { number, text } from '../../lib/options.ts';
import { samplesOf } from '../emit.ts';
import type { Recorder } from '../recorder.ts';
import { type DeploymentKey, defineVerb } from '../verb.ts';

/** Records how long a deployment's jobs waited for a runner. */
export async function recordQueue(
  recorder: Recorder,
  deployment: DeploymentKey,
  runner: string,
  seconds: number,
): Promise<void> {
  const group = { ...deployment, runner };
  const what = `a wait of ${Math.round(seconds)} s for the runner ${runner}`;
  const samples = [samplesOf(group)('deployment_runner_queue_seconds', {}, seconds)];
  recorder.say(await recorder.record({ method: 'PUT', group, samples, what }), what);
}

export const queue = defineVerb({
  name: 'queue',
  summary: 'how long jobs waited for a runner',
  command: 'none',
  timeless: true,
  options: {
    runner: text('NAME', 'the runner that they asked for', { required: true }),
    seconds: number('SECONDS', 'the longest wait of a job, from created to started', {
      required: true,
      min: 0,
    }),
  },
  details: `For a CI that is not GitHub Actions, where "jobs" reads it. Recorded again for the same runner, it replaces itself.

Example:  record.mjs queue --runner linux-large --seconds 42`,
  run: async ({ values, deployment, recorder }) => {
    await recordQueue(recorder, deployment, values.runner, values.seconds);
    return 0;
  },
});
