import { Prometheus, type Series } from '../../src/lib/prometheus.ts';
import { staleMarker, type WrittenSeries } from '../../src/lib/remote-write.ts';
import type { RecordingRule, RuleGroup } from '../../src/metrics/rule.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { written } from '../../src/record/way.ts';
import type { Generation } from '../../src/servers/find.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { scrapes } from '../../src/simulator/feed.ts';
import { seriesKey } from '../../src/simulator/gateway.ts';
import { pushesOf } from '../../src/simulator/pushes.ts';
import { remoteWrite } from '../../src/simulator/remote-write.ts';
import type { ScrapedSeries } from '../../src/simulator/scrapes.ts';
import type { History } from '../../src/simulator/types.ts';

/** When was scraped and evaluated; seconds. */
export interface PastTimes {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A real Prometheus that holds a past to the scrape: series end where they ended. */
export interface PastSystem {
  readonly prometheus: Prometheus;
  readonly server: RunningPrometheus;
  /** Writes what was scraped of something else than the gateway. */
  write(series: readonly WrittenSeries[]): Promise<void>;
  /** Evaluates rules over the whole past, or from a moment on, one after the other. */
  evaluate(groups: readonly RuleGroup[], from?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A scraped series as samples; where it is gone, a marker says so. */
function samplesOf({ labels, points }: ScrapedSeries, { from, step }: PastTimes): WrittenSeries {
  const samples: [number, number][] = [];
  let index = 0;
  for (const { point, count } of points) {
    if (point !== 'nothing')
      for (let i = index; i < index + count; i++)
        samples.push([from + i * step, point === 'stale' ? staleMarker : point]);
    index += count;
  }
  return { labels, points: samples };
}

/**
 * A rule's answer as it would have been recorded. Series that differ in their name only (an `or` keeps the names
 * of what it joins) become one; where a series has a gap, a marker says that it was gone.
 */
function recordedAs(
  rule: RecordingRule,
  found: readonly Series[],
  { to, step }: PastTimes,
  marker: readonly number[] = [staleMarker],
): WrittenSeries[] {
  const merged = new Map<string, { labels: Record<string, string>; points: [number, number][] }>();
  for (const { labels, points } of found) {
    const named = { ...labels, ...rule.labels, __name__: rule.record };
    const own = merged.get(seriesKey(named)) ?? { labels: named, points: [] as [number, number][] };
    own.points.push(...points.map(([time, value]): [number, number] => [time, value]));
    merged.set(seriesKey(named), own);
  }
  return [...merged.values()].map(({ labels, points }) => {
    const sorted = points.sort(([a], [b]) => a - b);
    const marked = sorted.flatMap(([time, value], i): [number, number][] => {
      const next = sorted[i + 1]?.[0] ?? Number.POSITIVE_INFINITY;
      const ends = next > time + step && time + step <= to;
      return ends
        ? [[time, value], ...marker.map((gone): [number, number] => [time + step, gone])]
        : [[time, value]];
    });
    return { labels, points: marked };
  });
}

/** A month of thirty-day windows at once is more than a busy machine answers in time. */
const pointsAtOnce = 200;

/**
 * Starts a Prometheus and writes a past into it. One was seen to stop answering in the middle of such a write, and said
 * nothing for five minutes; when that happens, what it logged is shown, and another one is started.
 */
async function started(generation: Generation, raw: readonly WrittenSeries[]): Promise<RunningPrometheus> {
  for (let attempt = 1; ; attempt++) {
    const server = await startPrometheus({
      generation,
      config: prometheusConfig({ outOfOrderWindow: '60d' }),
      acceptsBackfill: true,
      retention: '20y',
    });
    try {
      await remoteWrite(server.url, raw);
      return server;
    } catch (error) {
      console.error(`Prometheus did not take the past: ${error}\n${server.log().slice(-5_000)}`);
      await server.stop();
      if (attempt === 2) throw error;
    }
  }
}

/** Samples of a history as the recorder sends them by remote write. */
async function* writes(history: History, to: number): AsyncGenerator<WrittenSeries> {
  for (const deployment of history.deployments)
    for (const { time, push } of await pushesOf(deployment)) if (time <= to) yield* written(push, time);
}

/** Samples of a history as scraped from the gateway, with stale markers where series end. */
async function* scrapedOf(history: History, times: PastTimes): AsyncGenerator<WrittenSeries> {
  for await (const series of scrapes(history, { from: times.from, to: times.to, interval: times.step }))
    yield samplesOf(series, times);
}

/** Starts a Prometheus and gives it what it would have of a history, pushed by the recorder's own code. */
export async function startPast(
  history: History,
  times: PastTimes,
  generation: Generation = 'current',
  transport: Pipeline['transport'] = 'pushgateway',
): Promise<PastSystem> {
  const raw: WrittenSeries[] = [];
  const all = transport === 'pushgateway' ? scrapedOf(history, times) : writes(history, times.to);
  for await (const series of all) raw.push(series);
  const server = await started(generation, raw);
  const prometheus = new Prometheus(server.url);
  const write = (series: readonly WrittenSeries[]): Promise<void> => remoteWrite(server.url, series);
  const answers = async (rule: RecordingRule, from: number): Promise<Series[]> => {
    const found: Series[] = [];
    for (let start = from; start <= times.to; start += pointsAtOnce * times.step) {
      const end = Math.min(times.to, start + (pointsAtOnce - 1) * times.step);
      found.push(...(await prometheus.queryRange(rule.expr.text, start, end, times.step)));
    }
    return found;
  };
  const evaluate = async (groups: readonly RuleGroup[], from = times.from): Promise<void> => {
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      if (rule.kind !== 'record') continue;
      // What looks back at what it recorded itself is asked twice: at first nothing is there to look back at.
      if (rule.expr.text.includes(`(${rule.record}`))
        await write(recordedAs(rule, await answers(rule, from), times, []));
      await write(recordedAs(rule, await answers(rule, from), times));
    }
  };
  return { prometheus, server, write, evaluate, stop: () => server.stop() };
}
