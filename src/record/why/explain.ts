import { appendFileSync } from 'node:fs';
import type { Ended } from '../child.ts';
import { errorMessage, escapeSequences } from '../message.ts';
import { maskedValues, secretRemover } from '../secrets.ts';
import { type ErrorType, isNotTheCode } from '../stages.ts';
import { why } from './why.ts';

/** Why a command failed, as it may be published. */
export interface Failure {
  /** One line without secrets. */
  readonly message: string;
  /** As far as the output says it. */
  readonly type: ErrorType | undefined;
}

/** Says why a command failed. */
export function failureOf(ended: Ended, env: NodeJS.ProcessEnv): Failure {
  const { message, type } = why(ended.output);
  return {
    message: errorMessage(message || `exit code ${ended.code}`, env, maskedValues(ended.output)),
    type: ended.timedOut ? 'timeout' : type,
  };
}

/** Lines of the output that the summary shows. */
const shownLines = 20;
/** GitHub takes a megabyte for each step; one line of data must not use it up. */
const longestLine = 500;

/** The last lines of the output, without secrets, as a section of the summary page of the run. */
export function failureSummary(
  what: string,
  output: string,
  { message, type }: { readonly message: string; readonly type: string },
  env: NodeJS.ProcessEnv,
): string {
  const clean = secretRemover(env, maskedValues(output));
  const lines = clean(output.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(escapeSequences, ''))
    .split('\n')
    .map((line) => line.replace(/(?!\t)\p{Cc}/gu, '').trimEnd())
    .filter((line) => !/^::(?:warning title=Deployment recorder|add-mask)::/.test(line));
  while (lines.at(-1) === '') lines.pop();
  const shown = lines.slice(-shownLines).map((line) => line.slice(0, longestLine));
  const fence = '`'.repeat(Math.max(3, ...shown.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
  const cause = isNotTheCode(type) ? `${type}: not a failure of the code` : type;
  return [
    `### Failed: ${what}`,
    '',
    `**${message.replace(/[\\`*_<>[\]|]/g, '\\$&')}** (${cause})`,
    '',
    fence,
    ...shown,
    fence,
    '',
    '',
  ].join('\n');
}

/** Writes the summary where the runner collects it. Never throws: a full disk is no reason to fail. */
export function writeFailureSummary(...args: Parameters<typeof failureSummary>): void {
  const env = args[3];
  if (!env.GITHUB_STEP_SUMMARY) return;
  try {
    appendFileSync(env.GITHUB_STEP_SUMMARY, failureSummary(...args));
  } catch {
    // The message is recorded all the same.
  }
}
