import { outcomes } from '../../metrics/codes.ts';
import {
  and,
  binary,
  firstOf,
  lastOverTime,
  max,
  metric,
  or,
  quantile,
  times,
  topk,
  unless,
  type Vector,
} from '../../metrics/expression.ts';
import { type RuleGroup, record } from '../../metrics/rule.ts';
import { indicatorIntervals } from '../config.ts';
import { inWindow } from '../indicators/window.ts';
import { type Deployment, deployment } from '../ledger/raw.ts';
import { latestOf } from './choices.ts';

/**
 * Time to restore. PromQL cannot ask "the next success after each of these", so it is noted while it is known: each of
 * the last successes restored every deployment since the success before it. Several of them, because two may finish
 * within one evaluation, and because a success that turns out to be none (rolled back) leaves what it restored to the
 * next one. The last note counts.
 */
const successes = 3;

const environment = ['environment'] as const;
const finished = latestOf('finished');
const good = and(finished, binary(latestOf('outcome'), '==', outcomes.success), { on: deployment });
/** Finish of the nth success from the end, by environment. */
const success = (nth: number): Vector<'environment'> =>
  max(nth === 1 ? good : unless(good, topk(nth - 1, good, { by: environment })), { by: environment });

/** From the finish of each deployment that the nth success from the end restored to the finish of that success. */
function restoredBy(nth: number): Vector<Deployment> {
  const before = success(nth + 1);
  const since = or(
    binary(finished, '>=', before, { on: environment, groupLeft: [] }),
    unless(finished, before, { on: environment }),
  );
  const after = binary(times(-1, since), '+', success(nth), { on: environment, groupLeft: [] });
  return binary(after, '>', 0);
}
const after = firstOf<Deployment>(
  deployment,
  restoredBy(1),
  ...Array.from({ length: successes - 1 }, (_, i) => restoredBy(i + 2)),
);

const bad = (outcome: Vector<Deployment>): Vector<Deployment> =>
  binary(binary(outcome, '>=', outcomes.failure), '<=', outcomes.abandoned);

/** Notes what restored what. */
export const restoreGroup: RuleGroup = {
  name: 'deployment-restored',
  interval: 60,
  rules: [record('deployment:restored_after_seconds:last', after)],
  source: import.meta.url,
};

/** How long it took, over thirty days. */
export const timeToRestoreGroup: RuleGroup = {
  name: 'deployment-time-to-restore',
  interval: indicatorIntervals['30d'],
  rules: [
    record(
      'environment:time_to_restore_seconds:p50',
      quantile(
        0.5,
        and(
          lastOverTime(metric('deployment:restored_after_seconds:last'), '30d'),
          bad(inWindow(metric('deployment:outcome:code'), '30d')),
          { on: deployment },
        ),
        { by: environment },
      ),
      { window: '30d' },
    ),
  ],
  source: import.meta.url,
};
