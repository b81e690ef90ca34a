import type { InsightDeployment } from './read.ts';

/** A stage or a smoke test that failed, and passed in a later deployment of the same commit to the same environment. */
export interface Flaky {
  /** `api build`, `smoke test login`. */
  readonly name: string;
  readonly environment: string;
  /** Deployments in which it failed by chance. */
  readonly failures: number;
  /** Deployments that count; cancelled ones do not. */
  readonly deployments: number;
  /** From the start to the finish of those in which it failed, all together. */
  readonly lostSeconds: number;
}

const keyOf = ({ environment }: InsightDeployment, ...more: readonly string[]): string =>
  [environment, ...more].join('\n');

/**
 * Parts that fail by chance, worst first. A retry inside a step is known to no source, and counts as nothing here.
 * @param isAsked which deployments count; those that passed afterwards may be others
 */
export function flakyParts(
  all: readonly InsightDeployment[],
  isAsked: (deployment: InsightDeployment) => boolean = () => true,
): Flaky[] {
  const asked = all.filter(isAsked);
  const passed = new Map<string, number>();
  for (const one of all)
    for (const { name } of one.parts.filter((part) => part.passed)) {
      const key = keyOf(one, name, one.commit);
      passed.set(key, Math.max(passed.get(key) ?? 0, one.finished));
    }
  const found = new Map<string, Flaky>();
  for (const one of asked.filter(({ commit }) => commit !== ''))
    for (const { name } of one.parts.filter(({ failed, kind }) => failed && kind !== 'rollback')) {
      if ((passed.get(keyOf(one, name, one.commit)) ?? 0) <= one.finished) continue;
      const before = found.get(keyOf(one, name));
      found.set(keyOf(one, name), {
        name,
        environment: one.environment,
        failures: (before?.failures ?? 0) + 1,
        deployments: asked.filter(
          ({ environment, outcome }) => environment === one.environment && outcome !== 'cancelled',
        ).length,
        lostSeconds: (before?.lostSeconds ?? 0) + one.finished - one.started,
      });
    }
  return [...found.values()].sort((a, b) => b.lostSeconds - a.lostSeconds || (a.name < b.name ? -1 : 1));
}
