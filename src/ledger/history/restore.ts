import {
  and,
  binary,
  firstOf,
  max,
  or,
  outcomes,
  type RuleGroup,
  record,
  times,
  topk,
  unless,
  type Vector,
} from '../../metrics/index.ts';
import { type Deployment, deployment } from '../raw.ts';
import { latestOf } from './choices.ts';

/**
 * Time to restore, where a later success restored. PromQL cannot ask "the next success after each of these", so it is noted while it is known: each of
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

/** Notes what restored what. */
export const restoreGroup: RuleGroup = {
  name: 'deployment-restored',
  interval: 60,
  rules: [record('deployment:restored_after_seconds:last', after)],
  source: import.meta.url,
};
