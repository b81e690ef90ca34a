import { counts, type Facts } from './facts.ts';
import { quantile, ratio } from './statistics.ts';
import { type Window, within } from './windows.ts';

/** DORA's five metrics of one environment in one window; undefined where there is nothing to measure. */
export interface DoraMetrics {
  /** Deployments a day that reached users, of the days that there were. */
  readonly deploymentsPerDay: number;
  /** Median seconds from commit to finish of successful deployments whose commit's time is known. */
  readonly leadTime: number | undefined;
  /** Deployments that were rolled back or that another one says it fixes, of all that reached users. */
  readonly changeFailRate: number | undefined;
  /** Deployments that say that they fix another one, of all that reached users. */
  readonly reworkRate: number | undefined;
  /** Median seconds from a failed change to its rollback, or else to the end of what fixed it. */
  readonly recoveryTime: number | undefined;
  /** Deployments that the rates count, and as what. */
  readonly counted: readonly { readonly id: string; readonly as: string }[];
}

const day = 86_400;

/** @param facts all deployments that are known: what fixed the last failure may lie anywhere */
export function doraMetrics(facts: readonly Facts[], environment: string, window: Window): DoraMetrics {
  const all = facts.filter((f) => f.environment === environment);
  const own = all.filter(counts);
  const inWindow = within(own, window);
  const live = inWindow.filter(reachedUsers);
  const failed = live.filter((f) => f.outcome === 'rolled_back' || fixesOf(f, own).length > 0);
  const fixed = failed.filter((f) => fixesOf(f, own).length > 0);
  const counted = [
    ...failed
      .filter(({ outcome }) => outcome === 'rolled_back')
      .map(({ id }) => ({ id, as: 'failed change: rolled back' })),
    ...fixed.map(({ id }) => ({ id, as: 'failed change: fixed by another one' })),
    ...live.filter(isRework).map(({ id }) => ({ id, as: 'rework' })),
  ];
  const first = Math.min(...all.flatMap(({ finished }) => finished ?? []));
  const days = Math.max(1, Math.min(30, (window.to - first) / day));
  return {
    deploymentsPerDay: live.length === 0 ? 0 : live.length / days,
    leadTime: quantile(
      0.5,
      inWindow
        .filter(isGood)
        .flatMap(({ finished = 0, deployment: { committed } }) =>
          committed === undefined ? [] : [Math.max(0, finished - committed)],
        ),
    ),
    changeFailRate: ratio(failed.length, live.length),
    reworkRate: ratio(live.filter(isRework).length, live.length),
    recoveryTime: quantile(
      0.5,
      failed.flatMap((f) => recoveredAfter(f, own) ?? []),
    ),
    counted,
  };
}

const isRework = ({ deployment: d }: Facts): boolean => d.hotfix === true || d.reworkOf !== undefined;

/** The deployment that one fixes: the one that it names, or the last one that users had when it began. */
function fixedBy(fix: Facts, own: readonly Facts[]): string | undefined {
  if (fix.deployment.reworkOf !== undefined) return fix.deployment.reworkOf;
  const before = own.filter((f) => reachedUsers(f) && (f.finished ?? Number.POSITIVE_INFINITY) < fix.started);
  return before.sort((a, b) => (b.finished ?? 0) - (a.finished ?? 0))[0]?.id;
}
/** Deployments that ended and say that they fix this one. */
const fixesOf = ({ id }: Facts, own: readonly Facts[]): Facts[] =>
  own.filter((f) => f.finished !== undefined && isRework(f) && fixedBy(f, own) === id);

/** Seconds until it was taken back, or fixed. */
function recoveredAfter(f: Facts, own: readonly Facts[]): number | undefined {
  const back = takenBack(f);
  if (back !== undefined) return back;
  const good = fixesOf(f, own).filter(isGood);
  return good.length === 0 ? undefined : Math.max(...good.map((g) => g.finished!)) - (f.finished ?? 0);
}

const isGood = ({ outcome }: Facts): boolean => outcome === 'success';
const deploys = ['deploy', 'deploy_railway', 'deploy_vercel'];

/** Users got it: it was deployed, or had to be taken back, or is said to be a success and tells of no deploying at all. */
function reachedUsers({ outcome, stages }: Facts): boolean {
  const tries = stages.filter(({ stage, status }) => deploys.includes(stage) && status !== 'running');
  if (tries.some(({ status }) => status === 'success') || outcome === 'rolled_back') return true;
  return tries.length === 0 && outcome === 'success';
}

/** Seconds from the end of the last stage to the end of the rollback, of what was rolled back. */
function takenBack({ outcome, deployment: d, finished = 0 }: Facts): number | undefined {
  const backs = d.rollbacks.flatMap(({ finished: end }) => end ?? []);
  if (outcome !== 'rolled_back' || backs.length === 0) return undefined;
  const ends = [...d.stages, ...d.migrations].flatMap(({ finished: end }) => end ?? []);
  const since = ends.length > 0 ? Math.max(...ends) : finished - d.clockOffset;
  return Math.max(0, Math.max(...backs) - since);
}
