/** A time in which an alert fired for one set of labels. Unix seconds; all are evaluations. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  /** When its expression first had a value; it fires after its hold. */
  readonly since: number;
  readonly from: number;
  readonly to: number;
}

/** An alert's `for`, in seconds. */
export interface Hold {
  readonly for: number;
  readonly keepFiringFor: number;
}

/**
 * When an alert fires for one series, given the evaluations at which its expression had a value: it becomes active at
 * the first, fires once it has been active for the hold, and ends at the first evaluation without a value, or when it
 * has been without one for as long as it keeps firing.
 * @param active moments at which the expression had a value, rising
 * @param step seconds between evaluations
 */
export function firingsOf(
  active: readonly number[],
  step: number,
  hold: Hold,
  labels: Readonly<Record<string, string>> = {},
): Firing[] {
  const found: Firing[] = [];
  let since: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    if (since === undefined || last - since < hold.for) return;
    found.push({ labels, since, from: since + firstAtOrAfter(hold.for, step), to: last + kept(hold, step) });
  };
  for (const time of active) {
    const gap = time - last;
    const firing = since !== undefined && last - since >= hold.for;
    // While it fires it may be kept over a gap; while it is only pending, one miss begins anew.
    if (gap > step && !(firing && gap - 2 * step < hold.keepFiringFor)) {
      close();
      since = time;
    }
    since ??= time;
    last = time;
  }
  close();
  return found;
}

const firstAtOrAfter = (seconds: number, step: number): number => Math.ceil(seconds / step) * step;
/** How long it goes on after the last value: it is kept for as many evaluations without one. */
const kept = ({ keepFiringFor }: Hold, step: number): number => firstAtOrAfter(keepFiringFor, step);
