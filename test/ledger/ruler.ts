import type { Prometheus } from '../../src/lib/prometheus.ts';
import { staleMarker, type WrittenSeries } from '../../src/lib/remote-write.ts';
import type { RecordingRule, RuleGroup } from '../../src/metrics/rule.ts';
import { seriesKey } from '../../src/simulator/gateway.ts';
import { remoteWrite } from '../../src/simulator/remote-write.ts';

/** When a ruler evaluates: Unix seconds, both ends included. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Evaluates recording rules as a ruler does, one moment after the other, through a Prometheus' API: what a rule
 * gave before and gives no more is marked as gone.
 */
export class Ruler {
  readonly #prometheus: Prometheus;
  readonly #url: string;
  /** By how many evaluations results are visible late. 0: the next rule of the group sees them, as in Prometheus. */
  readonly #late: number;
  readonly #before = new Map<RecordingRule, ReadonlyMap<string, Labels>>();
  #pending: { readonly from: number; readonly series: readonly WrittenSeries[] }[] = [];

  constructor(prometheus: Prometheus, url: string, late = 0) {
    this.#prometheus = prometheus;
    this.#url = url;
    this.#late = late;
  }

  /** Evaluates groups, each at its own interval, where that is longer than the step. */
  async run(groups: readonly RuleGroup[], { from, to, step }: Span): Promise<void> {
    for (let time = from; time <= to; time += step) {
      await this.#show(time);
      for (const group of groups)
        if (time % group.interval < step) await this.#evaluate(group, time, Math.max(step, group.interval));
    }
    await this.#show(Number.POSITIVE_INFINITY);
  }

  async #show(time: number): Promise<void> {
    const due = this.#pending.filter(({ from }) => from <= time);
    this.#pending = this.#pending.filter(({ from }) => from > time);
    for (const { series } of due) await remoteWrite(this.#url, series);
  }

  async #evaluate({ rules }: RuleGroup, time: number, interval: number): Promise<void> {
    const recording = rules.filter((rule): rule is RecordingRule => rule.kind === 'record');
    if (this.#late === 0)
      for (const rule of recording) await remoteWrite(this.#url, await this.#result(rule, time));
    else {
      const results = await Promise.all(recording.map((rule) => this.#result(rule, time)));
      this.#pending.push({ from: time + this.#late * interval, series: results.flat() });
    }
  }

  async #result(rule: RecordingRule, time: number): Promise<WrittenSeries[]> {
    const found = (await this.#prometheus.query(rule.expr.text, time)).map(({ labels, value }) => ({
      labels: { ...labels, ...rule.labels, __name__: rule.record },
      value,
    }));
    const now = new Map(found.map(({ labels }) => [seriesKey(labels), labels]));
    const before = this.#before.get(rule) ?? new Map<string, Labels>();
    this.#before.set(rule, now);
    return [
      ...found.map(({ labels, value }): WrittenSeries => ({ labels, points: [[time, value]] })),
      ...[...before].flatMap(([key, labels]) =>
        now.has(key) ? [] : [{ labels, points: [[time, staleMarker] as const] }],
      ),
    ];
  }
}
