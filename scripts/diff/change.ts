/** What a change is about. */
export type Area = 'dashboard' | 'alert' | 'objective' | 'rule' | 'routing';

/** One change in a reviewer's words. */
export interface Change {
  readonly area: Area;
  /** From the outside in: dashboard › row › panel › query; file › group › rule. */
  readonly place: readonly string[];
  /** One sentence; Markdown's `code` only. */
  readonly text: string;
  /** Why it needs a second look; absent when it does not. */
  readonly risk?: string;
  /** Text before and after, when a reviewer may want to read both. */
  readonly before?: string;
  readonly after?: string;
  /** Uid of the dashboard and id of the panel that it is about. */
  readonly dashboard?: string;
  readonly panel?: number;
  /** What reads the thing that changed: panels, alerts, recorded series. */
  readonly readBy?: readonly string[];
}

/** A value as code. */
export const code = (value: unknown): string =>
  `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** The keys of two maps or objects: in both, only before, only after; in the order of the first and then the second. */
export function compareKeys<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>) {
  return {
    removed: [...before.keys()].filter((key) => !after.has(key)),
    added: [...after.keys()].filter((key) => !before.has(key)),
    both: [...before.keys()].filter((key) => after.has(key)),
  };
}

/** True when two values have the same JSON. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A duration of Prometheus in seconds; 0 for none. */
export const seconds = (text: string | undefined): number => {
  const units: Readonly<Record<string, number>> = {
    ms: 0.001,
    s: 1,
    m: 60,
    h: 3_600,
    d: 86_400,
    w: 604_800,
    y: 31_536_000,
  };
  return [...(text ?? '').matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
};
