import type { Prometheus } from '../lib/prometheus.ts';
import { Backfill, type Past, type RecordedRule } from './backfill.ts';
import { scrapes } from './feed.ts';
import { remoteWrite, type WrittenSeries } from './remote-write.ts';
import type { ScrapedSeries } from './scrapes.ts';
import type { History } from './types.ts';

/** The rule groups of the ledger, in the order in which they are evaluated afterwards. */
const ledgerGroups = ['deployment-ledger', 'deployment-ledger-late'] as const;

/** The samples of a series; that it has gone cannot be said, and between distant scrapes need not be. */
export const samplesOf = ({ labels, points }: ScrapedSeries, { start, step }: Past): WrittenSeries => {
  const samples: [number, number][] = [];
  let index = 0;
  for (const { point, count } of points) {
    if (typeof point === 'number')
      for (let i = index; i < index + count; i++) samples.push([start + i * step, point]);
    index += count;
  }
  return { labels, points: samples };
};

/**
 * Gives a Prometheus a past: the raw series of a history as a scrape in every `step` would have seen them, and the
 * ledger as its own rules make it of them. A step of an hour is enough, because the gateway holds a deployment for
 * two, and takes seconds for a month. It must take remote writes and samples that are out of order.
 * @param past its end and step must be multiples of ten minutes, when the ledger writes whatever it holds
 */
export async function injectLedger(
  prometheus: Prometheus,
  url: string,
  history: History,
  rules: readonly RecordedRule[],
  past: Past,
): Promise<Backfill> {
  const raw: WrittenSeries[] = [];
  const times = { from: past.start, to: past.end, interval: past.step };
  for await (const series of scrapes(history, times)) raw.push(samplesOf(series, past));
  await remoteWrite(url, raw);
  const backfill = new Backfill(prometheus, url);
  const [ledger, late] = ledgerGroups.map((name) => rules.filter(({ group }) => group === name));
  // A late rollback looks its deployment up in the ledger, and is then entered there.
  for (const group of [ledger, late, ledger]) await backfill.evaluate(group ?? [], past);
  return backfill;
}
