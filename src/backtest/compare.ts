import type { FileRule, Snapshot } from '../compile/index.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { Firing } from '../simulator/index.ts';
import { alertsOf, type Replay } from './replay.ts';

/** An alert on both sides of a comparison; undefined where it is not defined. */
export interface AlertPair {
  readonly alert: string;
  readonly before: FileRule | undefined;
  readonly now: FileRule | undefined;
}

/** How an alert's firings differ between two definitions. */
export interface Difference {
  readonly alert: string;
  /** `same`: nothing that decides when it fires was changed. */
  readonly state: 'same' | 'changed' | 'new' | 'removed';
  /** Number of firings; undefined where it is not defined, or could not be asked. */
  readonly before: number | undefined;
  readonly now: number | undefined;
  /** Why one of the sides could not be asked. */
  readonly error?: string;
  /** Firings that nothing of the other definition overlaps. Empty when a side could not be asked. */
  readonly appeared: readonly Firing[];
  readonly vanished: readonly Firing[];
}

/** The alerts of both bundles, in order of their names. */
export function pairsOf(before: Snapshot | undefined, now: Snapshot): AlertPair[] {
  const byName = (snapshot: Snapshot | undefined): ReadonlyMap<string, FileRule> =>
    new Map(snapshot ? alertsOf(snapshot).map((rule) => [rule.alert ?? '', rule]) : []);
  const [old, own] = [byName(before), byName(now)];
  return [...new Set([...old.keys(), ...own.keys()])]
    .sort()
    .map((alert) => ({ alert, before: old.get(alert), now: own.get(alert) }));
}

/** True when both definitions fire at the same times. */
export const firesAlike = (a: FileRule, b: FileRule): boolean =>
  String(a.expr) === String(b.expr) && a.for === b.for && a.keep_firing_for === b.keep_firing_for;

const labelsOf = ({ labels }: Firing): string => canonicalJson(labels);

/** Firings that none of the others, for the same labels, overlaps. */
function without(firings: readonly Firing[], others: readonly Firing[]): Firing[] {
  return firings.filter((firing) => {
    const { from, to } = firing;
    return !others.some((o) => labelsOf(o) === labelsOf(firing) && o.from <= to && from <= o.to);
  });
}

const countOf = (replay: Replay | undefined): number | undefined =>
  replay && !replay.error ? replay.firings.length : undefined;

/** Difference that another definition of an alert would have made. */
export function difference(pair: AlertPair, before: Replay | undefined, now: Replay | undefined): Difference {
  const state = !pair.before
    ? 'new'
    : !pair.now
      ? 'removed'
      : firesAlike(pair.before, pair.now)
        ? 'same'
        : 'changed';
  const error = before?.error ?? now?.error;
  const [old, own] = error ? [[], []] : [before?.firings ?? [], now?.firings ?? []];
  return {
    alert: pair.alert,
    state,
    before: countOf(before),
    now: countOf(now),
    ...(error !== undefined && { error }),
    appeared: without(own, old),
    vanished: without(old, own),
  };
}
