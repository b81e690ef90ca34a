import { replayAlert } from '../backtest/index.ts';
import type { FileRule, Snapshot } from '../compile/index.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import type { Change } from './change.ts';
import { placedRules } from './rules.ts';

/** How far back a changed alert is replayed, and how often it is evaluated: seconds. */
const span = { length: 7 * 86_400, step: 60 } as const;

const alertOf = (snapshot: Snapshot, name: string): FileRule | undefined =>
  placedRules(snapshot).get(name)?.rule;

/** Adds to each alert whose firing changed how often it would have fired in the last seven days, before and after. */
export async function withReplays(
  changes: readonly Change[],
  before: Snapshot,
  after: Snapshot,
  prometheus: Prometheus,
  now: number,
): Promise<Change[]> {
  const to = Math.floor(now / span.step) * span.step;
  const times = { from: to - span.length, to, step: span.step };
  const fired = async (rule: FileRule): Promise<string> => {
    const { firings, error } = await replayAlert(prometheus, rule, times);
    return error ? 'unknown' : String(firings.length);
  };
  const result: Change[] = [];
  for (const change of changes) {
    const name = change.place.at(-1) ?? '';
    const [a, b] = [alertOf(before, name), alertOf(after, name)];
    const matters = change.area === 'alert' && !/^(annotation|label|severity|moved)/.test(change.text);
    const said =
      matters && a && b
        ? `; in the last 7 days it would have fired ${await fired(a)} → ${await fired(b)} times`
        : '';
    result.push({ ...change, text: `${change.text}${said}` });
  }
  return result;
}
