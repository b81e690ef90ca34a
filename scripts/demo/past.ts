import { readdirSync, readFileSync } from 'node:fs';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { panelQueries } from '../lib/panel-queries.ts';
import { Prometheus } from '../lib/prometheus.ts';
import { inProject } from '../lib/root.ts';
import type { Backfill, RecordedRule } from '../simulator/backfill.ts';
import { injectLedger } from '../simulator/past.ts';
import type { History } from '../simulator/types.ts';
import { recordedNames, rulesBehind } from './rules.ts';

const hour = 3600;
/** The ledger writes whatever it holds at every tenth minute. */
const tenMinutes = 600;

/** The last moment at or before `time` up to which a past can be written. */
export const pastEnd = (time: number): number => Math.floor(time / tenMinutes) * tenMinutes;

/** True for rules that write facts of single deployments: those of the ledger, and what is derived from them. */
const isFact = ({ record }: RecordedRule): boolean => /^deployment(_\w+)?:/.test(record);

/** Metrics that the dashboards draw over time. */
function drawnMetrics(): Set<string> {
  const folder = inProject('generated', 'grafana', 'dashboards');
  const state = { variables: {}, from: 0, to: 7 * 24 * hour };
  const queries = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) =>
      panelQueries(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Dashboard, state),
    );
  return new Set(queries.filter(({ kind }) => kind === 'range').flatMap(({ expr }) => recordedNames(expr)));
}

/** Writes a history's facts into a Prometheus, as its own rules make them. The history ends at a {@link pastEnd}. */
export async function writeFacts(
  url: string,
  history: History,
  rules: readonly RecordedRule[],
  days: number,
): Promise<Backfill> {
  const past = { start: history.end - days * 24 * hour, end: history.end, step: hour };
  const backfill = await injectLedger(new Prometheus(url), url, history, rules, past);
  const derived = rules.filter((rule) => isFact(rule) && !rule.group.startsWith('deployment-ledger'));
  await backfill.evaluate(derived, past);
  return backfill;
}

/**
 * Writes what graphs draw: the indicators of the last seven days, every five minutes, because Prometheus looks back
 * no further than that.
 */
export async function writeTrends(
  backfill: Backfill,
  history: History,
  rules: readonly RecordedRule[],
  days: number,
): Promise<void> {
  const facts = new Set(rules.filter(isFact).map(({ record }) => record));
  const start = history.end - Math.min(days, 7) * 24 * hour;
  await backfill.evaluate(rulesBehind(rules, drawnMetrics(), facts), { start, end: history.end, step: 300 });
}
