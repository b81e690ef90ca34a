import type { RecordedMetric } from '../../src/metrics/recorded.ts';
import type { RecordingRule } from '../../src/metrics/rule.ts';
import type { Indicators } from '../oracle/indicators.ts';
import type { Labelled } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import type { RollingWindow } from '../oracle/windows.ts';

/** Truth of each recorded indicator, given the truth of its window. */
const indicatorTruth: Partial<
  Record<RecordedMetric, (i: Indicators, labels: Readonly<Record<string, string>>) => readonly Labelled[]>
> = {
  'environment:deployments:count': (i) => i.deployments,
  'environment:deployment_success:ratio': (i) => i.successRate,
  'environment:time_to_deploy_seconds:quantile': (i, labels) => i.timeToDeploy[labels.quantile as '0.5'],
  'environment:health_check_success:ratio': (i) => i.healthRate,
  'environment:smoke_test_success:ratio': (i) => i.smokeRate,
  'environment_test:smoke_tests:count': (i) => i.smokeTestsByName,
  'environment_test:smoke_tests_passed:count': (i) => i.smokeTestsPassedByName,
  'environment:migration_success:ratio': (i) => i.migrationRate,
  'environment:rollbacks:count': (i) => i.rollbacksByReason,
  'environment_stage:duration_seconds:avg': (i) => i.stageAverage,
  'environment_stage:duration_seconds:p95': (i) => i.stageP95,
  'environment_stage:failures:count': (i) => i.stageFailures,
  'environment_runner:queue_seconds:quantile': (i, labels) => i.queued(Number(labels.quantile)),
  'environment_resource:cost_usd:sum': (i) => i.cost,
};

/** Expected result of a rule's expression at the truth's moment. @throws when nothing is known of the indicator */
export function truthOf(rule: RecordingRule, truth: Truth): readonly Labelled[] {
  const entry = indicatorTruth[rule.record as RecordedMetric];
  if (!entry) throw new Error(`${rule.record} has no truth: add it to test/indicators/indicator-truth.ts`);
  return entry(truth.rolling(rule.labels.window as RollingWindow), rule.labels);
}
