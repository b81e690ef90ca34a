import { outcomes } from '../../metrics/codes.ts';
import {
  and,
  binary,
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
 * Time to restore. PromQL cannot ask "the next success after each of these", so it is noted when it happens: as long
 * as a success is the latest one, every deployment since the success before it is noted as restored by it. If that
 * success turns out to be none (rolled back), the next one notes the same deployments again, and the last note counts.
 */

const environment = ['environment'] as const;
const finished = latestOf('finished');
const good = and(finished, binary(latestOf('outcome'), '==', outcomes.success), { on: deployment });
const latest = topk(1, good, { by: environment });
const restored = max(good, { by: environment });
const restoredBefore = max(unless(good, latest), { by: environment });

const since: Vector<Deployment> = or(
  binary(finished, '>=', restoredBefore, { on: environment, groupLeft: [] }),
  unless(finished, restoredBefore, { on: environment }),
);
const after: Vector<Deployment> = binary(
  binary(times(-1, since), '+', restored, { on: environment, groupLeft: [] }),
  '>',
  0,
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
