import { labels } from '../../metrics/labels.ts';
import { recordAround } from '../around.ts';
import { type Push, type Sample, samplesOf } from '../emit.ts';
import { errorMessage } from '../message.ts';
import { choice, text, time } from '../options.ts';
import { type StageEnd, type StageGroup, stageEndSamples, stageStartSamples } from '../stages.ts';
import { formatSeconds, lengthSeconds, toSeconds } from '../time.ts';
import { type Call, defineVerb } from '../verb.ts';
import { errorOptions, logUrl, logUrlOption, stageEndOf } from './shared.ts';

const options = {
  reason: choice(labels.reason, 'REASON', 'why', { required: true }),
  'previous-deployment-id': text('ID', 'the deployment to which it goes back'),
  service: choice(labels.service, 'NAME', 'what is rolled back', { default: 'api' }),
  status: choice(labels.test_status, 'STATUS', 'how it ended, for a rollback that is over already', {
    default: 'success',
  }),
  'started-at': time('TIME', 'when it began, for a rollback that is over already'),
  'finished-at': time('TIME', 'when it ended, for a rollback that is over already'),
  ...errorOptions,
  ...logUrlOption,
} as const;
type Values = Call<typeof options>['values'];

const groupOf = (call: Call<typeof options>) =>
  ({ ...call.deployment, service: call.values.service, stage: 'rollback' }) as const satisfies StageGroup;

/** The rollback as a stage, and, unless it was cancelled, what it came to. */
function endSamples(group: ReturnType<typeof groupOf>, end: StageEnd, values: Values): Sample[] {
  const emit = samplesOf(group);
  const asStage = stageEndSamples(group, end);
  if (end.status !== 'success' && end.status !== 'failure') return asStage;
  const { reason } = values;
  return [
    ...asStage,
    emit('deployment_rollback_total', { reason, status: end.status }, 1),
    emit('deployment_rollback_finished_timestamp_seconds', {}, toSeconds(end.finishedMs)),
    emit(
      'deployment_rollback_info',
      { previous_deployment_id: values['previous-deployment-id'] ?? '', reason },
      1,
    ),
  ];
}

/** A rollback that is over already. */
function reported({ values, env, at }: Call<typeof options>): StageEnd {
  return {
    startedMs: values['started-at'],
    finishedMs: values['finished-at'] ?? at,
    status: values.status,
    logUrl: logUrl(values, env),
    ...(values.status === 'failure' && {
      error: {
        type: values['error-type'] ?? 'command_failed',
        message: errorMessage(values['error-message'] ?? '', env),
      },
    }),
  };
}

export const rollback = defineVerb({
  name: 'rollback',
  summary: 'a deployment is rolled back: by the command given, or it was already',
  command: 'optional',
  options,
  details: `With a command it runs it, passes its output and exit code through, and records how long it took and whether it worked.
A rollback that worked makes the deployment "rolled_back", whatever finish says; one that failed makes it a failure.

Examples:  record.mjs rollback --reason health_check_failed --previous-deployment-id 123 -- ./rollback.sh
           record.mjs rollback --reason manual --previous-deployment-id 123`,
  run: async (call) => {
    const { values, env, recorder } = call;
    const group = groupOf(call);
    const what = `rollback of ${group.service}`;
    const push = (end: StageEnd): Push => ({
      method: 'PUT',
      group,
      samples: endSamples(group, end, values),
      what: `${what} (${end.status})`,
    });
    if (call.command === undefined) {
      const end = reported(call);
      recorder.say(await recorder.record(push(end)), `${what}: ${end.status}`);
      return 0;
    }
    const url = logUrl(values, env);
    const { ended, recorded } = await recordAround(call, {
      begin: (startedMs) => ({
        method: 'PUT',
        group,
        samples: stageStartSamples(group, { startedMs, logUrl: url }),
        what: `the start of the ${what}`,
      }),
      end: (ended) => push(stageEndOf(ended, values, 'rollback', url, env)),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ended with ${ended.code} after ${seconds}`);
    return ended.code;
  },
});
