/** Maps a value to a position. */
export type Scale = (value: number) => number;

/** A straight scale from values to positions; a domain of no length maps to the start. */
export function linear([d0, d1]: readonly [number, number], [r0, r1]: readonly [number, number]): Scale {
  return (value) => (d1 === d0 ? r0 : r0 + ((value - d0) / (d1 - d0)) * (r1 - r0));
}

/** Round values between two ends, about as many as asked for. */
export function niceTicks(from: number, to: number, about: number): number[] {
  const raw = (to - from) / Math.max(1, about);
  if (!(raw > 0) || !Number.isFinite(raw)) return [from];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The end of an axis that starts at 0 (or lower) and shows everything up to `most` with a round number. */
export function niceEnd(most: number, about: number): number {
  const ticks = niceTicks(0, most * 1.0001, about);
  const step = (ticks[1] ?? most) - (ticks[0] ?? 0);
  return step > 0 ? Math.ceil(most / step - 1e-9) * step : most;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * hour),
  ...[1, 2, 3, 7, 14, 28].map((n) => n * day),
];

/** Round times between two ends, in UTC, at most as many as asked for; and the step between them. */
export function timeTicks(from: number, to: number, most: number): { ticks: number[]; step: number } {
  const fits = (step: number): boolean => (to - from) / step <= Math.max(1, most);
  const step = timeSteps.find(fits) ?? Math.ceil((to - from) / Math.max(1, most) / (28 * day)) * 28 * day;
  const ticks: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push(time);
  return { ticks, step };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A tick's label: as much of the time as changes between ticks. Midnight shows its date. */
export function timeLabel(time: number, step: number): string {
  const date = new Date(time);
  const dayText = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`;
  if (step >= day) return dayText;
  if (time % day === 0) return dayText;
  const minutes = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return step >= minute ? minutes : `${minutes}:${two(date.getUTCSeconds())}`;
}
