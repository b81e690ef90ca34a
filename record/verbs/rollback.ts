import { labels } from '../../metrics/labels.ts';
import { type Sample, samplesOf } from '../emit.ts';
import { choice, text } from '../options.ts';
import { type StageEnd, type StageGroup, stageEndSamples } from '../stages.ts';
import { toSeconds } from '../time.ts';
import { type Call, defineVerb } from '../verb.ts';
import {
  recordReported,
  recordStage,
  reportedHelp,
  reportedStatuses,
  reportOptions,
  type Staged,
  stageOptions,
} from './staged.ts';

const options = {
  reason: choice(labels.reason, 'REASON', 'why', { required: true }),
  'previous-deployment-id': text('ID', 'the deployment to which it goes back'),
  service: choice(labels.service, 'NAME', 'what is rolled back', { default: 'api' }),
  status: choice(reportedStatuses, 'STATUS', reportedHelp, { default: 'success' }),
  ...reportOptions,
  ...stageOptions,
} as const;

/** The rollback as a stage, and, unless it was cancelled, what it came to. */
function stagedOf({ deployment, values }: Call<typeof options>): Staged {
  const { reason, service, 'previous-deployment-id': previous = '' } = values;
  const group = { ...deployment, service, stage: 'rollback' } as const satisfies StageGroup;
  const emit = samplesOf(group);
  const result = ({ status, finishedMs }: StageEnd): Sample[] =>
    status !== 'success' && status !== 'failure'
      ? []
      : [
          emit('deployment_rollback_total', { reason, status }, 1),
          emit('deployment_rollback_finished_timestamp_seconds', {}, toSeconds(finishedMs)),
          emit('deployment_rollback_info', { previous_deployment_id: previous, reason }, 1),
        ];
  return {
    group,
    what: `rollback of ${service}`,
    samples: (end) => [...stageEndSamples(group, end), ...result(end)],
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
    if (call.command !== undefined) return await recordStage(call, stagedOf(call));
    await recordReported(call, stagedOf(call), call.values.status);
    return 0;
  },
});
