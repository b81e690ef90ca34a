/** A stretch of time in which a row stays in one state. Unix milliseconds. */
export interface Span<T> {
  readonly from: number;
  readonly to: number;
  /** Index of the first point of the stretch in its series. */
  readonly index: number;
  readonly value: T;
}

/** Points of one row of a state timeline. */
export interface Points<T> {
  readonly times: readonly number[];
  readonly values: readonly (T | null | undefined)[];
}

/** How a row's points become stretches. */
export interface SpanRules<T> {
  /** The end of the last stretch. */
  readonly end: number;
  /** Whether neighbours look alike and are drawn as one. */
  readonly alike: (a: T, b: T) => boolean;
  readonly merge: boolean;
  /** Whether a null is drawn too, because a mapping names it. */
  readonly showsNull: boolean;
}

/**
 * Stretches of equal state. A point lasts until the next one; null is a gap; undefined (a time at which only other
 * rows have a point) continues what was before.
 */
export function spansOf<T>({ times, values }: Points<T>, rules: SpanRules<T>): Span<T | null>[] {
  const spans: Span<T | null>[] = [];
  let open: { from: number; index: number; value: T | null } | undefined;
  const close = (to: number): void => {
    if (open && (open.value !== null || rules.showsNull) && to > open.from) spans.push({ ...open, to });
    open = undefined;
  };
  values.forEach((value, index) => {
    if (value === undefined) return;
    const from = times[index] as number;
    const continues =
      open !== undefined &&
      rules.merge &&
      (value === null || open.value === null ? value === open.value : rules.alike(open.value, value));
    if (continues) return;
    close(from);
    open = { from, index, value };
  });
  close(rules.end);
  return spans;
}
