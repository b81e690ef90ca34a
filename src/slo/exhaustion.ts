import { windowSeconds } from '../ledger/index.ts';
import {
  and,
  binary,
  less,
  max,
  metric,
  nextMonthStart,
  now,
  or,
  times,
  type Vector,
} from '../metrics/index.ts';
import { allowedShare, type Objective } from './objective.ts';

const by = { by: ['environment'] } as const;
type Environment = 'environment';
const week = windowSeconds('7d');

/** How much faster the budget was spent than earned in the last seven days, a second; nothing, if it was not. */
export function excess({ id: slo, objective }: Objective): Vector<Environment> {
  const ofWeek = { slo, window: '7d' } as const;
  const spent = max(metric('environment_slo:error_budget_spent:sum', ofWeek), by);
  const earned = times(allowedShare(objective), max(metric('environment_slo:events:count', ofWeek), by));
  return binary(binary(binary(spent, '-', earned), '/', week), '>', 0);
}

/** `1 - v`. */
const rest = (v: Vector<Environment>): Vector<Environment> => less(1, v);

/**
 * When the budget will be spent, if the coming days spend and deploy like the last seven. With `spent` and `earned`
 * of this month and the pace of each, the budget lasts until spent reaches max(1, earned): until the later of
 * (1 − spent) / spending and (earned − spent) / (spending − earning). There is such a moment only while more is
 * spent than earned, and it counts only when it lies in this month: the next one begins with a new budget.
 */
export function exhaustion({ id: slo, objective }: Objective): Vector<Environment> {
  const share = allowedShare(objective);
  const ofMonth = { slo, window: 'month' } as const;
  const ofWeek = { slo, window: '7d' } as const;
  const spent = max(metric('environment_slo:error_budget_spent:sum', ofMonth), by);
  const earned = times(share, max(metric('environment_slo:events:count', ofMonth), by));
  const spending = binary(max(metric('environment_slo:error_budget_spent:sum', ofWeek), by), '/', week);
  const excessOfWeek = max(metric('environment_slo:error_budget_excess:rate7d', { slo }), by);
  const untilFirst = binary(rest(spent), '/', spending);
  const untilEarned = binary(binary(earned, '-', spent), '/', excessOfWeek);
  const until = or(binary(untilEarned, '>', untilFirst), and(untilFirst, excessOfWeek));
  // Less than a second is spent already, but for the noise of binary fractions.
  return binary(binary(binary(until, '>', 1), '+', now), '<', nextMonthStart);
}
