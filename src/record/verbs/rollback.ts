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
import { vercelOptions } from './vercel.ts';

const options = {
  reason: named(() => labels.reason, 'REASON', 'why', { required: true }),
  'previous-deployment-id': text('ID', 'the deployment to which it goes back'),
  service: named(services, 'NAME', 'what is rolled back', { default: () => stageOf('rollback').service }),
  status: choice(reportedStatuses, 'STATUS', `${reportedHelp}; else success`, { report: true }),
  railway: flag('roll the Railway service back, in place of a command'),
  ...railwayOptions,
  vercel: flag('roll production on Vercel back, in place of a command'),
  ...vercelOptions,
  ...reportOptions,
  ...stageOptions,
} as const;

type RollbackValues = Partial<Call<typeof options>['values']>;

/**
 * The rollback of a platform as a command of its own, which is this same file: what a cancel, a time-out or its last
 * word mean is then recorded as that of any other command. (It is about no environment, so a wrong one must not stop it.)
 */
function platformCommand(values: RollbackValues): string[] {
  const own = values.railway ? (['railway-service', 'railway-to'] as const) : (['vercel-to'] as const);
  const handedOn = [...own, 'url' as const].flatMap((name) =>
    values[name] === undefined ? [] : [`--${name}=${values[name]}`],
  );
  const timeout = values.timeout === undefined ? [] : [`--timeout=${values.timeout}ms`];
  return [
    process.execPath,
    fileURLToPath(import.meta.url),
    values.railway ? 'railway-rollback' : 'vercel-rollback',
    `--environment=${defaultEnvironment()}`,
    ...handedOn,
    ...timeout,
  ];
}

const byPlatform = ({ railway, vercel }: RollbackValues): boolean => railway === true || vercel === true;

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
  tells: 'progress',
  undecided: 1,
  options,
  details: `With a command it runs it, passes its output and exit code through, and records how long it took and whether it worked.
A rollback that worked makes the deployment "rolled_back", also when finish says otherwise; one that failed makes it a failure.

With --railway it rolls the service back through Railway's API to the deployment that served before, follows that to
its end and asks --url whether it is healthy (see railway-rollback for the token that it needs). --vercel does the same
for production on Vercel.

Examples:  record.mjs rollback --reason health_check_failed --previous-deployment-id 123 -- ./rollback.sh
           record.mjs rollback --reason health_check_failed --railway --url "$API_URL/health"
           record.mjs rollback --service web --reason test_failed --vercel --url "$WEB_URL"
           record.mjs rollback --reason manual --previous-deployment-id 123`,
  runsNow: byPlatform,
  check: ({ railway, vercel }, command) => [
    ...(railway && command !== undefined
      ? ['--railway takes the place of a command: give one of the two.']
      : []),
    ...(vercel && command !== undefined
      ? ['--vercel takes the place of a command: give one of the two.']
      : []),
    ...(railway && vercel
      ? ['--railway and --vercel are two rollbacks: record each by a call of its own.']
      : []),
  ],
  // A rollback that cannot be recorded must happen all the same.
  unrecorded: async (call) =>
    await runUnrecorded({
      ...call,
      command: byPlatform(call.values) && !call.command ? platformCommand(call.values) : call.command,
    }),
  run: async (call) => {
    if (byPlatform(call.values))
      return await recordStage({ ...call, command: platformCommand(call.values) }, stagedOf(call));
    if (call.command !== undefined) return await recordStage(call, stagedOf(call));
    await recordReported(call, stagedOf(call), call.values.status ?? 'success');
    return 0;
  },
});
