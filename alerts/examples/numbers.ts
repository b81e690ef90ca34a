/** Numbers of examples that follow from a pipeline's targets, and how Prometheus writes them. */

/** The next whole minute, at which a rule is evaluated. */
export const wholeMinute = (seconds: number): number => Math.ceil(seconds / 60) * 60;

/** Seconds as `humanizeDuration` writes them, from a minute on: `1h 15m 20s`. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([number]) => number > 0);
  return parts
    .slice(first)
    .map(([number, unit]) => `${number}${unit}`)
    .join(' ');
}

/** A share as `humanizePercentage` writes it. */
export const shareText = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;

/** A share a little off another one, without the dust of binary fractions. */
export const off = (share: number, by: number): number => Number((share + by).toFixed(6));
