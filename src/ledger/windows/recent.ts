import {
  and,
  binary,
  constant,
  count,
  group,
  type LabelName,
  lastOverTime,
  type MetricName,
  max,
  metric,
  or,
  outcomes,
  pushgatewayJob,
  type RecordingRule,
  type RuleGroup,
  record,
  type Selector,
  sum,
  times,
  topk,
  type Vector,
} from '../../metrics/index.ts';
import { indicatorIntervals, ledgerInterval, recentDeployments } from '../../pipeline/index.ts';
import { listing } from '../history/choices.ts';
import {
  cost,
  type Deployment,
  deployment,
  info,
  reportedTrigger,
  running,
  stageCount,
  stageStatus,
  stagesPassed,
} from '../raw.ts';
import { latestRules } from './latest.ts';

/** The columns of "Recent deployments": each is a fact of the ledger under the same name. */
const columns = [
  'triggered_timestamp_seconds:min',
  'finished_timestamp_seconds:max',
  'outcome:code',
  'duration_seconds:last',
  'stages:count',
  'stages_passed:count',
  'rollback_reason:code',
  'migration_duration_seconds:sum',
  'cost_usd:sum',
  'info:last',
] as const;
type Column = (typeof columns)[number];

const ranking = 'started_timestamp_seconds:min';
const sameDeployment = { on: deployment };

/** One series per deployment: an info may have been recorded twice with other labels, and then the table would not load. */
const once = <M extends MetricName>(v: Vector<LabelName<M>>, column: Column): Vector<LabelName<M>> =>
  column === 'info:last' ? (topk(1, v as Vector<Deployment>, { by: deployment }) as Vector<LabelName<M>>) : v;

const newest = (starts: Vector<Deployment>): Vector<Deployment> =>
  topk(recentDeployments, starts, { by: ['environment'] });

/** In thirty days, every few minutes. */
const slowRules: readonly RecordingRule[] = [
  record(`recent_deployment_30d:${ranking}`, newest(lastOverTime(metric(`deployment:${ranking}`), '30d'))),
  ...columns.map((column) =>
    record(
      `recent_deployment_30d:${column}`,
      and(
        once(
          lastOverTime(metric(`deployment:${column}`) as Selector<'deployment:outcome:code'>, '30d'),
          column,
        ),
        metric(`recent_deployment_30d:${ranking}`),
        sameDeployment,
      ),
    ),
  ),
];

/** What is known of a deployment that still runs. */
const soFar = (v: Vector<Deployment>): Vector<Deployment> => and(v, running, sameDeployment);
const whileRunning: Partial<Record<Column, Vector<Deployment>>> = {
  'stages:count': soFar(stageCount(stageStatus)),
  'stages_passed:count': soFar(stagesPassed(stageStatus)),
  'cost_usd:sum': soFar(sum(cost, { by: deployment })),
  'outcome:code': constant(outcomes.running, running, { by: deployment }),
  'triggered_timestamp_seconds:min': reportedTrigger,
  'info:last': info as Vector<Deployment>,
};

/** A column of today's deployments, of those running, and of the thirty days' ten. */
function fastColumn(column: Column): Vector<Deployment> {
  const today = once(
    lastOverTime(metric(`deployment:${column}`) as Selector<'deployment:outcome:code'>, '1d'),
    column,
  );
  const live = whileRunning[column];
  const known = live ? or(today, live, sameDeployment) : today;
  return and(
    or(known, metric(`recent_deployment_30d:${column}`) as Vector<Deployment>, sameDeployment),
    metric(`recent_deployment:${ranking}`),
    sameDeployment,
  );
}

const fastRules: readonly RecordingRule[] = [
  record(
    `recent_deployment:${ranking}`,
    newest(
      or(
        or(lastOverTime(metric(`deployment:${ranking}`), '1d'), running, sameDeployment),
        metric(`recent_deployment_30d:${ranking}`),
        sameDeployment,
      ),
    ),
  ),
  ...columns.map((column) => record(`recent_deployment:${column}`, fastColumn(column))),
];

const listed = record(
  'recent_deployment:listing:code',
  listing(metric(`recent_deployment:${ranking}`), metric('recent_deployment:outcome:code')),
);

/**
 * How many run now. 0 is said only of environments that are known, and only while the gateway is scraped: with the
 * gateway gone the truth is not 0 but unknown.
 */
const active = record(
  'environment:deployments_active:count',
  and(
    or(
      count(metric('deployment:running:bool'), { by: ['environment'] }),
      times(0, group(metric(`recent_deployment:${ranking}`), { by: ['environment'] })),
    ),
    binary(max(metric('up', { job: pushgatewayJob })), '==', 1),
    { on: [] },
  ),
);

/** The last ten deployments of each environment, ready to be shown. */
export const recentGroups: readonly RuleGroup[] = [
  {
    name: 'deployment-recent-30d',
    interval: indicatorIntervals['30d'],
    rules: slowRules,
    source: import.meta.url,
  },
  {
    name: 'deployment-recent',
    interval: ledgerInterval,
    rules: [...fastRules, ...latestRules, listed, active],
    source: import.meta.url,
  },
];
