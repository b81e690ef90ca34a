import { canonicalJson } from '../lib/canonical.ts';
import { pipelineJob } from '../metrics/index.ts';
import type { Push } from '../record/index.ts';
import type { UnixSeconds } from './types.ts';

/** A push, and when the gateway received it. */
export interface TimedPush {
  readonly time: UnixSeconds;
  readonly push: Pick<Push, 'method' | 'group' | 'samples'>;
}

/** A series as the gateway exposes it from `from` to just before `to`; the name is the label `__name__`. */
export interface Span {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly from: UnixSeconds;
  readonly to: UnixSeconds;
}

interface Exposed {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly from: UnixSeconds;
}
/** A group's series by family, and in it by labels. */
type Group = Map<string, Map<string, Exposed>>;

const knownKeys = new WeakMap<object, string>();

/** The same text for the same labels in any order. Labels do not change, so that each set is put in order once. */
export function seriesKey(labels: Readonly<Record<string, string>>): string {
  let key = knownKeys.get(labels);
  if (key === undefined) {
    key = canonicalJson(labels);
    knownKeys.set(labels, key);
  }
  return key;
}

/** An empty label is an absent one. */
const withoutEmpty = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

/**
 * A gateway's series over time when it receives these pushes (of any groups, in order of time) and loses all
 * of them at `removed`: a PUT replaces the group, a POST the families that it brings, and each notes its time.
 */
export function exposed(pushes: readonly TimedPush[], removed: UnixSeconds): Span[] {
  const groups = new Map<string, Group>();
  const spans: Span[] = [];
  const close = (family: Map<string, Exposed> | undefined, to: UnixSeconds): void => {
    for (const one of family?.values() ?? []) if (to > one.from) spans.push({ ...one, to });
  };
  for (const { time, push } of pushes) {
    if (time >= removed) break;
    const key = seriesKey(push.group);
    const group = groups.get(key) ?? new Map<string, Map<string, Exposed>>();
    groups.set(key, group);
    const incoming = familiesOf(push, time);
    const replaced = push.method === 'PUT' ? [...group.keys()] : [...incoming.keys()];
    for (const name of replaced) {
      close(group.get(name), time);
      group.delete(name);
    }
    for (const [name, family] of incoming) group.set(name, family);
  }
  for (const group of groups.values()) for (const family of group.values()) close(family, removed);
  return merged(spans);
}

/** The families of a push, with those that the gateway adds by itself. */
function familiesOf({ group, samples }: TimedPush['push'], time: UnixSeconds): Group {
  const families: Group = new Map();
  const own = [
    ...samples,
    { metric: 'push_time_seconds', labels: {}, value: time },
    { metric: 'push_failure_time_seconds', labels: {}, value: 0 },
  ];
  for (const { metric, labels, value } of own) {
    const all = withoutEmpty({ __name__: metric, job: pipelineJob, ...group, ...labels });
    const family = families.get(metric) ?? new Map<string, Exposed>();
    family.set(seriesKey(all), { labels: all, value, from: time });
    families.set(metric, family);
  }
  return families;
}

/** One span instead of two where the same value went on, in order of series and time. */
function merged(spans: readonly Span[]): Span[] {
  const bySeries = new Map<string, Span[]>();
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const key = seriesKey(span.labels);
    const before = bySeries.get(key) ?? [];
    const last = before.at(-1);
    if (last && last.to === span.from && last.value === span.value)
      before[before.length - 1] = { ...last, to: span.to };
    else before.push(span);
    bySeries.set(key, before);
  }
  return [...bySeries.keys()].sort().flatMap((key) => bySeries.get(key) ?? []);
}
