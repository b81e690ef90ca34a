import type { MetricName } from '../metrics/catalogue.ts';
import { outcomes } from '../metrics/codes.ts';
import {
  ago,
  and,
  binary,
  clampMin,
  countValues,
  firstOf,
  labelJoin,
  type Matchers,
  max,
  maxOverTime,
  metric,
  now,
  oneOf,
  or,
  sum,
  times,
  topk,
  type Vector,
  variable,
} from '../metrics/expression.ts';
import { clampMax } from '../metrics/functions.ts';
import { cell } from './lib/cell.ts';
import { thresholds } from './thresholds.ts';

/** Expressions of the overview by name; panels, alerts and tests share them. */

const environment = variable('environment');
const inWindow = { environment, window: oneOf('window') } as const;
const deployment = ['environment', 'deployment_id'] as const;
type Deployment = (typeof deployment)[number];

/** A column of the last deployments of the chosen environments. */
const recent = <M extends MetricName>(name: M) => metric(name, { environment } as unknown as Matchers<M>);
const recentOutcome = recent('recent_deployment:outcome:code');
const recentFinish = recent('recent_deployment:finished_timestamp_seconds:max');
const recentStart = recent('recent_deployment:started_timestamp_seconds:min');

/** Only the newest of them, by environment. */
const newest = (when: Vector<Deployment>): Vector<Deployment> => topk(1, when, { by: ['environment'] });

export const successRate = () => metric('environment:deployment_success:ratio', inWindow);
/** Time to deploy of the latest successful deployment. */
export const currentTimeToDeploy = (): Vector<Deployment> =>
  and(
    recent('recent_deployment:duration_seconds:last'),
    newest(and(recentFinish, binary(recentOutcome, '==', outcomes.success), { on: deployment })),
    { on: deployment },
  );
/** Outcome code of the deployment that finished last. */
export const lastOutcome = (): Vector<Deployment> =>
  and(recentOutcome, newest(recentFinish), { on: deployment });
export const activeDeployments = () => metric('environment:deployments_active:count', { environment });

/** Success rate of the day up to each point. */
export const successRateTrend = () =>
  metric('environment:deployment_success:ratio', { environment, window: '1d' });
/** p95 of time to deploy of the day up to each point. */
export const timeToDeployTrend = () =>
  metric('environment:time_to_deploy_seconds:quantile', { environment, window: '1d', quantile: '0.95' });
/** Rollbacks of each UTC day, at the day's start; asked with a step of a day. */
export const rollbacksPerDay = () =>
  sum(
    maxOverTime(metric('environment:rollbacks_since_midnight:count', { environment }), '1d', {
      offset: '-1d',
    }),
    { by: ['environment', 'reason'] },
  );

export const stageDuration = () => metric('environment_stage:duration_seconds:avg', inWindow);
export const stageFailures = () => binary(metric('environment_stage:failures:count', inWindow), '>', 0);

export const healthChecks = () => metric('environment:health_check_success:ratio', inWindow);
export const smokeTestsPassed = () =>
  sum(metric('environment_test:smoke_tests_passed:count', inWindow), { by: ['environment', 'test_name'] });
const smokeTests = () =>
  sum(metric('environment_test:smoke_tests:count', inWindow), { by: ['environment', 'test_name'] });
export const smokeTestsFailed = () => binary(smokeTests(), '-', smokeTestsPassed());
export const smokeTestRate = () => binary(smokeTestsPassed(), '/', smokeTests());
/** How long the migrations of the latest deployment took that had any. */
export const migrationDuration = (): Vector<Deployment> => {
  const durations = recent('recent_deployment:migration_duration_seconds:sum');
  return and(durations, newest(and(recentStart, durations, { on: deployment })), { on: deployment });
};

/** The columns of "Recent deployments". Times are milliseconds, as Grafana's dates and links want them. */
export const recentDeployments = {
  triggered: () => times(1000, recent('recent_deployment:triggered_timestamp_seconds:min')),
  outcome: () => cell(recentOutcome),
  duration: () => cell(recent('recent_deployment:duration_seconds:last')),
  /** 0 where it was not rolled back. */
  rollback: () =>
    or(cell(recent('recent_deployment:rollback_reason:code')), times(0, cell(recentOutcome)), {
      on: deployment,
    }),
  cost: () => cell(recent('recent_deployment:cost_usd:sum')),
  info: () =>
    max(recent('recent_deployment:info:last'), {
      by: [...deployment, 'branch', 'version', 'actor', 'run_url'],
    }),
  /** "5 of 6", as a label. */
  stages: () =>
    labelJoin(
      binary(
        countValues('passed', recent('recent_deployment:stages_passed:count'), { by: deployment }),
        '*',
        countValues('all', recent('recent_deployment:stages:count'), { by: deployment }),
        { on: deployment, groupLeft: ['all'] },
      ),
      'stages',
      ' of ',
      'passed',
      'all',
    ),
  /** A minute before the push. */
  from: () => times(1000, binary(recent('recent_deployment:triggered_timestamp_seconds:min'), '-', 60)),
  /** A quarter of an hour after the finish, to see what the new version did; now, if that is earlier. */
  to: () =>
    times(
      1000,
      firstOf(
        deployment,
        clampMax(binary(recentFinish, '+', thresholds.observedAfterFinish), now),
        binary(times(0, recentStart), '+', now),
      ),
    ),
} as const;

/** 1 while an alert of the chosen environments (or of none) fires. */
export const firingAlerts = () => metric('ALERTS', { alertstate: 'firing' });
/** One point at the finish of each deployment: the outcome's code. */
export const finishedDeployments = () =>
  and(
    clampMin(metric('deployment:outcome:code', { environment }), 1),
    binary(
      metric('deployment:finished_timestamp_seconds:max', { environment }),
      '>',
      ago(thresholds.annotationStep * 2),
    ),
    { on: deployment },
  );
