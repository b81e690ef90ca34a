import {
  and,
  avg,
  binary,
  count,
  custom,
  customAverage,
  customFact,
  firstOf,
  type LabelName,
  labels,
  lastOverTime,
  metric,
  outcomes,
  quantile,
  type RecordedMetric,
  type RecordingRule,
  type RuleGroup,
  record,
  recordCustom,
  sum,
  type Vector,
  type Window,
} from '../../metrics/index.ts';
import { indicatorIntervals, type Pipeline } from '../../pipeline/index.ts';
import { countByCode, errorCodes, reasonCodes } from './codes.ts';
import { inWindow, onlyInWindow, rolledBackIn } from './window.ts';

const environment = ['environment'] as const;
type Environment = 'environment';
const outcome = metric('deployment:outcome:code');
const byStage = ['environment', 'service', 'stage'] as const;

/** One rule of an indicator in one window. */
type Indicator = (window: Window) => readonly RecordingRule[];

/** A recorded indicator that needs nothing but its window. */
const indicator =
  <M extends RecordedMetric>(name: M, expr: (window: Window) => Vector<LabelName<NoInfer<M>>>): Indicator =>
  (window) => [{ ...record(name, expr(window)), labels: { window } }];

const counted = (window: Window): Vector<'environment' | 'deployment_id'> =>
  binary(inWindow(outcome, window), '!=', outcomes.cancelled);

/** A count of each deployment. */
type Counted = `deployment:${'health_checks' | 'smoke_tests' | 'migrations'}${'' | '_passed'}:count`;

/** Passed by made, of the sums: a ratio of ratios would give a deployment with one test as much weight as one with fifty. */
const share = (made: Counted, passed: Counted, window: Window): Vector<Environment> =>
  binary(
    sum(inWindow(metric(passed), window), { by: environment }),
    '/',
    // Nothing made is no ratio, rather than 0 by 0.
    binary(sum(inWindow(metric(made), window), { by: environment }), '>', 0),
  );

const timeToDeploy: Indicator = (window) =>
  labels.quantile.map((q) =>
    record(
      'environment:time_to_deploy_seconds:quantile',
      quantile(
        Number(q),
        onlyInWindow(
          and(
            lastOverTime(metric('deployment:duration_seconds:last'), window),
            binary(lastOverTime(outcome, window), '==', outcomes.success),
          ),
          window,
        ),
        { by: environment },
      ),
      { window, quantile: q },
    ),
  );

/** From the push to the start, where these are told apart. */
const waited = (window: Window): Vector<Environment | 'deployment_id'> =>
  binary(
    binary(
      lastOverTime(metric('deployment:started_timestamp_seconds:min'), window),
      '-',
      lastOverTime(metric('deployment:triggered_timestamp_seconds:min'), window),
    ),
    '>',
    0,
  );
const queue: Indicator = (window) =>
  window === '1h' || window === '30d'
    ? (['0.5', '0.95'] as const).map((q) =>
        record(
          'environment_runner:queue_seconds:quantile',
          quantile(
            Number(q),
            onlyInWindow(
              firstOf<Environment | 'deployment_id' | 'runner'>(
                ['environment', 'deployment_id'],
                lastOverTime(metric('deployment_runner:queue_seconds:max'), window),
                waited(window),
              ),
              window,
            ),
            { by: ['environment', 'runner'] },
          ),
          { window, quantile: q },
        ),
      )
    : [];

const stageDuration = (window: Window) => inWindow(metric('deployment_stage:duration_seconds:last'), window);

/** Indicators of deployments as a whole over the rolling windows. One more is one line. */
const ofDeployments: readonly Indicator[] = [
  indicator('environment:deployments:count', (w) => count(counted(w), { by: environment })),
  indicator('environment:deployment_success:ratio', (w) =>
    avg(binary(counted(w), '==', outcomes.success, { bool: true }), { by: environment }),
  ),
  timeToDeploy,
  indicator('environment:health_check_success:ratio', (w) =>
    share('deployment:health_checks:count', 'deployment:health_checks_passed:count', w),
  ),
  indicator('environment:smoke_test_success:ratio', (w) =>
    share('deployment:smoke_tests:count', 'deployment:smoke_tests_passed:count', w),
  ),
  indicator('environment:migration_success:ratio', (w) =>
    share('deployment:migrations:count', 'deployment:migrations_passed:count', w),
  ),
  indicator('environment:rollbacks:count', (w) =>
    countByCode(
      onlyInWindow(and(lastOverTime(metric('deployment:rollback_reason:code'), w), rolledBackIn(w)), w),
      environment,
      'reason',
      reasonCodes,
    ),
  ),
];

/** Indicators of their stages, tests, runners and resources. One more is one line. */
const ofParts: readonly Indicator[] = [
  indicator('environment_test:smoke_tests:count', (w) =>
    sum(inWindow(metric('deployment_test:smoke_tests:count'), w), { by: ['environment', 'test_name'] }),
  ),
  indicator('environment_test:smoke_tests_passed:count', (w) =>
    sum(inWindow(metric('deployment_test:smoke_tests_passed:count'), w), {
      by: ['environment', 'test_name'],
    }),
  ),
  indicator('environment_stage:duration_seconds:avg', (w) => avg(stageDuration(w), { by: byStage })),
  indicator('environment_stage:duration_seconds:p95', (w) =>
    quantile(0.95, stageDuration(w), { by: byStage }),
  ),
  indicator('environment_stage:failures:count', (w) =>
    countByCode(inWindow(metric('deployment_stage:error_type:code'), w), byStage, 'error_type', errorCodes),
  ),
  indicator('environment_resource:cost_usd:sum', (w) =>
    sum(inWindow(metric('deployment_resource:cost_usd:sum'), w), { by: ['environment', 'resource'] }),
  ),
  queue,
];

const groupsOf = (name: string, indicators: readonly Indicator[]): RuleGroup[] =>
  labels.window.map((window) => ({
    name: `${name}-${window}`,
    interval: indicatorIntervals[window],
    rules: indicators.flatMap((rule) => rule(window)),
    source: import.meta.url,
  }));

/** Averages of the metrics that the pipeline file defines: of its deployments, cancelled ones too. */
const ofCustoms = ({ metrics }: Pick<Pipeline, 'metrics'>): readonly Indicator[] =>
  Object.entries(metrics).map(
    ([name, { labels: own = {} }]): Indicator =>
      (window) => [
        recordCustom(
          customAverage(name),
          avg(onlyInWindow(lastOverTime(custom(customFact(name)), window), window), {
            by: ['environment', ...Object.keys(own)],
          }),
          { window },
        ),
      ],
  );

/**
 * One group per window, so that long windows, which change slowly, are evaluated less often; and the parts by
 * themselves, because a group evaluates one rule after the other and there are several parts to a deployment.
 */
export const indicatorGroups = (pipeline: Pick<Pipeline, 'metrics'>): readonly RuleGroup[] => [
  ...groupsOf('deployment-indicators', ofDeployments),
  ...groupsOf('deployment-parts', [...ofParts, ...ofCustoms(pipeline)]),
];
