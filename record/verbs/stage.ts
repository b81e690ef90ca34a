import { labels } from '../../metrics/labels.ts';
import { recordAround } from '../around.ts';
import { choice } from '../options.ts';
import { stageEndSamples, stageStartSamples } from '../stages.ts';
import { formatSeconds, lengthSeconds } from '../time.ts';
import { defineVerb } from '../verb.ts';
import { errorOptions, logUrl, logUrlOption, stageEndOf, statusOf } from './shared.ts';

/** Options that say which stage it is. */
export const stageOptions = {
  service: choice(labels.service, 'NAME', 'what is built or deployed', { required: true }),
  stage: choice(labels.stage, 'NAME', 'which step of the pipeline', { required: true }),
} as const;

export const stage = defineVerb({
  name: 'stage',
  summary: 'runs a command as a stage, and records how long it took and how it ended',
  command: 'required',
  options: { ...stageOptions, ...errorOptions, ...logUrlOption },
  details: `The command's output, exit code and signals pass through unchanged. A failure is recorded with its type (timeout when
the command was killed or ended with 124 or 137) and with the last line of its stderr, without secrets. When the
recorder itself is told to stop, the stage is cancelled; in a workflow write "run: exec node record.mjs stage …" so
that it hears of it.

Without a command use stage-start and stage-finish.

Example:  record.mjs stage --service api --stage build -- docker build .`,
  run: async (call) => {
    const { values, deployment, env, recorder } = call;
    const group = { ...deployment, service: values.service, stage: values.stage };
    const what = `stage ${group.stage} of ${group.service}`;
    const url = logUrl(values, env);
    const { ended, recorded } = await recordAround(call, {
      begin: (startedMs) => ({
        method: 'PUT',
        group,
        samples: stageStartSamples(group, { startedMs, logUrl: url }),
        what: `the start of ${what}`,
      }),
      end: (end) => ({
        method: 'PUT',
        group,
        samples: stageEndSamples(group, stageEndOf(end, values, values.stage, url, env)),
        what: `${what} (${statusOf(end)})`,
      }),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ${statusOf(ended)} after ${seconds}`);
    return ended.code;
  },
});
