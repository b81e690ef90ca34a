import { counts, type Facts } from './facts.ts';
import { quantile, ratio } from './statistics.ts';
import { daysIn, type Window, within } from './windows.ts';

/** The four keys of one environment in one window; undefined where there is nothing to measure. */
export interface FourKeys {
  /** Deployments a day that reached users. */
  readonly deploymentsPerDay: number;
  /** Median seconds from commit to finish of successful deployments whose commit's time is known. */
  readonly leadTime: number | undefined;
  /** Failed, abandoned and rolled-back deployments, of all that reached users. */
  readonly changeFailureRate: number | undefined;
  /** Median seconds from a bad deployment to its rollback, or else to the end of the next good one. */
  readonly timeToRestore: number | undefined;
}

/** @param facts all deployments that are known: what restored the last failure may lie anywhere */
export function fourKeys(facts: readonly Facts[], environment: string, window: Window): FourKeys {
  const own = facts.filter((f) => f.environment === environment && counts(f));
  const inWindow = within(own, window);
  const live = inWindow.filter(reachedUsers);
  return {
    deploymentsPerDay: live.length / daysIn(window),
    leadTime: quantile(
      0.5,
      inWindow
        .filter(isGood)
        .flatMap(({ finished = 0, deployment: { committed } }) =>
          committed === undefined ? [] : [Math.max(0, finished - committed)],
        ),
    ),
    changeFailureRate: ratio(live.filter((f) => !isGood(f)).length, live.length),
    timeToRestore: quantile(0.5, timesToRestore(own, window)),
  };
}

const isGood = ({ outcome }: Facts): boolean => outcome === 'success';
const deploys = ['deploy', 'deploy_railway', 'deploy_vercel'];

/** Users got it: it was deployed, or had to be taken back, or is said to be a success and tells of no deploying at all. */
function reachedUsers({ outcome, stages }: Facts): boolean {
  const tries = stages.filter(({ stage, status }) => deploys.includes(stage) && status !== 'running');
  if (tries.some(({ status }) => status === 'success') || outcome === 'rolled_back') return true;
  return tries.length === 0 && outcome === 'success';
}

/** For each bad deployment that ended in the window and was made good: the seconds in between. */
export function timesToRestore(own: readonly Facts[], window: Window): number[] {
  const goodEnds = own.filter(isGood).flatMap(({ finished }) => finished ?? []);
  return within(own, window)
    .filter((f) => !isGood(f))
    .flatMap((f) => {
      const back = takenBack(f);
      if (back !== undefined) return [back];
      const { finished: broken = 0 } = f;
      const next = Math.min(...goodEnds.filter((end) => end > broken));
      return Number.isFinite(next) ? [next - broken] : [];
    });
}

/** Seconds from the end of the last stage to the end of the rollback, of what was rolled back. */
function takenBack({ outcome, deployment: d, finished = 0 }: Facts): number | undefined {
  const backs = d.rollbacks.flatMap(({ finished: end }) => end ?? []);
  if (outcome !== 'rolled_back' || backs.length === 0) return undefined;
  const ends = [...d.stages, ...d.migrations].flatMap(({ finished: end }) => end ?? []);
  const since = ends.length > 0 ? Math.max(...ends) : finished - d.clockOffset;
  return Math.max(0, Math.max(...backs) - since);
}
