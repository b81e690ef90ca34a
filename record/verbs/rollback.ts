import { labels } from '../../metrics/labels.ts';
import { recordAround } from '../around.ts';
import { type Push, type Sample, samplesOf } from '../emit.ts';
import { choice, text, time } from '../options.ts';
import {
  type StageEnd,
  type StageGroup,
  type StageStatus,
  stageEndSamples,
  stageStartSamples,
} from '../stages.ts';
import { formatSeconds, lengthSeconds, toSeconds } from '../time.ts';
import { type Call, defineVerb } from '../verb.ts';
import { errorOptions, logUrl, logUrlOption, reportedError, reportedStatuses, stageEndOf } from './shared.ts';

const options = {
  reason: choice(labels.reason, 'REASON', 'why', { required: true }),
  'previous-deployment-id': text('ID', 'the deployment to which it goes back'),
  service: choice(labels.service, 'NAME', 'what is rolled back', { default: 'api' }),
  status: choice(
    reportedStatuses,
    'STATUS',
    'how it ended (or that it runs), when it is not run by the recorder',
    {
      default: 'success',
    },
  ),
  'started-at': time('TIME', 'when it began, with --status'),
  'finished-at': time('TIME', 'when it ended, with --status'),
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

/** How a rollback ended, as the options say. */
function reportedEnd({ values, env, at }: Call<typeof options>, status: StageStatus): StageEnd {
  return {
    startedMs: values['started-at'],
    finishedMs: values['finished-at'] ?? at,
    status,
    logUrl: logUrl(values, env),
    ...(status === 'failure' && { error: reportedError(values, 'rollback', env) }),
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
    const url = logUrl(values, env);
    const begin = (startedMs: number): Push => ({
      method: 'PUT',
      group,
      samples: stageStartSamples(group, { startedMs, logUrl: url }),
      what: `the start of the ${what}`,
    });
    if (call.command === undefined) {
      const { status } = values;
      const running = status === 'running';
      const reported = running ? begin(values['started-at'] ?? call.at) : push(reportedEnd(call, status));
      recorder.say(await recorder.record(reported), `${what}: ${status}`);
      return 0;
    }
    const { ended, recorded } = await recordAround(call, {
      begin,
      end: (ended) => push(stageEndOf(ended, values, 'rollback', url, env)),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ended with ${ended.code} after ${seconds}`);
    return ended.code;
  },
});
