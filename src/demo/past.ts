import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prometheus } from '../lib/prometheus.ts';
import { panelQueries, parseDashboard } from '../panels/index.ts';
import { recentDeployments } from '../pipeline/index.ts';
import {
  type Backfill,
  gatewayTarget,
  type History,
  injectLedger,
  type RecordedRule,
  remembers,
  remoteWrite,
} from '../simulator/index.ts';
import { rulesBehind } from './rules.ts';

const hour = 3600;
const day = 24 * hour;
/** A past is written in steps of an hour, and ends at one of their tenths. */
const tenMinutes = 600;

/** The last moment at or before `time` up to which a past can be written. */
export const pastEnd = (time: number): number => Math.floor(time / tenMinutes) * tenMinutes;

/** It is a server of our own: on a busy machine it is slow, and not lost. Its own limit is as long. */
const patienceMs = 120_000;

/** True for rules that write facts of single deployments: those of the ledger, and what is derived from them. */
const isFact = ({ record }: RecordedRule): boolean => /^(recent_)?deployment(_\w+)?:/.test(record);

/** Groups that are written with the ledger. */
const injected = /^deployment-(ledger|timeline)/;

/** Expressions that the dashboards draw over time. */
function drawn(generated: string): string[] {
  const folder = join(generated, 'grafana', 'dashboards');
  const state = { variables: {}, from: 0, to: 7 * day };
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => panelQueries(parseDashboard(readFileSync(join(folder, name), 'utf8')), state))
    .flatMap(({ kind, expr }) => (kind === 'range' ? [expr] : []));
}

/** Read at the end of any time that is looked at: when something was heard last. */
const readThen = ['environment:last_event_timestamp_seconds:max'];

/** Since when the deployments began that the lists of the newest hold. */
function listedSince({ deployments, end }: History): number {
  const environments = new Set(deployments.map(({ environment }) => environment));
  const starts = [...environments].flatMap((environment) => {
    const own = deployments.filter((d) => d.environment === environment);
    return own.slice(-recentDeployments).map(({ started }) => started);
  });
  return Math.min(end, ...starts);
}

/** Writes a history's facts into a Prometheus, as its own rules make them. The history ends at a {@link pastEnd}. */
export async function writeFacts(
  url: string,
  history: History,
  rules: readonly RecordedRule[],
  days: number,
): Promise<Backfill> {
  const { end } = history;
  const past = { start: end - days * day, end, step: hour };
  const backfill = await injectLedger(new Prometheus(url, {}, patienceMs), url, history, rules, past);
  const facts = rules.filter((rule) => isFact(rule) && !injected.test(rule.group));
  const read = rules.filter((rule) => !isFact(rule)).map(({ expr }) => expr);
  await backfill.evaluate(rulesBehind(facts, read), past);
  const lists = facts.filter(remembers).map(({ record }) => record);
  const since = Math.max(past.start, end - Math.ceil((end - listedSince(history)) / hour) * hour);
  await backfill.evaluate(rulesBehind(facts, lists), { ...past, start: since });
  return backfill;
}

/**
 * Writes that the gateway was scraped and the ledger evaluated every minute from a moment to another: alerts, notices and
 * graphs look back five minutes, and would else find that everything was down.
 * @param jobs others that were scraped as well
 */
export async function writeCollection(
  url: string,
  { from, end }: { readonly from: number; readonly end: number },
  jobs: readonly string[] = [],
): Promise<void> {
  const minutes = Array.from({ length: Math.floor((end - from) / 60) + 1 }, (_, i) => end - i * 60).reverse();
  await remoteWrite(url, [
    ...[gatewayTarget, ...jobs.map((job) => ({ job }))].map((target) => ({
      labels: { __name__: 'up', ...target },
      points: minutes.map((time): [number, number] => [time, 1]),
    })),
    {
      labels: { __name__: 'deployment_observability:ledger_evaluated_timestamp_seconds:max' },
      points: minutes.map((time) => [time, time]),
    },
  ]);
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
  // Facts are there already. What rules remember is written as well: those of the present go on from it.
  const windows = rules.filter((rule) => !isFact(rule));
  const remembered = windows.filter(remembers).map(({ record }) => record);
  const trends = rulesBehind(windows, [...drawn(generated), ...readThen, ...remembered]);
  const week = end - Math.min(days, 7) * day;
  const first = Math.ceil((end - days * day) / hour) * hour;
  // In order of time: some remember.
  await backfill.evaluate(trends, { start: first, end: week - hour, step: hour });
  await backfill.evaluate(trends, { start: week, end, step: 300 });
}
