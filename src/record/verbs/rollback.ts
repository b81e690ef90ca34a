import { fileURLToPath } from 'node:url';
import { choice, flag, named, text } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { type Sample, samplesOf } from '../emit.ts';
import { defaultEnvironment, services, stageOf } from '../pipeline.ts';
import { codeOf, type StageEnd, type StageGroup, stageEndSamples } from '../stages.ts';
import { toSeconds } from '../time.ts';
import { type Call, defineVerb, runUnrecorded } from '../verb.ts';
import { railwayOptions } from './railway-rollback.ts';
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
  reason: named(() => labels.reason, 'REASON', 'why', { required: true }),
  'previous-deployment-id': text('ID', 'the deployment to which it goes back'),
  service: named(services, 'NAME', 'what is rolled back', { default: () => stageOf('rollback').service }),
  status: choice(reportedStatuses, 'STATUS', `${reportedHelp}; else success`, { report: true }),
  railway: flag('roll the Railway service back, in place of a command'),
  ...railwayOptions,
  ...reportOptions,
  ...stageOptions,
} as const;

/**
 * Railway's rollback as a command of its own, which is this same file: what a cancel, a time-out or its last word
 * mean is then recorded as that of any other command. (It is about no environment, so a wrong one must not stop it.)
 */
function railwayCommand(values: Partial<Call<typeof options>['values']>): string[] {
  const handedOn = (['railway-service', 'railway-to', 'url'] as const).flatMap((name) =>
    values[name] === undefined ? [] : [`--${name}=${values[name]}`],
  );
  const timeout = values.timeout === undefined ? [] : [`--timeout=${values.timeout}ms`];
  return [
    process.execPath,
    fileURLToPath(import.meta.url),
    'railway-rollback',
    `--environment=${defaultEnvironment()}`,
    ...handedOn,
    ...timeout,
  ];
}

/** The rollback as a stage, and, unless it was cancelled, what it came to. */
function stagedOf({ deployment, values }: Call<typeof options>): Staged {
  const { reason, service, 'previous-deployment-id': previous = '' } = values;
  const group = { ...deployment, service, stage: stageOf('rollback').stage } as const satisfies StageGroup;
  const emit = samplesOf(group);
  const result = ({ status, finishedMs }: StageEnd): Sample[] =>
    status !== 'success' && status !== 'failure'
      ? []
      : [
          emit('deployment_rollback_total', { reason: codeOf(labels.reason, reason), status }, 1),
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
  summary: 'a deployment is rolled back: by the command given, by Railway, or it was already',
  command: 'optional',
  undecided: 1,
  options,
  details: `With a command it runs it, passes its output and exit code through, and records how long it took and whether it worked.
A rollback that worked makes the deployment "rolled_back", whatever finish says; one that failed makes it a failure.

With --railway it rolls the service back through Railway's API to the deployment that served before, follows that to
its end and asks --url whether it is healthy (see railway-rollback for the token that it needs).

Examples:  record.mjs rollback --reason health_check_failed --previous-deployment-id 123 -- ./rollback.sh
           record.mjs rollback --reason health_check_failed --railway --url "$API_URL/health"
           record.mjs rollback --reason manual --previous-deployment-id 123`,
  runsNow: ({ railway }) => railway,
  check: ({ railway }, command) =>
    railway && command !== undefined ? ['--railway takes the place of a command: give one of the two.'] : [],
  // A rollback that cannot be recorded must happen all the same.
  unrecorded: async (call) =>
    await runUnrecorded({
      ...call,
      command: call.values.railway && !call.command ? railwayCommand(call.values) : call.command,
    }),
  run: async (call) => {
    if (call.values.railway)
      return await recordStage({ ...call, command: railwayCommand(call.values) }, stagedOf(call));
    if (call.command !== undefined) return await recordStage(call, stagedOf(call));
    await recordReported(call, stagedOf(call), call.values.status ?? 'success');
    return 0;
  },
});
