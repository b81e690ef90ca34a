import { labels } from '../../metrics/labels.ts';
import type { Ended } from '../child.ts';
import { jobUrl } from '../github.ts';
import { errorMessage } from '../message.ts';
import { choice, text } from '../options.ts';
import {
  defaultErrorType,
  type ErrorType,
  type StageEnd,
  type StageGroup,
  type StageStatus,
} from '../stages.ts';

/** Options of everything that happens in a stage. */
export const errorOptions = {
  'error-type': choice(
    labels.error_type,
    'TYPE',
    'what went wrong, if it fails; else by the name of the stage',
  ),
  'error-message': text('TEXT', 'why, if it fails; secrets are removed; else the last line of stderr'),
} as const;

/** What can be said of something that began, and may have ended, without the recorder running it. */
export const reportedStatuses = [...labels.status, 'running'] as const;

/** Where the log of a stage can be read. */
export const logUrlOption = {
  'log-url': text('URL', "the page of the stage's log; else the page of the run", {
    env: 'DEPLOYMENT_LOG_URL',
  }),
} as const;

/** The page of a log: as given, else that of the job or run. */
export const logUrl = (values: { readonly 'log-url': string | undefined }, env: NodeJS.ProcessEnv): string =>
  values['log-url'] ?? jobUrl(env, env.JOB_CHECK_RUN_ID);

/** How a command's end counts as the end of a stage. */
export const statusOf = (ended: Ended): Exclude<StageStatus, 'skipped'> =>
  ended.cancelled ? 'cancelled' : ended.code === 0 ? 'success' : 'failure';

/** What went wrong in a command that failed: killed means out of time, whatever somebody expected to go wrong. */
export function errorOf(
  ended: Ended,
  given: { readonly 'error-type': ErrorType | undefined; readonly 'error-message': string | undefined },
  stage: StageGroup['stage'],
  env: NodeJS.ProcessEnv,
): NonNullable<StageEnd['error']> {
  return {
    type: ended.timedOut ? 'timeout' : (given['error-type'] ?? defaultErrorType(stage)),
    message: errorMessage(given['error-message'] ?? (ended.lastLine || `exit code ${ended.code}`), env),
  };
}

/** What went wrong, as far as the options say. */
export const reportedError = (
  given: Parameters<typeof errorOf>[1],
  stage: StageGroup['stage'],
  env: NodeJS.ProcessEnv,
): NonNullable<StageEnd['error']> => ({
  type: given['error-type'] ?? defaultErrorType(stage),
  message: errorMessage(given['error-message'] ?? '', env),
});

/** The end of a stage whose command has ended. */
export function stageEndOf(
  ended: Ended,
  given: Parameters<typeof errorOf>[1],
  stage: StageGroup['stage'],
  url: string,
  env: NodeJS.ProcessEnv,
): StageEnd {
  const status = statusOf(ended);
  return {
    startedMs: ended.startedMs,
    finishedMs: ended.finishedMs,
    status,
    logUrl: url,
    ...(status === 'failure' && { error: errorOf(ended, given, stage, env) }),
  };
}
