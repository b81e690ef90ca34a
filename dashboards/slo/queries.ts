import { cell } from '../../src/dashboards/index.ts';
import {
  binary,
  constant,
  firstOf,
  max,
  metric,
  monthStart,
  nextMonthStart,
  now,
  scalar,
  sum,
  target,
  times,
  type Vector,
  variable,
  vector,
} from '../../src/metrics/index.ts';

/** Expressions of the SLO dashboard by name. */

const environment = variable('environment');
const chosen = { environment, slo: variable('slo') } as const;
const row = ['environment', 'slo'] as const;
type Row = (typeof row)[number];
const month = { ...chosen, window: 'month' } as const;

const value = (v: Vector<string>): Vector<Row> => max(v as Vector<Row>, { by: row });

/** An SLO's targets, for every environment in which it is measured. */
const setFor = (measured: Vector<Row>, set: Vector<'slo'>): Vector<Row> =>
  binary(times(0, measured), '+', max(set, { by: ['slo'] }), { on: ['slo'], groupLeft: [] });

/** The columns of the table of objectives, by environment and SLO. */
export const objectives = {
  objective: () => setFor(value(metric('environment_slo:good:ratio', month)), metric('slo:objective:ratio')),
  good: () => value(metric('environment_slo:good:ratio', month)),
  events: () => value(metric('environment_slo:events:count', month)),
  bad: () => value(metric('environment_slo:bad_events:count', month)),
  /** 1 while the share is what was promised, or better. */
  kept: () =>
    binary(
      value(metric('environment_slo:good:ratio', month)),
      '>=',
      max(metric('slo:objective:ratio'), { by: ['slo'] }),
      { bool: true, on: ['slo'], groupLeft: [] },
    ),
  left: () => value(metric('environment_slo:error_budget_left:ratio', chosen)),
  agreement: () => setFor(value(metric('environment_slo:sla_good:ratio', chosen)), metric('slo:sla:ratio')),
  agreementGood: () => value(metric('environment_slo:sla_good:ratio', chosen)),
  agreementLeft: () => value(metric('environment_slo:sla_left:ratio', chosen)),
} as const;

export const budgetLeft = () => metric('environment_slo:error_budget_left:ratio', chosen);
/** In place of a time: the budget is spent already, or it lasts. */
export const spentStates = { spent: 0, lasts: 1_000_000 } as const;
const reliabilityLeft = max(
  metric('environment_slo:error_budget_left:ratio', { environment, slo: 'deployment-reliability' }),
  { by: ['environment'] },
);
/** When the budget will be spent at the pace of the last seven days, milliseconds; or one of {@link spentStates}. */
export const spentBy = (): Vector<'environment'> =>
  firstOf<'environment'>(
    ['environment'],
    times(
      1000,
      max(metric('environment_slo:error_budget_exhausted_timestamp_seconds:estimate', { environment }), {
        by: ['environment'],
      }),
    ),
    constant(spentStates.spent, binary(reliabilityLeft, '<=', 0), { by: ['environment'] }),
    constant(spentStates.lasts, reliabilityLeft, { by: ['environment'] }),
  );
export const escalating = () => metric('environment_slo:escalating_deployments:count', chosen);
/** 1 while no budget of deployment reliability is left: risky changes are frozen. */
export const frozen = () =>
  binary(
    metric('environment_slo:error_budget_left:ratio', { environment, slo: 'deployment-reliability' }),
    '<=',
    0,
    { bool: true },
  );

/** Share of the budget that would be left if it were spent evenly over the calendar month. */
export const idealLeft = (): Vector<never> =>
  vector(scalar(scalar(nextMonthStart, '-', now), '/', scalar(nextMonthStart, '-', monthStart)));

export const burnRate = (window: '1h' | '6h' | '3d') =>
  value(metric('environment_slo:burn_rate:ratio', { ...chosen, window }));

const spender = ['environment', 'deployment_id', 'slo'] as const;
const spending = metric('spending_deployment_slo:error_budget_spent:sum', chosen);
/** Facts of a deployment, on each of its rows (one for each SLO). */
const ofSpender = (v: Vector<'environment' | 'deployment_id'>): Vector<(typeof spender)[number]> =>
  binary(times(0, max(spending, { by: spender })), '+', v, {
    on: ['environment', 'deployment_id'],
    groupLeft: [],
  });

/** The columns of the deployments that spent the budget. Times are milliseconds. */
export const spenders = {
  spent: () => max(spending, { by: spender }),
  outcome: () => ofSpender(cell(metric('spending_deployment:outcome:code', { environment }))),
  finished: () =>
    times(
      1000,
      ofSpender(cell(metric('spending_deployment:finished_timestamp_seconds:max', { environment }))),
    ),
  info: () =>
    max(metric('spending_deployment:info:last', { environment }), {
      by: ['environment', 'deployment_id', 'branch', 'version', 'actor', 'run_url'],
    }),
  from: () =>
    times(
      1000,
      binary(
        ofSpender(cell(metric('spending_deployment:triggered_timestamp_seconds:min', { environment }))),
        '-',
        60,
      ),
    ),
  to: () =>
    times(
      1000,
      binary(
        ofSpender(cell(metric('spending_deployment:finished_timestamp_seconds:max', { environment }))),
        '+',
        target('observedSeconds'),
      ),
    ),
} as const;

export const monthlyCost = () => metric('environment_resource:month_cost_usd:sum', { environment });
export const totalMonthlyCost = () => sum(monthlyCost(), { by: ['environment'] });
/** Of the same, by those that did not succeed. */
export const failedMonthlyCost = () => metric('environment:month_failed_cost_usd:sum', { environment });
export const costPerDeployment = () =>
  metric('environment:deployment_cost_usd:avg', { environment, window: 'month' });
/** Cost of the day up to each point. */
export const dailyCost = () => metric('environment_resource:cost_usd:sum', { environment, window: '1d' });
