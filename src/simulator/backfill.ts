import { parse } from 'yaml';
import type { Prometheus, Series } from '../lib/prometheus.ts';
import type { WrittenSeries } from '../lib/remote-write.ts';
import { seriesKey } from './gateway.ts';
import { remoteWrite } from './remote-write.ts';

/** A recording rule as it stands in a rule file. */
export interface RecordedRule {
  readonly group: string;
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface RuleFile {
  groups?: {
    name: string;
    rules?: { record?: string; expr: string | number; labels?: Record<string, string> }[];
  }[];
}

/** The recording rules of a rule file, in order. */
export const recordingRules = (text: string): RecordedRule[] =>
  ((parse(text) as RuleFile | null)?.groups ?? []).flatMap(({ name, rules = [] }) =>
    rules.flatMap(({ record, expr, labels = {} }) =>
      record === undefined ? [] : [{ group: name, record, expr: String(expr), labels }],
    ),
  );

/** When rules are evaluated afterwards: Unix seconds, both ends included. */
export interface Past {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** A selector of a recorded metric: those have colons in their names, and no others do. */
const recordedSelector = /\b([a-z_]\w*(?::\w+)+)(?:\{([^}]*)\})?/g;

/** True when an expression reads what a rule records: its metric, and with no other value of the rule's labels. */
export function readerOf(expr: string): (rule: RecordedRule) => boolean {
  const selectors = [...expr.matchAll(recordedSelector)].map(([, name, matchers = '']) => ({
    name,
    exact: [...matchers.matchAll(/(\w+)="([^"]*)"/g)],
  }));
  return ({ record, labels }) =>
    selectors.some(
      ({ name, exact }) =>
        name === record &&
        exact.every(([, label = '', value]) => labels[label] === undefined || labels[label] === value),
    );
}

/** Rules that are evaluated side by side: Prometheus answers each question on one core. */
const atOnce = 2;

/**
 * Does something for rules side by side, as if one after the other: none before those in front of it that it reads, or
 * that read it.
 */
async function inOrder(
  rules: readonly RecordedRule[],
  work: (rule: RecordedRule) => Promise<void>,
): Promise<void> {
  const reads = new Map(rules.map((rule) => [rule, readerOf(rule.expr)]));
  const before = new Map(
    rules.map((rule, at) => [
      rule,
      rules.slice(0, at).filter((earlier) => reads.get(rule)!(earlier) || reads.get(earlier)!(rule)),
    ]),
  );
  const waiting = new Set(rules);
  const running = new Map<RecordedRule, Promise<void>>();
  const isOver = (rule: RecordedRule): boolean => !waiting.has(rule) && !running.has(rule);
  while (waiting.size + running.size > 0) {
    const next =
      running.size < atOnce ? [...waiting].find((rule) => before.get(rule)!.every(isOver)) : undefined;
    if (next) {
      waiting.delete(next);
      running.set(
        next,
        work(next).finally(() => running.delete(next)),
      );
    } else await Promise.race(running.values());
  }
}

/** A question about a longer time costs Prometheus more than half a minute when much happened in it. Seconds. */
const piece = 7 * 86_400;
/** Seconds written at once: less than the day for which a rule remembers its own values, which must be there when it is evaluated. */
const memory = 20 * 3_600;

const hour = 3_600;

/** Whether a rule goes on from what it recorded within the last day. */
export const remembers = ({ record, expr }: RecordedRule): boolean => {
  const own = expr.split(record).slice(1);
  return own.some((rest) => /^(?:\{[^}]*\})?\[1d\]/.test(rest));
};

/**
 * The spans that are written at once. What a rule remembers of its own must be there when it is evaluated, and the
 * facts of a past are hourly: in finer steps, each span ends where such a fact can be read, and the next goes on from it.
 */
function* spans(rule: RecordedRule, { start, end, step }: Past): Generator<Past> {
  const own = remembers(rule);
  const length = Math.max(step, own ? (step < hour ? hour : memory) : piece);
  for (let from = start, first = own; from <= end; first = false) {
    const to = Math.min(end, first ? from : from + length - step);
    yield { start: from, end: to, step };
    from = to + step;
  }
}

/**
 * Evaluates recording rules for moments that are over, as if one after the other, and writes what they would have
 * recorded. A rule sees what those before it in the list recorded at the same moment. Nothing marks a series as
 * gone, so with steps below Prometheus' lookback of five minutes a fact stays visible longer than it did.
 */
export class Backfill {
  readonly #prometheus: Prometheus;
  readonly #url: string;
  /** Moments that are written already, by series. */
  readonly #written = new Map<string, Set<number>>();

  constructor(prometheus: Prometheus, url: string) {
    this.#prometheus = prometheus;
    this.#url = url;
  }

  /** Evaluates the rules; what an earlier call wrote is not written again. Returns the number of new samples. */
  async evaluate(rules: readonly RecordedRule[], past: Past): Promise<number> {
    let samples = 0;
    await inOrder(rules, async (rule) => {
      for (const { start, end, step } of spans(rule, past)) {
        const found = await this.#prometheus.queryRange(rule.expr, start, end, step);
        const fresh = found.flatMap((series) => this.#fresh(rule, series));
        await remoteWrite(this.#url, fresh);
        samples += fresh.reduce((sum, { points }) => sum + points.length, 0);
      }
    });
    return samples;
  }

  #fresh(rule: RecordedRule, { labels, points }: Series): WrittenSeries[] {
    const named = { ...labels, ...rule.labels, __name__: rule.record };
    const key = seriesKey(named);
    const written = this.#written.get(key) ?? new Set<number>();
    this.#written.set(key, written);
    const fresh = points.filter(([time]) => !written.has(time));
    for (const [time] of fresh) written.add(time);
    return fresh.length > 0 ? [{ labels: named, points: fresh }] : [];
  }
}
