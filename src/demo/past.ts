import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prometheus } from '../lib/prometheus.ts';
import { panelQueries, parseDashboard } from '../panels/index.ts';
import { type Backfill, type History, injectLedger, type RecordedRule } from '../simulator/index.ts';
import { rulesBehind } from './rules.ts';

const hour = 3600;
const day = 24 * hour;
/** A past is written in steps of an hour, and ends at one of their tenths. */
const tenMinutes = 600;

/** The last moment at or before `time` up to which a past can be written. */
export const pastEnd = (time: number): number => Math.floor(time / tenMinutes) * tenMinutes;

/** True for rules that write facts of single deployments: those of the ledger, and what is derived from them. */
const isFact = ({ record }: RecordedRule): boolean => /^(recent_)?deployment(_\w+)?:/.test(record);

/** Expressions that the dashboards ask, of one kind. */
function asked(generated: string, wanted: 'range' | 'instant'): string[] {
  const folder = join(generated, 'grafana', 'dashboards');
  const state = { variables: {}, from: 0, to: 7 * day };
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => panelQueries(parseDashboard(readFileSync(join(folder, name), 'utf8')), state))
    .flatMap(({ kind, expr }) => (kind === wanted ? [expr] : []));
}

/**
 * Writes a history's facts into a Prometheus, as its own rules make them. The history ends at a {@link pastEnd}.
 * @param generated the folder of what was built: its dashboards say what is asked
 */
export async function writeFacts(
  url: string,
  history: History,
  rules: readonly RecordedRule[],
  days: number,
  generated: string,
): Promise<Backfill> {
  const past = { start: history.end - days * day, end: history.end, step: hour };
  const backfill = await injectLedger(new Prometheus(url), url, history, rules, past);
  const facts = rules.filter((rule) => isFact(rule) && !rule.group.startsWith('deployment-ledger'));
  const read = [
    ...rules.filter((rule) => !isFact(rule)).map(({ expr }) => expr),
    ...asked(generated, 'instant'),
  ];
  await backfill.evaluate(rulesBehind(facts, read), past);
  return backfill;
}

/**
 * Writes what graphs draw: the indicators of the last seven days every five minutes, because Prometheus looks back
 * no further than that, and those of the time before every hour, which is as fine as a graph of a month is drawn.
 * @param generated the folder of what was built: its dashboards say what is drawn
 */
export async function writeTrends(
  backfill: Backfill,
  { end }: History,
  rules: readonly RecordedRule[],
  days: number,
  generated: string,
): Promise<void> {
  // Facts are there already.
  const trends = rulesBehind(
    rules.filter((rule) => !isFact(rule)),
    asked(generated, 'range'),
  );
  const week = end - Math.min(days, 7) * day;
  const first = Math.ceil((end - days * day) / hour) * hour;
  // In order of time: some remember.
  await backfill.evaluate(trends, { start: first, end: week - hour, step: hour });
  await backfill.evaluate(trends, { start: week, end, step: 300 });
}
