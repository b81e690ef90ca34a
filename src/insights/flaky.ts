import type { InsightDeployment, InsightPart } from './read.ts';

/** A stage or a test that failed and passed at the same commit. */
export interface Flaky {
  readonly name: string;
  readonly kind: InsightPart['kind'];
  readonly environment: string;
  /** Commits at which it did both. */
  readonly commits: number;
  /** Commits at which it failed or passed. */
  readonly ranAt: number;
  /** Lengths of the deployments in which it failed without need, all together. */
  readonly lostSeconds: number;
}

/**
 * Parts that fail by chance, worst first. A retry inside a step is known to no source, and counts as nothing here.
 */
export function flakyParts(deployments: readonly InsightDeployment[]): Flaky[] {
  const seen = new Map<string, Map<string, { part: InsightPart; deployment: InsightDeployment }[]>>();
  for (const deployment of deployments.filter(({ commit }) => commit !== ''))
    for (const part of deployment.parts.filter(({ passed, failed }) => passed || failed)) {
      const key = `${deployment.environment}\n${part.kind}\n${part.name}`;
      const commits =
        seen.get(key) ?? new Map<string, { part: InsightPart; deployment: InsightDeployment }[]>();
      seen.set(key, commits);
      commits.set(deployment.commit, [...(commits.get(deployment.commit) ?? []), { part, deployment }]);
    }
  return [...seen.values()]
    .flatMap((commits): Flaky[] => {
      const all = [...commits.values()];
      const both = all.filter(
        (runs) => runs.some(({ part }) => part.passed) && runs.some(({ part }) => part.failed),
      );
      const [first] = all[0]!;
      if (both.length === 0) return [];
      const failures = both.flat().filter(({ part }) => part.failed);
      return [
        {
          name: first!.part.name,
          kind: first!.part.kind,
          environment: first!.deployment.environment,
          commits: both.length,
          ranAt: all.length,
          lostSeconds: failures.reduce((sum, { deployment: d }) => sum + d.finished - d.started, 0),
        },
      ];
    })
    .sort((a, b) => b.lostSeconds - a.lostSeconds || (a.name < b.name ? -1 : 1));
}
