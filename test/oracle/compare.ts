import { type Labelled, labelKey } from './statistics.ts';

export interface Comparison {
  /** Largest difference that is still the same number, in the numbers' own unit; default one that rounding makes. */
  readonly within?: number;
  /** A count of 0 may also be absent, on either side. */
  readonly zeroIsAbsent?: boolean;
  /** Labels of the actual values that the truth says nothing of. */
  readonly ignore?: readonly string[];
}

const without = (
  labels: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));

/**
 * Tolerance for rounding: a millionth of a ratio or a sum. Times are so large that this were half an hour, and they
 * are known to the millisecond.
 */
const rounding = (truth: number): number => Math.min(1e-3, 1e-6 * Math.max(1, Math.abs(truth)));

const same = (a: number, b: number, within = rounding(b)): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= within;

/**
 * Every difference between a query's result and the truth, as sentences: a missing value, one too many, a wrong
 * one, the same labels twice. Nothing when they are equal. The metric's name is no label here.
 */
export function differences(
  actual: readonly Labelled[],
  truth: readonly Labelled[],
  { within, zeroIsAbsent = false, ignore = [] }: Comparison = {},
): string[] {
  const given = new Map<string, number>();
  const found: string[] = [];
  for (const { labels, value } of actual) {
    const key = labelKey(without(labels, ['__name__', ...ignore]));
    if (given.has(key)) found.push(`${key} is there twice`);
    given.set(key, value);
  }
  const zero = (value: number): boolean => zeroIsAbsent && value === 0;
  for (const { labels, value } of truth) {
    const key = labelKey(labels);
    const got = given.get(key);
    given.delete(key);
    if (got === undefined ? !zero(value) : !same(got, value, within))
      found.push(`${key} is ${got ?? 'missing'}, in truth ${value}`);
  }
  for (const [key, value] of given)
    if (!zero(value)) found.push(`${key} is ${value}, in truth there is none`);
  return found;
}
