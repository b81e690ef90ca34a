import {
  and,
  avg,
  binary,
  count,
  max,
  metric,
  or,
  sum,
  unless,
  type Vector,
} from '../../metrics/expression.ts';
import { deployment } from '../../slo/ledger/raw.ts';
import { alertThresholds as limits } from '../thresholds.ts';
import { unlessRolledBack, within } from './common.ts';

const perService = [...deployment, 'service'] as const;
const perCheck = [...perService, 'attempt'] as const;
type PerService = (typeof perService)[number];
type PerCheck = (typeof perCheck)[number];
const by = { by: perService };
const ofService = { on: perService as never, groupLeft: [] };

const when = max(metric('deployment_health_check_timestamp_seconds'), { by: perCheck });
const passed = max(metric('deployment_health_check_success'), { by: perCheck });
const passedAt: Vector<PerCheck> = and(when, binary(passed, '==', 1));
const failedAt: Vector<PerCheck> = and(when, binary(passed, '==', 0));

/** How many checks in a row, up to the latest one, were of the first kind. */
const streak = (kind: Vector<PerCheck>, other: Vector<PerCheck>): Vector<PerService> => {
  const last = max(other, by);
  return count(or(binary(kind, '>', last, ofService), unless(kind, last, { on: perService as never })), by);
};
/** Services that answer again. */
const recovered = binary(streak(passedAt, failedAt), '>=', limits.healthStreak);

/** How many checks failed since one passed, when that are several and the last one is not long ago. */
export const healthFailures = (): Vector<PerService> =>
  unlessRolledBack(
    and(
      binary(streak(failedAt, passedAt), '>=', limits.healthStreak),
      within(max(failedAt, by), limits.event),
    ),
  );

/** Share of the checks of five minutes that passed, when that is too low and the service has not recovered. */
export const healthShare = (): Vector<PerService> => {
  const late = within(when, limits.healthWindow);
  const share = binary(sum(and(passed, late), by), '/', count(late, by));
  return unlessRolledBack(unless(binary(share, '<', limits.healthShare), recovered));
};

/** Average seconds that a service took to answer the checks of five minutes that passed, when that is too long. */
export const healthLatency = (): Vector<PerService> => {
  const latency = max(metric('deployment_health_check_latency_seconds'), { by: perCheck });
  const slow = avg(and(latency, within(passedAt, limits.healthWindow)), by);
  return unlessRolledBack(binary(slow, '>', limits.healthLatency));
};
