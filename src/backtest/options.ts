import { durationSeconds } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { Prometheus } from '../lib/prometheus.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import type { Span } from './replay.ts';

const formats = ['text', 'markdown', 'json'] as const;
/** How the report is printed. */
export type Format = (typeof formats)[number];

/** Options of the command line. */
export interface Given {
  readonly since: string;
  readonly step: string;
  readonly prometheus: string | undefined;
  readonly at: string | undefined;
  readonly format: string | undefined;
  readonly json: boolean;
}

/** The parsed request. */
export interface Options {
  readonly prometheus: Prometheus;
  readonly span: Span;
  readonly format: Format;
}

const day = 86_400;
const longest = 366 * day;
/** 2001, and 5138: outside of them a number is hardly a time in seconds. */
const times = { first: 1e9, last: 1e11 } as const;
/** Long queries over a month take their time. */
const timeoutMs = 120_000;

type Problems = string[];

function durationOf(
  text: string,
  option: string,
  [least, most]: [number, number],
  problems: Problems,
): number {
  const value = durationSeconds(text);
  if (value === undefined)
    problems.push(`${option} "${text}" is no duration. Write something like 30d, 12h or 1h30m.`);
  else if (value < least || value > most)
    problems.push(`${option} "${text}" is not between ${least} s and ${most / day} days.`);
  else return value;
  return Number.NaN;
}

function momentOf(text: string | undefined, now: number, problems: Problems): number {
  if (text === undefined) return now;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) problems.push(`--at "${text}" is no time. Give Unix seconds, such as ${now}.`);
  else if (value >= times.last)
    problems.push(`--at ${text} looks like milliseconds. Give Unix seconds: ${Math.floor(value / 1000)}.`);
  else if (value < times.first)
    problems.push(`--at ${text} is before 2001. Give Unix seconds, such as ${now}.`);
  else if (value > now + 60) problems.push(`--at ${text} is in the future, where there is no history.`);
  return value;
}

function spanOf(given: Given, now: number, problems: Problems): Span {
  const step = durationOf(given.step, '--step', [1, day], problems);
  const since = durationOf(given.since, '--since', [1, longest], problems);
  const at = momentOf(given.at, now, problems);
  if (step > since) problems.push(`--step ${given.step} is longer than --since ${given.since}.`);
  const to = Math.floor(at / step) * step;
  return { from: to - since, to, step };
}

function formatOf({ format, json }: Given, problems: Problems): Format {
  const chosen = format ?? (json ? 'json' : 'text');
  if (!(formats as readonly string[]).includes(chosen))
    problems.push(`There is no format "${chosen}". There are ${formats.join(', ')}.`);
  else if (json && chosen !== 'json') problems.push(`--json and --format ${chosen} cannot both be.`);
  return chosen as Format;
}

/** The message of a user's mistake; anything else is thrown on. */
function orProblem<T>(problems: Problems, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push([error.message, error.fix].filter(Boolean).join(' '));
    return undefined;
  }
}

/**
 * Reads the options.
 * @param now Unix seconds
 * @throws UserError naming everything that is wrong with them
 */
export function optionsOf(given: Given, env: NodeJS.ProcessEnv, now: number): Options {
  const problems: Problems = [];
  const span = spanOf(given, now, problems);
  const format = formatOf(given, problems);
  const url = given.prometheus ?? env.PROMETHEUS_URL;
  const name = given.prometheus === undefined ? 'PROMETHEUS_URL' : '--prometheus';
  if (!url?.trim()) problems.push('Say which Prometheus to ask: --prometheus URL, or PROMETHEUS_URL.');
  else orProblem(problems, () => baseUrl(url, name));
  const headers = orProblem(problems, () => authorization('PROMETHEUS', env));
  if (problems.length > 0 || !url)
    throw new UserError(problems.join('\n'), 'See: npm run backtest -- --help');
  return { prometheus: new Prometheus(url, headers, timeoutMs), span, format };
}
