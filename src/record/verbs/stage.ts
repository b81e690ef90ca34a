import { named } from '../../lib/options.ts';
import { example, services, stages } from '../pipeline.ts';
import { stageEndSamples } from '../stages.ts';
import { defineVerb } from '../verb.ts';
import { recordStage, stageOptions } from './staged.ts';

/** Options that say which stage it is. */
export const whichStage = {
  service: named(services, 'NAME', 'what is built or deployed', { required: true }),
  stage: named(stages, 'NAME', 'which step of the pipeline', { required: true }),
} as const;

export const stage = defineVerb({
  name: 'stage',
  summary: 'runs a command as a stage, and records how long it took and how it ended',
  command: 'required',
  tells: 'progress',
  options: { ...whichStage, ...stageOptions },
  details:
    () => `The command's output, exit code and signals pass through unchanged. A failure is recorded with its type (timeout when
the command was killed or ended with 124 or 137) and with the last line of its stderr, without secrets. When the
recorder itself is told to stop, the stage is cancelled; in a workflow write "run: exec node record.mjs stage …" so
that it hears of it.

Without a command use stage-start and stage-finish.

Example:  record.mjs stage --service ${example().service} --stage ${example().build} -- docker build .`,
  run: async (call) => {
    const { service, stage } = call.values;
    const group = { ...call.deployment, service, stage };
    return await recordStage(call, {
      group,
      what: `stage ${stage} of ${service}`,
      samples: (end) => stageEndSamples(group, end),
    });
  },
});
