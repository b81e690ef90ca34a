import type { Prometheus } from '../lib/prometheus.ts';
import type { WrittenSeries } from '../lib/remote-write.ts';
import { Backfill, type Past, type RecordedRule } from './backfill.ts';
import { gatewayTarget } from './feed.ts';
import { exposedHistory } from './pushes.ts';
import { remoteWrite } from './remote-write.ts';
import { type ScrapedSeries, scraped, up } from './scrapes.ts';
import type { History } from './types.ts';

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
 * ledger (with the timeline of each deployment) as its own rules make it of them. A step of an hour is enough, because the gateway holds a deployment for
 * two, and takes seconds for a month. It must take remote writes and samples that are out of order.
 */
export async function injectLedger(
  prometheus: Prometheus,
  url: string,
  history: History,
  rules: readonly RecordedRule[],
  past: Past,
): Promise<Backfill> {
  const times = { from: past.start, to: past.end, interval: past.step };
  const first: ScrapedSeries[] = [up(gatewayTarget.job, gatewayTarget.instance, times)];
  const later: ScrapedSeries[] = [];
  for await (const { lives } of exposedHistory(history)) {
    first.push(...scraped(lives[0] ?? [], times));
    later.push(...scraped(lives.slice(1).flat(), times));
  }
  const backfill = new Backfill(prometheus, url);
  const evaluate = (name: string) =>
    backfill.evaluate(
      rules.filter(({ group }) => group === name),
      past,
    );
  await remoteWrite(
    url,
    first.map((series) => samplesOf(series, past)),
  );
  await evaluate('deployment-ledger');
  // Late events of a deployment that was removed from the gateway make the ledger look it up in its own past.
  await remoteWrite(
    url,
    later.map((series) => samplesOf(series, past)),
  );
  await backfill.evaluate(
    rules.filter(({ record }) => record === 'deployment:late_push_timestamp_seconds:max'),
    past,
  );
  await evaluate('deployment-ledger-late');
  await evaluate('deployment-ledger');
  await evaluate('deployment-timeline');
  // An error that is over is found in what was recorded before.
  await evaluate('deployment-timeline');
  return backfill;
}
