import {
  binary,
  dayOfMonth,
  firstOf,
  floor,
  hour,
  lastOverTime,
  type Matchers,
  metric,
  minute,
  month,
  outcomes,
  type PerDeployment,
  perDeployment,
  type RuleGroup,
  record,
  times,
  topk,
  type Vector,
  withValue,
  year,
} from '../../metrics/index.ts';
import { indicatorIntervals } from '../../pipeline/index.ts';
import { running } from '../raw.ts';
import { columnsOf, latestFact } from '../windows/list.ts';

/** How many deployments of each environment a dashboard offers to choose from. */
export const offered = 500;

/**
 * Start and outcome in one number, for lists: 202510150905071 is a success (1) that started on 2025-10-15 at 09:05:07
 * (UTC). PromQL has no way to write a time, but it can make a label of a number, and then take its digits apart.
 */
export const listing = (
  start: Vector<PerDeployment>,
  outcome: Vector<PerDeployment>,
): Vector<PerDeployment> =>
  [
    times(1e11, year(start)),
    times(1e9, month(start)),
    times(1e7, dayOfMonth(start)),
    times(1e5, hour(start)),
    times(1e3, minute(start)),
    times(10, floor(binary(start, '%', 60))),
    outcome,
  ].reduce((sum, part) => binary(sum, '+', part));

const newest = metric('deployment_choice:started_timestamp_seconds:min');

/** The newest deployments of thirty days: what a list of them needs, so that no dashboard searches thirty days. */
export const choicesGroup: RuleGroup = {
  name: 'deployment-choices',
  interval: indicatorIntervals['30d'],
  rules: [
    record(
      'deployment_choice:started_timestamp_seconds:min',
      topk(offered, firstOf(perDeployment, latestFact('started_timestamp_seconds:min', '30d'), running), {
        by: ['environment'],
      }),
    ),
    ...columnsOf('deployment_choice', ['finished_timestamp_seconds:max', 'outcome:code'], newest, (column) =>
      column === 'outcome:code'
        ? firstOf(perDeployment, latestFact(column, '30d'), withValue(outcomes.running, running))
        : latestFact(column, '30d'),
    ),
    record('deployment_choice:listing:code', listing(newest, metric('deployment_choice:outcome:code'))),
  ],
  source: import.meta.url,
};

const columns = {
  finished: [
    'recent_deployment:finished_timestamp_seconds:max',
    'deployment_choice:finished_timestamp_seconds:max',
  ],
  outcome: ['recent_deployment:outcome:code', 'deployment_choice:outcome:code'],
  listing: ['recent_deployment:listing:code', 'deployment_choice:listing:code'],
} as const;

/** The same list with the last ten of each environment as they are now, those that run included. */
const latestOf = (
  column: keyof typeof columns,
  matchers: Matchers<'recent_deployment:outcome:code'> = {},
): Vector<PerDeployment> => {
  const [now, before] = columns[column];
  return firstOf(perDeployment, metric(now, matchers), metric(before, matchers));
};

/** The same at the end of a time span, which may lie after now: the newest of the twenty minutes before. */
export const latelyOf = (
  column: keyof typeof columns,
  matchers: Matchers<'recent_deployment:outcome:code'> = {},
): Vector<PerDeployment> => {
  const [now, before] = columns[column];
  return firstOf(
    perDeployment,
    latestOf(column, matchers),
    lastOverTime(metric(now, matchers), '20m'),
    lastOverTime(metric(before, matchers), '20m'),
  );
};

/** The same with the last ten of the hour after: in a past that was imported, an hour lies between two lists. */
export const listedAround = (
  column: keyof typeof columns,
  matchers: Matchers<'recent_deployment:outcome:code'> = {},
): Vector<PerDeployment> =>
  firstOf(
    perDeployment,
    latelyOf(column, matchers),
    lastOverTime(metric(columns[column][0], matchers), '1h', { offset: '-1h' }),
  );
