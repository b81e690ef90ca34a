import { choice, number, time } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { example } from '../pipeline.ts';
import { recallStart, stageEndSamples } from '../stages.ts';
import { defineVerb } from '../verb.ts';
import { whichStage } from './stage.ts';
import { logUrl, reportedError, stageOptions } from './staged.ts';

export const stageFinish = defineVerb({
  name: 'stage-finish',
  summary: 'a stage that was begun with stage-start has ended',
  command: 'none',
  tells: 'progress',
  options: {
    ...whichStage,
    status: choice(labels.status, 'STATUS', 'how it ended', { required: true }),
    'started-at': time('TIME', 'when it began; else as stage-start recorded on this machine'),
    'finished-at': time('TIME', 'when it ended, if not now'),
    duration: number('SECONDS', 'how long it took, when its beginning is unknown', { min: 0 }),
    ...stageOptions,
  },
  details: () => `Its duration is recorded when it is known when the stage began.

Example:  record.mjs stage-finish --service ${example().service} --stage ${example().deploy} --status success`,
  run: async (call) => {
    const { values, deployment, env, at, recorder } = call;
    const group = { ...deployment, service: values.service, stage: values.stage };
    const { status, duration } = values;
    const what = `the end of stage ${group.stage} of ${group.service} (${status})`;
    const finishedMs = values['finished-at'] ?? at;
    const counted = duration === undefined ? undefined : finishedMs - duration * 1000;
    const startedMs =
      values['started-at'] ?? counted ?? (recorder.dryRun ? undefined : recallStart(env, group));
    const samples = stageEndSamples(group, {
      startedMs,
      finishedMs,
      status,
      logUrl: logUrl(call),
      ...(status === 'failure' && { error: reportedError(call, group.stage) }),
    });
    // A known beginning makes the event complete: it replaces an earlier attempt's leftovers, like its error.
    const method = startedMs === undefined ? 'POST' : 'PUT';
    recorder.say(await recorder.record({ method, group, samples, what }), what);
    return 0;
  },
});
