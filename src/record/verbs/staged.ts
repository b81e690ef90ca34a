import { named, text, time, type Values } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { recordAround } from '../around.ts';
import type { Ended } from '../child.ts';
import type { Push, Sample } from '../emit.ts';
import { jobUrl, summaryUrl } from '../github.ts';
import { errorMessage } from '../message.ts';
import {
  defaultErrorType,
  errorTypeOf,
  type StageEnd,
  type StageGroup,
  type StageStatus,
  stageStartSamples,
} from '../stages.ts';
import { formatSeconds, lengthSeconds } from '../time.ts';
import type { Call } from '../verb.ts';
import type { Failure } from '../why/explain.ts';

/** Options of everything that is a stage. */
export const stageOptions = {
  'error-type': named(
    () => labels.error_type,
    'TYPE',
    'what went wrong, if it fails; else by the kind of the stage',
  ),
  'error-message': text(
    'TEXT',
    'why, if it fails; secrets are removed; else the line of the output that says why',
  ),
  'log-url': text('URL', "the page of the stage's log; else the page of the run", {
    env: 'DEPLOYMENT_LOG_URL',
  }),
} as const;

/** Options of a stage that may have run without the recorder. The status is an option of its own, because defaults differ. */
export const reportOptions = {
  'started-at': time('TIME', 'when it began, with --status', { report: true }),
  'finished-at': time('TIME', 'when it ended, with --status', { report: true }),
} as const;
/** Options of a stage that the recorder does not run. */
export const reportedStatuses = [...labels.status, 'running'] as const;
/** The help of an option with {@link reportedStatuses}. */
export const reportedHelp = 'how it ended (or that it runs), when it is not run by the recorder';

type Common = Omit<Call<Record<never, never>>, 'values'>;
type StageCall = Common & { readonly values: Values<typeof stageOptions> };
type ReportCall = Common & { readonly values: Values<typeof stageOptions & typeof reportOptions> };

/** A stage as it is recorded. */
export interface Staged {
  readonly group: StageGroup & Readonly<Record<string, string>>;
  /** As a person calls it: `stage build of api`. */
  readonly what: string;
  /** Everything that is known at its end. */
  readonly samples: (end: StageEnd) => Sample[];
  readonly onOutput?: (chunk: Uint8Array) => void;
}

/** The page of a log: as given, else that of the job or run. */
export const logUrl = ({
  values,
  env,
}: Pick<StageCall, 'env'> & { values: Pick<StageCall['values'], 'log-url'> }): string =>
  values['log-url'] ?? jobUrl(env, env.JOB_CHECK_RUN_ID);

/** How a command's end counts as the end of a stage. */
export const statusOf = (ended: Ended): Exclude<StageStatus, 'skipped'> =>
  ended.cancelled ? 'cancelled' : ended.code === 0 ? 'success' : 'failure';

/** The error, as far as the options name it. */
export const reportedError = (
  { values, env }: Pick<StageCall, 'env' | 'values'>,
  stage: StageGroup['stage'],
): NonNullable<StageEnd['error']> => ({
  type: values['error-type'] ?? defaultErrorType(stage),
  message: errorMessage(values['error-message'] ?? '', env),
});

/** The error of a command: the options say it, else its output. Killed means out of time, also when another error was expected. */
const commandError = (
  { values, env }: StageCall,
  stage: StageGroup['stage'],
  ended: Ended,
  failure: Failure,
): NonNullable<StageEnd['error']> => ({
  type: ended.timedOut
    ? 'timeout'
    : (values['error-type'] ?? errorTypeOf(defaultErrorType(stage), failure.type)),
  message: values['error-message'] ? errorMessage(values['error-message'], env) : failure.message,
});

/** The end of a stage whose command has ended; what it printed at last goes to the summary page of the run. */
async function commandEnd(call: StageCall, { group, what }: Staged, ended: Ended): Promise<StageEnd> {
  const status = statusOf(ended);
  const { startedMs, finishedMs } = ended;
  const end = { startedMs, finishedMs, status, logUrl: logUrl(call) };
  if (status !== 'failure') return end;
  const { failureOf, writeFailureSummary } = await import('../why/index.ts');
  const error = commandError(call, group.stage, ended, failureOf(ended, call.env));
  writeFailureSummary(what, ended.output, error, call.env);
  return { ...end, logUrl: call.values['log-url'] ?? summaryUrl(call.env), error };
}

const beginPush = (call: StageCall, { group, what }: Staged, startedMs: number): Push => ({
  method: 'PUT',
  group,
  samples: stageStartSamples(group, { startedMs, logUrl: logUrl(call) }),
  what: `the start of ${what}`,
});
const endPush = ({ group, what, samples }: Staged, end: StageEnd): Push => ({
  method: 'PUT',
  group,
  samples: samples(end),
  what: `${what} (${end.status})`,
});

/** Runs the command of a call as a stage, and records its beginning and its end. @returns the command's exit code */
export async function recordStage(call: StageCall, staged: Staged): Promise<number> {
  const { ended, recorded } = await recordAround(call, {
    begin: (startedMs) => beginPush(call, staged, startedMs),
    end: async (end) => endPush(staged, await commandEnd(call, staged, end)),
    ...(staged.onOutput && { onOutput: staged.onOutput }),
  });
  const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
  call.recorder.say(recorded, `${staged.what}: ${statusOf(ended)} after ${seconds}`);
  return ended.code;
}

/** Records a stage that the recorder does not run. */
export async function recordReported(
  call: ReportCall,
  staged: Staged,
  status: (typeof reportedStatuses)[number],
): Promise<void> {
  const { values, at, recorder } = call;
  const end = (ended: StageStatus): StageEnd => ({
    startedMs: values['started-at'],
    finishedMs: values['finished-at'] ?? at,
    status: ended,
    logUrl: logUrl(call),
    ...(ended === 'failure' && { error: reportedError(call, staged.group.stage) }),
  });
  const push =
    status === 'running' ? beginPush(call, staged, values['started-at'] ?? at) : endPush(staged, end(status));
  recorder.say(await recorder.record(push), `${staged.what}: ${status}`);
}
