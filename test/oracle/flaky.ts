import { counts, type Facts } from './facts.ts';
import { sum } from './statistics.ts';
import { type Window, within } from './windows.ts';

/** A stage or a smoke test that failed and passed in a later deployment of the same commit. */
export interface FlakyPart {
  readonly environment: string;
  readonly part: string;
  readonly failures: number;
  /** Of all deployments that count. */
  readonly share: number;
  /** Seconds that the deployments took in which it failed. */
  readonly lost: number;
}

/** How each part of a deployment ended. */
const partsOf = ({ stages, smokeTests }: Facts): [part: string, passed: boolean][] => [
  ...stages
    .filter(({ status }) => status === 'success' || status === 'failure')
    .map(({ service, stage, status }): [string, boolean] => [`${service} ${stage}`, status === 'success']),
  ...smokeTests.map(({ name, ok }): [string, boolean] => [`smoke test ${name}`, ok]),
];

/** @param facts all deployments that are known: what failed in the window may have passed after it */
export function flakyParts(facts: readonly Facts[], window: Window): FlakyPart[] {
  const ended = facts.filter(({ finished }) => finished !== undefined);
  const failures = within(ended, window).flatMap((f) =>
    partsOf(f)
      .filter(
        ([part, passed]) =>
          !passed &&
          ended.some(
            (later) =>
              later.environment === f.environment &&
              later.deployment.commit === f.deployment.commit &&
              later.finished! > f.finished! &&
              partsOf(later).some(([other, ok]) => other === part && ok),
          ),
      )
      .map(([part]) => ({ environment: f.environment, part, lost: f.finished! - f.started })),
  );
  const keys = [...new Set(failures.map(({ environment, part }) => `${environment}\n${part}`))];
  return keys.map((key) => {
    const own = failures.filter(({ environment, part }) => key === `${environment}\n${part}`);
    const { environment, part } = own[0]!;
    const all = within(ended, window).filter((f) => f.environment === environment && counts(f));
    return {
      environment,
      part,
      failures: own.length,
      share: own.length / all.length,
      lost: sum(own.map(({ lost }) => lost)),
    };
  });
}
