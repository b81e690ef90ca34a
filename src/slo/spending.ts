import { columnsOf, inWindow, latestFact, longestMonth, thisMonth } from '../ledger/index.ts';
import {
  and,
  avg,
  binary,
  floor,
  lastOverTime,
  metric,
  monthStart,
  outcomes,
  type RecordingRule,
  type RuleGroup,
  record,
  sum,
  times,
  topk,
} from '../metrics/index.ts';
import { indicatorIntervals } from '../pipeline/index.ts';
import type { Objective } from './objective.ts';
import { listed } from './offenders.ts';
import { month } from './span.ts';

/** More than any deployment spends. */
const most = 16_384;

/**
 * Budget that each deployment of this month spent, of the newest that spent any. When it finished and what it spent are
 * one number until the newest are found: a month of facts is not read twice.
 */
function spendingRule({ id: slo, indicator, budget }: Objective): RecordingRule {
  const spent = binary(budget.kind === 'freeze' ? budget.spent(month.of) : indicator.bad(month.of), '>', 0);
  const finished = binary(
    lastOverTime(metric('deployment:finished_timestamp_seconds:max'), longestMonth),
    '>=',
    monthStart,
  );
  const newest = topk(listed, binary(times(most, floor(finished)), '+', spent), { by: ['environment'] });
  return record('spending_deployment_slo:error_budget_spent:sum', binary(newest, '%', most), {
    slo,
  });
}

const columns = [
  'triggered_timestamp_seconds:min',
  'finished_timestamp_seconds:max',
  'outcome:code',
  'info:last',
] as const;

const columnRules = columnsOf(
  'spending_deployment',
  columns,
  metric('spending_deployment_slo:error_budget_spent:sum'),
  (column) => latestFact(column, longestMonth),
);

/** The deployments that spent the budget of this month, ready to be shown. */
export const spendingGroup = (objectives: readonly Objective[]): RuleGroup => ({
  name: 'deployment-budget-spending',
  interval: indicatorIntervals['30d'],
  rules: [...objectives.map(spendingRule), ...columnRules],
  source: import.meta.url,
});

/** Cost of deployments: this month by resource, and each on average. */
export const costGroup: RuleGroup = {
  name: 'deployment-cost',
  interval: indicatorIntervals['30d'],
  rules: [
    record(
      'environment_resource:month_cost_usd:sum',
      sum(thisMonth(metric('deployment_resource:cost_usd:sum')), { by: ['environment', 'resource'] }),
    ),
    record(
      'environment:month_failed_cost_usd:sum',
      sum(
        and(
          thisMonth(metric('deployment:cost_usd:sum')),
          binary(lastOverTime(metric('deployment:outcome:code'), longestMonth), '!=', outcomes.success),
          { on: ['environment', 'deployment_id'] },
        ),
        { by: ['environment'] },
      ),
    ),
    record(
      'environment:deployment_cost_usd:avg',
      avg(inWindow(metric('deployment:cost_usd:sum'), '30d'), { by: ['environment'] }),
      { window: '30d' },
    ),
    record(
      'environment:deployment_cost_usd:avg',
      avg(thisMonth(metric('deployment:cost_usd:sum')), { by: ['environment'] }),
      { window: 'month' },
    ),
  ],
  source: import.meta.url,
};
