/** A value with the labels that a query's result would carry. */
export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The mean, or undefined of nothing. */
export const average = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length;

/**
 * The value below which the share `q` of the values lies, interpolated linearly between the two neighbouring
 * ranks (the smallest value has rank 0, the largest n − 1); undefined of nothing.
 */
export function quantile(q: number, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** Passed by made; undefined when nothing was made. */
export const ratio = (passed: number, made: number): number | undefined =>
  made === 0 ? undefined : passed / made;

/** Items by their labels, and one value for each group; a group without a value is left out. */
export function byLabels<T>(
  items: readonly T[],
  labelsOf: (item: T) => Readonly<Record<string, string>>,
  measure: (group: readonly T[]) => number | undefined,
): Labelled[] {
  const groups = new Map<string, { labels: Readonly<Record<string, string>>; items: T[] }>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = labelKey(labels);
    const group = groups.get(key) ?? { labels, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const group = groups.get(key)!;
    const value = measure(group.items);
    return value === undefined ? [] : [{ labels: group.labels, value }];
  });
}

/** The same text for the same labels, whatever their order. Empty labels are absent labels. */
export const labelKey = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
