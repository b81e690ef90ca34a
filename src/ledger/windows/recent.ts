import {
  and,
  binary,
  constant,
  count,
  firstOf,
  group,
  lastOverTime,
  max,
  metric,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  pushgatewayJob,
  type RecordingRule,
  type RuleGroup,
  record,
  sum,
  times,
  topk,
  type Vector,
} from '../../metrics/index.ts';
import { ledgerInterval, recentDeployments, seldom } from '../../pipeline/index.ts';
import { listing } from '../history/choices.ts';
import { cost, info, reportedTrigger, running, stageCount, stagesSucceeded } from '../raw.ts';
import { latestRules } from './latest.ts';
import { columnsOf, latestFact } from './list.ts';

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
const sameDeployment = { on: perDeployment };

const newest = (starts: Vector<PerDeployment>): Vector<PerDeployment> =>
  topk(recentDeployments, starts, { by: ['environment'] });

/**
 * In thirty days, seldom: what happened or changed within the last day is asked of the facts themselves. So a list that is
 * as old as this hides nothing.
 */
const slow = (column: Column | typeof ranking): Vector<PerDeployment> =>
  lastOverTime(metric(`recent_deployment_30d:${column}`), seldom.range) as Vector<PerDeployment>;
const slowRules: readonly RecordingRule[] = [
  record(`recent_deployment_30d:${ranking}`, newest(latestFact(ranking, '30d'))),
  ...columnsOf('recent_deployment_30d', columns, metric(`recent_deployment_30d:${ranking}`), (column) =>
    latestFact(column, '30d'),
  ),
];

/** Facts of a deployment that still runs. */
const soFar = (v: Vector<PerDeployment>): Vector<PerDeployment> => and(v, running, sameDeployment);
const whileRunning: Partial<Record<Column, Vector<PerDeployment>>> = {
  'stages:count': soFar(stageCount),
  'stages_passed:count': soFar(
    firstOf(perDeployment, stagesSucceeded, times(0, metric('recent_deployment:stages:count'))),
  ),
  'cost_usd:sum': soFar(sum(cost, { by: perDeployment })),
  'outcome:code': constant(outcomes.running, running, { by: perDeployment }),
  'triggered_timestamp_seconds:min': reportedTrigger,
  'info:last': info as Vector<PerDeployment>,
};

/** A column of today's deployments, of those running, and of the thirty days' ten. */
const fastColumn = (column: Column): Vector<PerDeployment> =>
  firstOf(perDeployment, latestFact(column, '1d'), ...[whileRunning[column] ?? []].flat(), slow(column));

const fastRules: readonly RecordingRule[] = [
  record(
    `recent_deployment:${ranking}`,
    newest(firstOf<PerDeployment>(perDeployment, latestFact(ranking, '1d'), running, slow(ranking))),
  ),
  ...columnsOf('recent_deployment', columns, metric(`recent_deployment:${ranking}`), fastColumn),
];

const listed = record(
  'recent_deployment:listing:code',
  listing(metric(`recent_deployment:${ranking}`), metric('recent_deployment:outcome:code')),
);

/** By environment: who wants to know which environments there are need not search the deployments of thirty days. */
const listedCount = record(
  'environment:recent_deployments:count',
  count(metric(`recent_deployment:${ranking}`), { by: ['environment'] }),
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
    interval: seldom.interval,
    rules: slowRules,
    source: import.meta.url,
  },
  {
    name: 'deployment-recent',
    interval: ledgerInterval,
    rules: [...fastRules, ...latestRules, listed, listedCount, active],
    source: import.meta.url,
  },
];
