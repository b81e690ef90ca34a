import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentLabels, recorded } from './recorded-series.ts';

const { environment, resource, slo } = labels;

/** Rolling windows over which events of an SLO are counted: those of the burn alerts, and the week for the pace. */
export const sloWindows = ['15m', '30m', '1h', '2h', '6h', '1d', '3d', '7d'] as const;
/** A rolling window of an SLO. */
export type SloWindow = (typeof sloWindows)[number];

/** Why an alert about an SLO blames a deployment. */
export const sloCauses = ['sla_breach', 'escalation', 'fast_burn', 'slow_burn'] as const;
/** Why an alert about an SLO blames a deployment. */
export type SloCause = (typeof sloCauses)[number];

const ofSlo = { environment, slo } as const;
const windowed = { ...ofSlo, window: [...sloWindows, 'month'] } as const;

const events = {
  'slo:objective:ratio': {
    ...recorded('ratio', { slo }, 'Share of events that has to be good.'),
    readBy: 'npm run gate',
  },
  'slo:sla:ratio': {
    ...recorded('ratio', { slo }, 'Share of events that was promised to customers.'),
    readBy: 'npm run diff',
  },
  'environment_slo:events:count': recorded(
    'count',
    windowed,
    'Events that the SLO judges. `month` is the calendar month (UTC) so far.',
  ),
  'environment_slo:bad_events:count': recorded('count', windowed, 'Events that were bad.'),
  'environment_slo:bad_deployments:count': recorded(
    'count',
    windowed,
    'Deployments with at least one bad event: how many independent things went wrong.',
  ),
  'environment_slo:good:ratio': recorded(
    'ratio',
    { ...ofSlo, window: ['month'] },
    'Share of events of this calendar month that were good: the indicator.',
  ),
  'environment_slo:burn_rate:ratio': recorded(
    'ratio',
    windowed,
    'How many times faster than allowed the budget is spent: 1 uses up exactly what the objective allows.',
  ),
} as const satisfies Record<string, MetricDefinition>;

const budget = {
  'environment_slo:error_budget_spent:sum': recorded(
    'count',
    windowed,
    'Error budget that was spent, in events; a deployment that was rolled back for health costs half of one.',
  ),
  'environment_slo:error_budget_allowed:count': recorded(
    'count',
    ofSlo,
    'Error budget of this calendar month so far, in events.',
  ),
  'environment_slo:error_budget_left:ratio': recorded(
    'ratio',
    ofSlo,
    'Share of the budget of this month that is left: 1 is all, 0 none, below 0 overspent.',
  ),
  'environment_slo:error_budget_excess:rate7d': recorded(
    'count',
    ofSlo,
    'How much faster the budget was spent than earned in the last seven days, events a second; only if it was.',
  ),
  'environment_slo:error_budget_exhausted_timestamp_seconds:estimate': recorded(
    'unix seconds',
    ofSlo,
    'When the budget will be spent if the coming days are like the last seven; only when that is in this month.',
  ),
  'environment_slo:sla_good:ratio': recorded(
    'ratio',
    ofSlo,
    'Share of events of this month that were good enough for the SLA.',
  ),
  'environment_slo:sla_left:ratio': recorded(
    'ratio',
    ofSlo,
    'Share of what the SLA allows this month that is left; below 0 the SLA is breached so far.',
  ),
  'environment_slo:escalating_deployments:count': recorded(
    'count',
    ofSlo,
    'Deployments of the last seven days that were so slow that two of them escalate.',
  ),
} as const satisfies Record<string, MetricDefinition>;

/** The deployments of this month that spent something, newest first, as rows of a table. */
const spending = {
  'spending_deployment_slo:error_budget_spent:sum': recorded(
    'count',
    { ...deploymentLabels, slo },
    'Error budget of the SLO that the deployment spent this month; the newest 25 of each environment and SLO.',
  ),
  'spending_deployment:triggered_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When it was pushed.',
  ),
  'spending_deployment:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When it finished.',
  ),
  'spending_deployment:outcome:code': recorded('code', deploymentLabels, 'How it ended.'),
  'spending_deployment:info:last': recorded(
    'none',
    {
      ...deploymentLabels,
      branch: labels.branch,
      commit: labels.commit,
      version: labels.version,
      actor: labels.actor,
      previous_deployment_id: labels.previous_deployment_id,
      run_url: labels.run_url,
      repository_url: labels.repository_url,
      preview: labels.preview,
    },
    'Always 1; what was deployed, by whom and from which run.',
  ),
} as const satisfies Record<string, MetricDefinition>;

/** The deployments that an alert about an SLO names. */
const offenders = {
  'culprit_deployment_slo:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    { ...deploymentLabels, slo, cause: sloCauses },
    'When a deployment finished that did what an alert is about: broke the SLA this month, was slow enough to escalate within seven days, or was bad in the longest window of an alert about burning too fast; the newest 25 of each environment and SLO.',
  ),
} as const satisfies Record<string, MetricDefinition>;

const cost = {
  'environment_resource:month_cost_usd:sum': recorded(
    'currency',
    { environment, resource },
    'What the deployments of this calendar month (UTC) cost so far.',
  ),
  'environment:month_failed_cost_usd:sum': recorded(
    'currency',
    { environment },
    'What those of them cost that did not succeed.',
  ),
  'environment:deployment_cost_usd:avg': recorded(
    'currency',
    { environment, window: ['30d', 'month'] },
    'What a deployment cost on average, of those that said what they cost.',
  ),
} as const satisfies Record<string, MetricDefinition>;

const heartbeat = {
  'deployment_observability:ledger_evaluated_timestamp_seconds:max': {
    ...recorded('unix seconds', {}, 'When the ledger was last evaluated to its end.'),
    rare: true,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Series of SLOs and error budgets that recording rules write. */
export const sloMetrics = {
  ...events,
  ...budget,
  ...spending,
  ...offenders,
  ...cost,
  ...heartbeat,
} as const satisfies Record<string, MetricDefinition>;
