import { appendFileSync } from 'node:fs';
import { systemClock } from '../../lib/clock.ts';
import { gatewayOf } from '../gateway.ts';
import { type Io, warningLine } from '../io.ts';
import { writeForRunner } from '../runner-file.ts';
import { secretRemover } from '../secrets.ts';
import { ask, prometheusOf, type Question } from './ask.ts';
import { rollbackReason } from './reason.ts';
import { headline, reportJson, reportMarkdown, reportText } from './render.ts';
import type { TrafficSource } from './traffic.ts';
import { askedAt, scrapeWaitMs } from './transport.ts';
import { exitCodes, isFinal, type Report } from './verdict.ts';

/** How patient the gate is, and how it answers. */
export interface GateOptions {
  /** Milliseconds until it must have decided; 0 asks once. */
  readonly waitMs: number;
  /** Milliseconds during which a pass is asked for again, because what fails late has to go too; 0 to stop at a pass. */
  readonly watchMs: number;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** The service that Railway is asked about where Prometheus does not scrape it. */
  readonly railwayService: string | undefined;
  /** True to refuse nothing: the exit code is 0 with every verdict. */
  readonly shadow: boolean;
  readonly json: boolean;
  /** Milliseconds since 1970: judge as of then. */
  readonly at: number | undefined;
}

/** Once it has passed, a version is looked at less often. */
const watchIntervalMs = 30_000;

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
  const prometheus = prometheusOf(env);
  const railway = await railwayOf(options.railwayService, env);
  const begun = Date.now();
  const since = options.at === undefined ? await askedAt(prometheus) : undefined;
  let said = '';
  for (;;) {
    const report = await ask(question, gateway, prometheus, (options.at ?? io.now()) / 1000, since, railway);
    const left = begun + patienceMs(report, options) - Date.now();
    const watching = options.watchMs > 0 && report.verdict === 'pass';
    if (left <= 0 || (isFinal(report) && !watching)) return report;
    const waiting = watching ? headline(report) : `Waiting: ${open(report)}`;
    if (waiting !== said) say(`${waiting}\n`);
    said = waiting;
    const interval = watching ? Math.max(options.intervalMs, watchIntervalMs) : options.intervalMs;
    await systemClock.sleep(Math.min(interval, left));
  }
}

/** Railway's counts, where a service and a token are known. */
const railwayOf = async (
  service: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<TrafficSource | undefined> =>
  service && (env.RAILWAY_TOKEN || env.RAILWAY_API_TOKEN)
    ? (await import('../railway/traffic.ts')).railwayTraffic(env, service)
    : undefined;

/** How long to go on after the first look; a scrape that is due is waited for in any case. */
const patienceMs = ({ verdict, complete }: Report, { waitMs, watchMs, at }: GateOptions): number =>
  Math.max(waitMs, watchMs, complete || verdict !== 'inconclusive' || at !== undefined ? 0 : scrapeWaitMs);

/** The answer in forms for callers, beside the exit code. */
export interface Answered {
  readonly report: Report;
  /** Exit code: that of the verdict, or 0 in shadow mode. */
  readonly code: number;
}

/** Asks, waits if it may, and prints the answer. */
export async function gate(
  question: Question,
  env: NodeJS.ProcessEnv,
  io: Io,
  options: GateOptions,
): Promise<Answered> {
  const clean = secretRemover(env);
  const report = await poll(question, env, io, (text) => io.stderr(clean(text)), options);
  io.stdout(clean(options.json ? reportJson(report) : reportText(report)));
  try {
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, clean(reportMarkdown(report)));
    writeForRunner(env.GITHUB_OUTPUT, 'verdict', report.verdict);
    // Nothing acts on the reason of what only would have been refused.
    writeForRunner(env.GITHUB_OUTPUT, 'reason', options.shadow ? '' : (rollbackReason(report) ?? ''));
  } catch (error) {
    io.stderr(warningLine(`The runner's files could not be written: ${(error as Error).message}.`));
  }
  const refused = report.verdict !== 'pass';
  if (options.shadow && refused) io.stderr('Shadow mode: the answer is recorded, and nothing is refused.\n');
  return { report, code: options.shadow ? 0 : exitCodes[report.verdict] };
}
