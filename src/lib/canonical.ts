/** A value whose objects have their keys in alphabetical order, at any depth. */
export function sortKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortKeys) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)])) as T;
}

/** JSON with sorted keys: equal values give equal texts. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sortKeys(value));
