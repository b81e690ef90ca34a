import { appendFileSync } from 'node:fs';
import { readInTime } from '../result/finish.ts';
import type { DeploymentResult } from '../result/model.ts';
import { secretRemover } from '../secrets.ts';
import { slackText } from './chat-text.ts';
import { restText, tellPulls } from './pulls.ts';
import { type TellCall, tell } from './tell.ts';

/** Two stages may end at once, each with a process that reports: the later one looks once more. */
const mostRounds = 3;
/** Pull requests are many requests. */
const pullsMs = 120_000;

const isKnown = ({ started, stages }: DeploymentResult): boolean =>
  started !== undefined || stages.length > 0;

async function pullRequests(result: DeploymentResult, { env, io }: TellCall): Promise<string[]> {
  const told = await tellPulls(result, env, AbortSignal.timeout(pullsMs));
  const numbers = told.pulls.map((number) => `#${number}`).join(', ');
  if (told.pulls.length > 0) io.stderr(`Told: ${numbers}\n`);
  for (const note of told.range.notes) io.stderr(`${note}\n`);
  const rest = secretRemover(env)(restText(told));
  if (rest === '') return [...told.warnings];
  io.stderr(`${told.range.rest.length} more commits were deployed than comments tell of.\n`);
  try {
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, rest);
  } catch (error) {
    return [...told.warnings, `The summary of the run could not be written: ${(error as Error).message}.`];
  }
  return [...told.warnings];
}

/** Brings the chat's message up to date with what is known now. */
async function progress(first: DeploymentResult, call: TellCall): Promise<string[]> {
  let result = first;
  for (let round = 1; ; round++) {
    const warnings = await tell(result, call, { chat: true, annotations: false, isProgress: true });
    const now = await readInTime(call, [], true);
    if (warnings.length > 0 || round >= mostRounds || slackText(now) === slackText(result)) return warnings;
    result = now;
  }
}

/** Tells of a deployment what is known of it now. Never throws. @param only whom; everybody when it is empty @returns warnings */
export async function tellAgain(call: TellCall, only: readonly string[]): Promise<string[]> {
  const { environment, deployment_id } = call.deployment;
  const result = await readInTime(call, [], true);
  if (!isKnown(result))
    return [
      `Nothing is told: nothing is known of deployment ${deployment_id} to ${environment}. ${result.unknown.join(' ')}`,
    ];
  if (only.includes('progress')) return await progress(result, call);
  const to = (who: string): boolean => only.length === 0 || only.includes(who);
  const warnings = await tell(result, call, {
    chat: to('chat'),
    annotations: to('annotations'),
    isProgress: false,
  });
  return to('pull-requests') ? [...warnings, ...(await pullRequests(result, call))] : warnings;
}
