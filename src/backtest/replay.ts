import type { FileRule, Snapshot } from '../compile/index.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { durationSeconds } from '../lib/duration.ts';
import { EnvironmentFailure } from '../lib/errors.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import { type Firing, firingsOf } from '../simulator/index.ts';
import { inPieces } from './pieces.ts';

/** The time that is looked at: Unix seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** When one alert would have fired. */
export interface Replay {
  readonly alert: string;
  readonly severity: string;
  readonly firings: readonly Firing[];
  /** The server's reason, where it could not be asked. */
  readonly error?: string;
}

/** Moments at which each series of an expression had a value. */
async function activity(prometheus: Prometheus, expr: string, span: Span) {
  const active = new Map<string, { labels: Readonly<Record<string, string>>; times: number[] }>();
  await inPieces(span, async (start, end) => {
    for (const { labels: all, points } of await prometheus.queryRange(expr, start, end, span.step)) {
      // An alert does not carry the name of the metric that its expression compares.
      const { __name__, ...labels } = all;
      const key = canonicalJson(labels);
      const entry = active.get(key) ?? { labels, times: [] };
      for (const [time] of points) entry.times.push(time);
      active.set(key, entry);
    }
  });
  // Two metrics in one `or` may have had the same labels.
  return [...active.values()].map(({ labels, times }) => ({
    labels,
    times: [...new Set(times)].sort((a, b) => a - b),
  }));
}

/** The alerts of a bundle, in order of their names. */
export const alertsOf = ({ rules }: Snapshot): FileRule[] =>
  [...rules.values()]
    .flat()
    .flatMap((group) => group.rules)
    .filter((rule) => rule.alert !== undefined)
    .sort((a, b) => ((a.alert ?? '') < (b.alert ?? '') ? -1 : 1));

/** When an alert would have fired in a time that is over. */
export async function replayAlert(prometheus: Prometheus, rule: FileRule, span: Span): Promise<Replay> {
  const hold = {
    for: durationSeconds(String(rule.for ?? 0)) ?? 0,
    keepFiringFor: durationSeconds(String(rule.keep_firing_for ?? 0)) ?? 0,
  };
  const found = { alert: rule.alert ?? '', severity: rule.labels?.severity ?? '' };
  try {
    const series = await activity(prometheus, String(rule.expr), span);
    const firings = series.flatMap(({ labels, times }) => firingsOf(times, span.step, hold, labels));
    return { ...found, firings: firings.sort((a, b) => a.from - b.from) };
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    return { ...found, firings: [], error: error.message };
  }
}
