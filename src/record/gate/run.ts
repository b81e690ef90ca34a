import { appendFileSync } from 'node:fs';
import { systemClock } from '../../lib/clock.ts';
import { gatewayOf } from '../gateway.ts';
import { type Io, warningLine } from '../io.ts';
import { writeForRunner } from '../runner-file.ts';
import { secretRemover } from '../secrets.ts';
import { ask, type Question } from './ask.ts';
import { rollbackReason } from './reason.ts';
import { reportJson, reportMarkdown, reportText } from './render.ts';
import { exitCodes, type Report } from './verdict.ts';

/** How patient the gate is, and how it answers. */
export interface GateOptions {
  /** Milliseconds until it must have decided; 0 asks once. */
  readonly waitMs: number;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  readonly json: boolean;
  /** Milliseconds since 1970: judge as of then. */
  readonly at: number | undefined;
}

const decided = ({ verdict }: Report): boolean => verdict === 'pass' || verdict === 'fail';
const open = (report: Report): string =>
  report.checks
    .filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'error')
    .map(({ name, found }) => `${name} (${found})`)
    .join(', ');

/** Looks until it is decided or the time is up. */
async function poll(
  question: Question,
  env: NodeJS.ProcessEnv,
  io: Pick<Io, 'now'>,
  say: (text: string) => void,
  options: GateOptions,
): Promise<Report> {
  const gateway = gatewayOf(env);
  const end = Date.now() + options.waitMs;
  let said = '';
  for (;;) {
    const report = await ask(question, gateway, env, (options.at ?? io.now()) / 1000);
    const left = end - Date.now();
    if (decided(report) || left <= 0) return report;
    const waiting = open(report);
    if (waiting !== said) say(`Waiting: ${waiting}\n`);
    said = waiting;
    await systemClock.sleep(Math.min(options.intervalMs, left));
  }
}

/** Asks, waits if it may, prints the answer, and gives the exit code. */
export async function gate(
  question: Question,
  env: NodeJS.ProcessEnv,
  io: Io,
  options: GateOptions,
): Promise<number> {
  const clean = secretRemover(env);
  const report = await poll(question, env, io, (text) => io.stderr(clean(text)), options);
  io.stdout(clean(options.json ? reportJson(report) : reportText(report)));
  try {
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, clean(reportMarkdown(report)));
    writeForRunner(env.GITHUB_OUTPUT, 'verdict', report.verdict);
    writeForRunner(env.GITHUB_OUTPUT, 'reason', rollbackReason(report) ?? '');
  } catch (error) {
    io.stderr(warningLine(`The runner's files could not be written: ${(error as Error).message}.`));
  }
  return exitCodes[report.verdict];
}
