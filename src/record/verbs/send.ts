import { duration, text } from '../../lib/options.ts';
import { defineVerb } from '../verb.ts';

export const send = defineVerb({
  name: 'send',
  summary: 'sends events that a job could not send before its machine was gone',
  command: 'none',
  needsDeployment: false,
  options: {
    spool: text('DIR', 'the folder that the job kept: $RUNNER_TEMP/deployment-recorder/spool', {
      required: true,
    }),
    timeout: duration('TIME', 'how long it may take', { default: '60s' }),
  },
  details: `What was sent is taken out of the folder, so that calling it again sends the rest. Events that waited for more than a
day are given up, and what is no event is not sent. docs/examples/send.yml keeps and sends them in GitHub Actions.

Example:  record.mjs send --spool events`,
  run: async ({ values, recorder }) => {
    if (recorder.dryRun) return 0;
    await recorder.flush(values.timeout, values.spool);
    return 0;
  },
});
