import type { Random } from './random.ts';
import type { UnixSeconds } from './types.ts';

/** People deploy on weekdays (Sunday first); the week's average is 1. */
const weekday = [0.3, 1.3, 1.4, 1.4, 1.35, 1.0, 0.25] as const;
/** And from nine to six, with a dip at lunch; hours in UTC, the day's average is 1. */
const hour = [
  0.15, 0.1, 0.1, 0.1, 0.15, 0.25, 0.45, 0.9, 1.6, 2.1, 2.3, 2.0, 1.4, 1.7, 2.2, 2.3, 2.0, 1.5, 0.9, 0.6,
  0.45, 0.35, 0.25, 0.15,
] as const;

/** How busy this hour of the week is; 1 is its average. The first of January 1970 was a Thursday. */
export function busyness(time: UnixSeconds): number {
  const days = Math.floor(time / 86_400);
  return (weekday[(days + 4) % 7] ?? 1) * (hour[Math.floor(time / 3600) % 24] ?? 1);
}

const busiest = Math.max(...weekday) * Math.max(...hour);

/**
 * Moments of pushes in [from, to), `perDay` of them a day on average over a week.
 * A Poisson process: drawn as if every hour were the busiest, then thinned out.
 * @param steady at any hour alike
 */
export function* arrivals(
  rng: Random,
  from: UnixSeconds,
  to: UnixSeconds,
  perDay: number,
  steady = false,
): Generator<UnixSeconds> {
  if (perDay <= 0) return;
  const most = steady ? 1 : busiest;
  const gap = 86_400 / (perDay * most);
  let time = from;
  while (true) {
    time += -Math.log(1 - rng.next()) * gap;
    if (time >= to) return;
    if (steady || rng.chance(busyness(time) / most)) yield Math.round(time * 1000) / 1000;
  }
}
