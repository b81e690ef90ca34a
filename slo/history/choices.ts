import { outcomes } from '../../metrics/codes.ts';
import {
  and,
  constant,
  firstOf,
  lastOverTime,
  type Matchers,
  metric,
  topk,
  type Vector,
} from '../../metrics/expression.ts';
import { type RuleGroup, record } from '../../metrics/rule.ts';
import { indicatorIntervals } from '../config.ts';
import { type Deployment, deployment, running } from '../ledger/raw.ts';

/** How many deployments of each environment a dashboard offers to choose from. */
const offered = 500;

const newest = metric('deployment_choice:started_timestamp_seconds:min');

/** The newest deployments of thirty days: what a list of them needs, so that no dashboard searches thirty days. */
export const choicesGroup: RuleGroup = {
  name: 'deployment-choices',
  interval: indicatorIntervals['30d'],
  rules: [
    record(
      'deployment_choice:started_timestamp_seconds:min',
      topk(
        offered,
        firstOf(deployment, lastOverTime(metric('deployment:started_timestamp_seconds:min'), '30d'), running),
        { by: ['environment'] },
      ),
    ),
    record(
      'deployment_choice:finished_timestamp_seconds:max',
      and(lastOverTime(metric('deployment:finished_timestamp_seconds:max'), '30d'), newest, {
        on: deployment,
      }),
    ),
    record(
      'deployment_choice:outcome:code',
      and(
        firstOf(
          deployment,
          lastOverTime(metric('deployment:outcome:code'), '30d'),
          constant(outcomes.running, running, { by: deployment }),
        ),
        newest,
        { on: deployment },
      ),
    ),
  ],
  source: import.meta.url,
};

const columns = {
  started: [
    'recent_deployment:started_timestamp_seconds:min',
    'deployment_choice:started_timestamp_seconds:min',
  ],
  finished: [
    'recent_deployment:finished_timestamp_seconds:max',
    'deployment_choice:finished_timestamp_seconds:max',
  ],
  outcome: ['recent_deployment:outcome:code', 'deployment_choice:outcome:code'],
} as const;

/** The same list with the last ten of each environment as they are now, those that run included. */
export const latestOf = (
  column: keyof typeof columns,
  matchers: Matchers<'recent_deployment:outcome:code'> = {},
): Vector<Deployment> => {
  const [now, before] = columns[column];
  return firstOf(deployment, metric(now, matchers), metric(before, matchers));
};

/** The same at the end of a time span, which may lie after now: the newest of the twenty minutes before. */
export const latelyOf = (
  column: keyof typeof columns,
  matchers: Matchers<'recent_deployment:outcome:code'> = {},
): Vector<Deployment> => {
  const [now, before] = columns[column];
  return firstOf(
    deployment,
    latestOf(column, matchers),
    lastOverTime(metric(now, matchers), '20m'),
    lastOverTime(metric(before, matchers), '20m'),
  );
};
