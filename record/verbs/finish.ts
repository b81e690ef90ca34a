import { namesOf, outcomes } from '../../metrics/codes.ts';
import { labels } from '../../metrics/labels.ts';
import { samplesOf } from '../emit.ts';
import { branch, triggeredBy } from '../github.ts';
import { choice, text, time } from '../options.ts';
import { toSeconds } from '../time.ts';
import { defineVerb } from '../verb.ts';

export const finish = defineVerb({
  name: 'finish',
  summary: 'a deployment has ended, with its outcome',
  command: 'none',
  options: {
    outcome: choice(namesOf(outcomes, 'running', 'abandoned'), 'OUTCOME', 'how it ended', { required: true }),
    'finished-at': time('TIME', 'when it ended, if not now'),
    branch: text('NAME', 'as given to start'),
    'triggered-by': choice(labels.triggered_by, 'KIND', 'as given to start'),
  },
  details: `Run it in a last job that needs all others, with "if: always()", so that failures and cancels are recorded too.
A stage that failed or a rollback counts even when the outcome says success.

Example:  record.mjs finish --outcome success`,
  run: async ({ values, deployment, env, at, recorder }) => {
    const emit = samplesOf(deployment);
    const finishedMs = values['finished-at'] ?? at;
    const what = `the end of deployment ${deployment.deployment_id} (${values.outcome})`;
    const samples = [
      emit('deployment_finished_timestamp_seconds', {}, toSeconds(finishedMs)),
      emit('deployment_outcome_code', {}, outcomes[values.outcome]),
      emit(
        'deployment_in_progress',
        {
          branch: values.branch ?? branch(env),
          triggered_by: values['triggered-by'] ?? triggeredBy(env),
        },
        0,
      ),
    ];
    recorder.say(await recorder.record({ method: 'POST', group: deployment, samples, what }), what);
    return 0;
  },
});
