import { isRecord } from '../../lib/shapes.ts';

const matchers = /matchers$/;

/**
 * A configuration that a server reports, without the defaults that it filled in: with the keys of ours alone. Matchers
 * have no order. What ours leaves out cannot be seen so; the hash of the file tells it.
 */
export function asWritten(served: unknown, ours: unknown, key = ''): unknown {
  if (Array.isArray(served)) {
    const list = Array.isArray(ours) ? (ours as unknown[]) : [];
    if (matchers.test(key) && listed(served) === listed(list)) return ours;
    return served.map((one, i) => asWritten(one, counterpart(one, list, i)));
  }
  if (!isRecord(served) || !isRecord(ours))
    return served === '<secret>' && ours !== undefined ? ours : served;
  const shown = Object.entries(ours).filter(([name, value]) => name in served || isEmpty(value));
  return Object.fromEntries(
    shown.map(([name, value]) => [name, name in served ? asWritten(served[name], value, name) : value]),
  );
}

/** The server leaves empty lists out. */
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const listed = (list: unknown): string => (Array.isArray(list) ? list.map(String).sort().join('\n') : '');

/** A receiver's name, or what a route or an inhibition applies to. */
const identity = (one: unknown): string =>
  isRecord(one)
    ? [one.name, listed(one.matchers), listed(one.source_matchers), listed(one.target_matchers)].join('\n')
    : '';

/** Counterpart of an element of a list: the one for the same thing, else what stands in its place. */
const counterpart = (one: unknown, list: readonly unknown[], index: number): unknown =>
  list.find((other) => identity(other) === identity(one)) ?? list[index];
