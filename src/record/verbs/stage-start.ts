import { time } from '../../lib/options.ts';
import { example } from '../pipeline.ts';
import { rememberStart, stageStartSamples } from '../stages.ts';
import { defineVerb } from '../verb.ts';
import { whichStage } from './stage.ts';
import { logUrl, stageOptions } from './staged.ts';

export const stageStart = defineVerb({
  name: 'stage-start',
  summary: 'a stage begins that is no single command',
  command: 'none',
  options: {
    ...whichStage,
    'started-at': time('TIME', 'when it began, if not now'),
    'log-url': stageOptions['log-url'],
  },
  details: () => `A stage that is begun again keeps its earlier end until stage-finish replaces it.

Example:  record.mjs stage-start --service ${example().service} --stage ${example().deploy}`,
  run: async (call) => {
    const { values, deployment, env, at, recorder } = call;
    const group = { ...deployment, service: values.service, stage: values.stage };
    const what = `the start of stage ${group.stage} of ${group.service}`;
    const startedMs = values['started-at'] ?? at;
    if (!recorder.dryRun) rememberStart(env, group, startedMs);
    const samples = stageStartSamples(group, { startedMs, logUrl: logUrl(call) });
    // A beginning that waited may arrive after the end, which is in the same group and must stay.
    recorder.say(await recorder.record({ method: 'POST', group, samples, what }), what);
    return 0;
  },
});
