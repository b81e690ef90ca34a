import { cell } from '../src/dashboards/index.ts';
import { countByCode, reasonCodes } from '../src/ledger/index.ts';
import {
  and,
  binary,
  clampMax,
  countValues,
  custom,
  customAverage,
  firstOf,
  labelJoin,
  labelReplace,
  lastOverTime,
  type Matchers,
  type MetricName,
  max,
  metric,
  min,
  now,
  oneOf,
  or,
  type PerDeployment,
  perDeployment,
  scalar,
  sum,
  target,
  times,
  topk,
  type Vector,
  variable,
  variableOrNone,
  without,
} from '../src/metrics/index.ts';

/** Expressions of the overview by name; panels, alerts and tests share them. */

const environment = variable('environment');
const inWindow = { environment, window: oneOf('window') } as const;

/** A series by deployment, of the chosen environments. */
const recent = <M extends MetricName>(name: M) => metric(name, { environment } as unknown as Matchers<M>);
const recentOutcome = recent('recent_deployment:outcome:code');
const recentFinish = recent('recent_deployment:finished_timestamp_seconds:max');
const recentStart = recent('recent_deployment:started_timestamp_seconds:min');

/** Only the newest of them, by environment. */
const newest = (when: Vector<PerDeployment>): Vector<PerDeployment> => topk(1, when, { by: ['environment'] });

/** With the number of deployments that it is a share of, as label `deployments`: one of three is no nine of ten. */
export const successRate = () =>
  binary(
    metric('environment:deployment_success:ratio', inWindow),
    '*',
    countValues('deployments', metric('environment:deployments:count', inWindow), { by: ['environment'] }),
    { on: ['environment'], groupLeft: ['deployments'] },
  );
/** Time to deploy of the latest successful deployment, also when ten have failed since. */
export const currentTimeToDeploy = () =>
  metric('environment:latest_success_duration_seconds:last', { environment });
/**
 * Outcome code of the newest deployment that has finished. Not of the one that finished last: one that was given up
 * finishes two hours after its last word, and would take the place of what was deployed since.
 */
export const lastOutcome = (): Vector<PerDeployment> => and(recentOutcome, last());
/** The newest deployment that has finished. */
const last = (): Vector<PerDeployment> =>
  newest(and(recentStart, metric('recent_deployment:finished_timestamp_seconds:max')));
/** Of the last deployments, what is asked of the newest that has finished. */
const ofLast = <L extends string>(v: Vector<PerDeployment | L>): Vector<PerDeployment | L> =>
  and(v, last(), { on: perDeployment as never });
/** "5 of 6" as a label. */
const share = <N extends string>(
  label: N,
  passed: Vector<PerDeployment>,
  made: Vector<PerDeployment>,
): Vector<PerDeployment | N> => {
  const counts = binary(
    countValues('passed', passed, { by: perDeployment }),
    '*',
    countValues('all', binary(made, '>', 0), { by: perDeployment }),
    { on: perDeployment, groupLeft: ['all'] },
  );
  return max(labelJoin(counts, label, ' of ', 'passed', 'all'), { by: [...perDeployment, label] });
};

export const activeDeployments = () => metric('environment:deployments_active:count', { environment });
/** When the oldest of those that run now started, milliseconds. */
export const activeSince = (): Vector<never> =>
  times(1000, min(metric('deployment:running_since_timestamp_seconds:min', { environment })));

/** Success rate of the day up to each point. */
export const successRateTrend = () =>
  metric('environment:deployment_success:ratio', { environment, window: '1d' });
/** Deployments of the day up to each point: what its success rate is made of. */
export const deploymentsTrend = () => metric('environment:deployments:count', { environment, window: '1d' });
/** p95 of time to deploy of the day up to each point, in minutes: an axis of seconds has no round steps. */
export const timeToDeployTrend = () =>
  binary(
    metric('environment:time_to_deploy_seconds:quantile', { environment, window: '1d', quantile: '0.95' }),
    '/',
    60,
  );
/** A metric of the pipeline file: the average of the day up to each point. */
export const customTrend = (name: string) => custom(customAverage(name), { environment, window: '1d' });
const day = 86_400;
/**
 * Rollbacks in the day that begins at each point; asked with a step of a day. Grafana lets days begin at midnight where
 * the reader is, so no day of the rules' own would do. Facts are looked up in the day after as well: one that was
 * recorded late or corrected then still belongs to the day on which it happened.
 */
export const rollbacksPerDay = () => {
  const facts = <M extends MetricName>(name: M) => lastOverTime(recent(name), '2d', { offset: '-2d' });
  const when = facts('deployment:rollback_finished_timestamp_seconds:max');
  const thatDay = binary(binary(when, '>', now), '<=', scalar(now, '+', day));
  return countByCode(
    and(facts('deployment:rollback_reason:code'), thatDay),
    ['environment'],
    'reason',
    reasonCodes,
  );
};

export const stageDuration = () => metric('environment_stage:duration_seconds:avg', inWindow);
export const stageFailures = () => binary(metric('environment_stage:failures:count', inWindow), '>', 0);

export const healthChecks = () => metric('environment:health_check_success:ratio', inWindow);
/** A test that only ran in cancelled deployments ran 0 times, which says nothing. */
const smokeTests = () =>
  binary(
    sum(metric('environment_test:smoke_tests:count', inWindow), { by: ['environment', 'test_name'] }),
    '>',
    0,
  );
export const smokeTestsPassed = () =>
  and(
    sum(metric('environment_test:smoke_tests_passed:count', inWindow), { by: ['environment', 'test_name'] }),
    smokeTests(),
  );
export const smokeTestsFailed = () => binary(smokeTests(), '-', smokeTestsPassed());
/** Share of all smoke tests and of all runs of migrations that succeeded. */
export const allSmokeTestsRate = () => metric('environment:smoke_test_success:ratio', inWindow);
export const migrationRate = () => metric('environment:migration_success:ratio', inWindow);
export const smokeTestRate = () => binary(smokeTestsPassed(), '/', smokeTests());
/** How long the migrations of the latest deployment took that had any, also when ten had none since. */
export const migrationDuration = () =>
  metric('environment:latest_migration_duration_seconds:last', { environment });

/** A label of at most 24 letters: no column is wide enough for every branch. */
const shortened = <L extends string>(v: Vector<L>, label: L): Vector<L> =>
  labelReplace(v, label, '$1…', label, '(.{24}).{2,}');

/** The columns of "Recent deployments". Times are milliseconds, as Grafana's dates and links want them. */
export const recentDeployments = {
  triggered: () => times(1000, recent('recent_deployment:triggered_timestamp_seconds:min')),
  outcome: () => cell(recentOutcome),
  duration: () => cell(recent('recent_deployment:duration_seconds:last')),
  /** 0 where it was not rolled back. */
  rollback: () =>
    or(cell(recent('recent_deployment:rollback_reason:code')), times(0, cell(recentOutcome)), {
      on: perDeployment,
    }),
  /** "api build" in one label. */
  failed: () =>
    labelJoin(
      max(recent('recent_deployment:failed_stage_timestamp_seconds:min'), {
        by: [...perDeployment, 'service', 'stage'],
      }),
      'failed',
      ' ',
      'service',
      'stage',
    ),
  cost: () => cell(recent('recent_deployment:cost_usd:sum')),
  /** @param more `preview`, where there are previews */
  info: (...more: 'preview'[]) =>
    ['branch', 'version'].reduce(
      (v, label) => shortened(v, label as 'branch' | 'version'),
      max(recent('recent_deployment:info:last'), {
        by: [...perDeployment, 'branch', 'version', 'actor', 'run_url', ...more],
      }),
    ),
  stages: () =>
    share(
      'stages',
      recent('recent_deployment:stages_passed:count'),
      recent('recent_deployment:stages:count'),
    ),
  /** A minute before the push. */
  from: () => times(1000, binary(recent('recent_deployment:triggered_timestamp_seconds:min'), '-', 60)),
  /** A quarter of an hour after the finish, to see what the new version did; now, if that is earlier. */
  to: () =>
    times(
      1000,
      firstOf(
        perDeployment,
        clampMax(binary(recentFinish, '+', target('observedSeconds')), now),
        binary(times(0, recentStart), '+', now),
      ),
    ),
} as const;

const { outcome, failed, rollback, info, from, to } = recentDeployments;
/** The columns of the newest deployment that has finished, of each environment. */
export const lastOne = {
  outcome: () => ofLast(outcome()),
  finished: () => ofLast(times(1000, cell(recentFinish))),
  failed: () => ofLast(failed()),
  healthChecks: () =>
    ofLast(
      share(
        'health',
        recent('recent_deployment:health_checks_passed:count'),
        recent('recent_deployment:health_checks:count'),
      ),
    ),
  smokeTests: () =>
    ofLast(
      share(
        'tests',
        recent('recent_deployment:smoke_tests_passed:count'),
        recent('recent_deployment:smoke_tests:count'),
      ),
    ),
  rollback: () => ofLast(rollback()),
  info: () => ofLast(info()),
  from: () => ofLast(from()),
  to: () => ofLast(to()),
} as const;

/**
 * 1 while an alert of the chosen environments (or of none) fires. Not those about an SLO: a budget that is spent stays
 * so until the month is over, and would tint every graph till then.
 */
export const firingAlerts = () =>
  metric('ALERTS', { alertstate: 'firing', environment: variableOrNone('environment'), slo: without });
/**
 * When deployments finished, milliseconds, at each step at which the ledger wrote it: the value is the mark's place, so
 * that however wide the steps are, each deployment is marked once and where it belongs.
 */
export const finishedDeployments = () =>
  times(
    1000,
    max(lastOverTime(recent('deployment:finished_timestamp_seconds:max'), '$__interval'), {
      by: perDeployment,
    }),
  );
