import {
  and,
  binary,
  firstOf,
  type LabelName,
  lastOverTime,
  max,
  metric,
  outcomes,
  type PerDeployment,
  perDeployment,
  perStage,
  type RecordingRule,
  record,
  times,
  topk,
  type Vector,
} from '../../metrics/index.ts';

const ranking = 'recent_deployment:started_timestamp_seconds:min';
const sameDeployment = { on: perDeployment };

/** A fact of today's deployments; of earlier ones as it was recorded here before, as long as they are among the ten. */
const remembered = <N extends Remembered>(
  name: N,
  today: Vector<LabelName<`recent_deployment:${N}`>>,
): RecordingRule =>
  record(
    `recent_deployment:${name}`,
    and(
      firstOf<string>(perDeployment, today, lastOverTime(metric(`recent_deployment:${name}`), '1d')),
      metric(ranking),
      sameDeployment,
    ) as Vector<LabelName<`recent_deployment:${N}`>>,
  );
type Remembered = (typeof facts)[number] | 'failed_stage_timestamp_seconds:min';
const facts = [
  'health_checks:count',
  'health_checks_passed:count',
  'smoke_tests:count',
  'smoke_tests_passed:count',
  'reached_production:bool',
] as const;
/** When stages failed, of which the ledger says that they did: a stage that succeeded when it was tried again did not. */
const failures = and(
  max(lastOverTime(metric('deployment_stage:failed_timestamp_seconds:max'), '1d'), { by: perStage }),
  lastOverTime(metric('deployment_stage:error_type:code'), '1d'),
  { on: perStage },
);
/** Of each deployment the one that failed first. */
const failedStage = and(failures, topk(1, times(-1, failures), { by: perDeployment }));

/** Of the last ten deployments the newest one that has it; when there is none among them, the one before. */
const latest = (name: Latest, of: Vector<PerDeployment>, when: Vector<PerDeployment>): RecordingRule => {
  const newest = topk(1, and(when, of, sameDeployment), { by: ['environment'] });
  const newestOne = and(of, newest, sameDeployment);
  return record(
    `environment:${name}`,
    firstOf(
      ['environment'],
      max(newestOne, { by: ['environment'] }),
      lastOverTime(metric(`environment:${name}`), '1d'),
    ),
  );
};
type Latest = 'latest_success_duration_seconds:last' | 'latest_migration_duration_seconds:last';
const successes = binary(metric('recent_deployment:outcome:code'), '==', outcomes.success);

/** Facts of the last deployments that the overview shows beside its table. */
export const latestRules: readonly RecordingRule[] = [
  ...facts.map((name) => remembered(name, lastOverTime(metric(`deployment:${name}`), '1d'))),
  remembered('failed_stage_timestamp_seconds:min', failedStage),
  latest(
    'latest_success_duration_seconds:last',
    and(metric('recent_deployment:duration_seconds:last'), successes, sameDeployment),
    metric('recent_deployment:finished_timestamp_seconds:max'),
  ),
  latest(
    'latest_migration_duration_seconds:last',
    metric('recent_deployment:migration_duration_seconds:sum'),
    metric(ranking),
  ),
];
