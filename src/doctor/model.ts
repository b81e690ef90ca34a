import type { GeneralFinding } from '../lib/finding.ts';

/** `error`: something required is broken, and the doctor exits with 1. `warning`: it will be. `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing that is wrong on the way of the data; docs/doctor.md explains each id. */
export type Finding = GeneralFinding<Severity>;

/** One station on the way of the data. */
export interface Step {
  readonly title: string;
  /** Summary of what was looked at, with its numbers. */
  readonly seen: string;
  readonly findings: readonly Finding[];
}

/** The whole walk. */
export interface Report {
  readonly healthy: boolean;
  /** Version of the bundle in generated/; undefined when that is not what a build wrote. */
  readonly version: string | undefined;
  readonly steps: readonly Step[];
}

/** True when nothing required is broken. */
export const isHealthy = (steps: readonly Step[]): boolean =>
  steps.every(({ findings }) => findings.every(({ severity }) => severity !== 'error'));

/** Makes the findings of one station. */
export const findingsAt =
  (...at: string[]) =>
  (severity: Severity, id: string, summary: string, fix: string, ...more: string[]): Finding => ({
    id,
    severity,
    summary,
    place: [...at, ...more],
    fix,
  });

/** A few of many, so that a report stays readable: `a, b and 7 more`. */
export function some(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** A length of time as people say it. */
export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
