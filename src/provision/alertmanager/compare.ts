import { canonicalJson } from '../../lib/canonical.ts';
import { isRecord } from '../../lib/shapes.ts';

const matchers = /matchers$/;

/**
 * A configuration that a server reports, without the defaults that it filled in: with the keys of ours alone. Matchers
 * have no order. What ours leaves out cannot be seen so; the hash of the file tells it.
 */
export function asWritten(served: unknown, ours: unknown, key = ''): unknown {
  if (Array.isArray(served)) {
    const list = Array.isArray(ours) ? (ours as unknown[]) : [];
    const all = served.map((one, i) => asWritten(one, counterpart(one, list, i)));
    return matchers.test(key) && Array.isArray(ours) && sameSet(all, ours) ? ours : all;
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

const sameSet = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  canonicalJson([...a].map(String).sort()) === canonicalJson([...b].map(String).sort());

/** What an element of a list is compared with: what has its name, else what stands in its place. */
function counterpart(one: unknown, list: readonly unknown[], index: number): unknown {
  const name = isRecord(one) ? one.name : undefined;
  const named = name === undefined ? undefined : list.find((other) => isRecord(other) && other.name === name);
  return named ?? list[index];
}

const names = (list: unknown): string[] =>
  Array.isArray(list) ? list.flatMap((one) => (isRecord(one) ? [String(one.name)] : [])) : [];

/** How the served configuration differs from ours, in words; empty when it does not show. */
export function compareConfig(served: unknown, ours: unknown): string[] {
  const [a, b] = [asWritten(served, ours), ours].map((one) => (isRecord(one) ? one : {})) as [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ];
  const receiverOf = (config: Readonly<Record<string, unknown>>, name: string): unknown =>
    (Array.isArray(config.receivers) ? config.receivers : []).find(
      (one: unknown) => isRecord(one) && one.name === name,
    );
  const receivers = [...new Set([...names(a.receivers), ...names(b.receivers)])].flatMap((name) => {
    const [x, y] = [receiverOf(a, name), receiverOf(b, name)];
    if (canonicalJson(x ?? null) === canonicalJson(y ?? null)) return [];
    return [`receiver ${name}${x === undefined ? ' added' : y === undefined ? ' removed' : ' changed'}`];
  });
  const differs = (key: string): boolean => canonicalJson(a[key] ?? null) !== canonicalJson(b[key] ?? null);
  return [
    ...(differs('route') ? ['routes'] : []),
    ...(differs('inhibit_rules') ? ['inhibition'] : []),
    ...receivers,
  ];
}
