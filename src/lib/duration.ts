/** Milliseconds of each unit, largest first. Months and years have fixed lengths, as in Prometheus and Grafana. */
const unitMs = {
  y: 31_536_000_000,
  M: 2_592_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
} as const;
const units = Object.entries(unitMs);
const pattern = new RegExp(`^${units.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join('')}$`);

/** The longest duration that Prometheus can hold: 2^63 nanoseconds, in milliseconds. */
const longest = 9_223_372_036_854;

/**
 * Milliseconds of a duration as people and Grafana write it, `1.5h` and `1M` included; undefined when it is none.
 * Units stand from the largest to the smallest, each once.
 */
export function parseLooseDuration(text: string): number | undefined {
  const match = pattern.exec(text.trim());
  if (!match?.[0]) return undefined;
  return Math.round(units.reduce((sum, [, ms], i) => sum + Number(match[i + 1] ?? 0) * ms, 0));
}

/** Milliseconds of an option's value: plain seconds, or a duration such as `500ms`, `1.5h` or `1h30m`; undefined for neither. */
export const durationMs = (text: string): number | undefined =>
  parseLooseDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);

/** Milliseconds of a Prometheus duration such as `1h30m`; undefined when it is none, or longer than 292 years. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const ms = /^[\dywdhms]+$/.test(text) ? parseLooseDuration(text) : undefined;
  return ms !== undefined && ms <= longest ? ms : undefined;
}

/** Seconds of a Prometheus duration; undefined when it is none. */
export function durationSeconds(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined ? undefined : ms / 1_000;
}

/** A duration as Prometheus prints it: 90 s is `1m30s`; years and weeks only when nothing is left over. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  let rest = ms;
  let text = '';
  for (const [unit, size] of units) {
    if (unit === 'M' || ((unit === 'y' || unit === 'w') && rest % size !== 0)) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** A duration in the largest unit of days and below that divides it: 90 s is `90s`, 2 h is `2h`. */
export function inOneUnit(ms: number): string {
  if (ms === 0) return '0s';
  const unit = (['d', 'h', 'm', 's'] as const).find((each) => ms >= unitMs[each] && ms % unitMs[each] === 0);
  return unit ? `${ms / unitMs[unit]}${unit}` : `${Math.round(ms)}ms`;
}
