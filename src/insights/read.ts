import type { Prometheus, Sample } from '../lib/prometheus.ts';
import {
  lastOverTime,
  metric,
  namesOf,
  outcomes,
  perDeployment,
  perStage,
  stageStatuses,
} from '../metrics/index.ts';
import { type Pipeline, stagesOf } from '../pipeline/index.ts';

/** A stage, a rollback or a smoke test of a deployment. Times are Unix seconds. */
export interface InsightPart {
  /** `api build`, `smoke test login`. */
  readonly name: string;
  readonly kind: 'stage' | 'rollback' | 'test';
  readonly passed: boolean;
  readonly failed: boolean;
  /** Of stages. */
  readonly started?: number;
  /** Of stages that ended. */
  readonly finished?: number;
}

/** A deployment as the ledger has it. */
export interface InsightDeployment {
  readonly id: string;
  readonly environment: string;
  readonly commit: string;
  readonly outcome: string;
  readonly triggered: number;
  readonly started: number;
  readonly finished: number;
  /** Absent: none was made. */
  readonly healthChecks?: { readonly made: number; readonly passed: number };
  readonly parts: readonly InsightPart[];
}

const facts = {
  finished: 'deployment:finished_timestamp_seconds:max',
  triggered: 'deployment:triggered_timestamp_seconds:min',
  started: 'deployment:started_timestamp_seconds:min',
  outcome: 'deployment:outcome:code',
  info: 'deployment:info:last',
  stageStarted: 'deployment_stage:started_timestamp_seconds:min',
  stageFinished: 'deployment_stage:finished_timestamp_seconds:max',
  stageStatus: 'deployment_stage:status:code',
  test: 'deployment_test:passed:bool',
  checks: 'deployment:health_checks:count',
  checksPassed: 'deployment:health_checks_passed:count',
} as const;
type Fact = keyof typeof facts;

const keyOf = (labels: Readonly<Record<string, string>>, ...names: readonly string[]): string =>
  names.map((name) => labels[name] ?? '').join('\n');

function grouped(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample.labels, ...perDeployment);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return groups;
}

/** How long after its finish a late event still counts, seconds: the gateway holds the groups so long. */
const late = 7_200;

/**
 * The deployments that finished within so many seconds before a moment, with their parts, oldest first.
 * @throws PrometheusError, HttpFailure
 */
export async function readDeployments(
  prometheus: Prometheus,
  pipeline: Pick<Pipeline, 'stages'>,
  { to, seconds }: { readonly to: number; readonly seconds: number },
): Promise<InsightDeployment[]> {
  const found = await Promise.all(
    Object.entries(facts).map(async ([name, fact]) => {
      const expr = lastOverTime(metric(fact), `${seconds + late}s`);
      return [name as Fact, await prometheus.query(expr.text, to)] as const;
    }),
  );
  const samples = Object.fromEntries(found) as Record<Fact, Sample[]>;
  const single = (name: Fact): Map<string, Sample> =>
    new Map(samples[name].map((sample) => [keyOf(sample.labels, ...perDeployment), sample]));
  const [triggered, started, outcome, info] = [
    single('triggered'),
    single('started'),
    single('outcome'),
    single('info'),
  ];
  const [checks, checksPassed] = [single('checks'), single('checksPassed')];
  const ends = new Map(samples.stageFinished.map((one) => [keyOf(one.labels, ...perStage), one.value]));
  const status = new Map(samples.stageStatus.map((one) => [keyOf(one.labels, ...perStage), one.value]));
  const stages = grouped(samples.stageStarted);
  const tests = grouped(samples.test);
  const rollbacks = stagesOf(pipeline, 'rollback');
  const stage = ({ labels, value }: Sample): InsightPart => {
    const id = keyOf(labels, ...perStage);
    const finished = ends.get(id);
    return {
      name: `${labels.service} ${labels.stage}`,
      kind: rollbacks.includes(labels.stage ?? '') ? 'rollback' : 'stage',
      passed: status.get(id) === stageStatuses.success,
      failed: status.get(id) === stageStatuses.failure,
      started: value,
      // 0 says that it did not end.
      ...(finished !== undefined && finished > 0 && { finished }),
    };
  };
  const test = ({ labels, value }: Sample): InsightPart => ({
    name: `smoke test ${labels.test_name}`,
    kind: 'test',
    passed: value === 1,
    failed: value === 0,
  });
  return samples.finished
    .filter(({ value }) => value > to - seconds && value <= to)
    .map(({ labels, value }) => {
      const key = keyOf(labels, ...perDeployment);
      const code = outcome.get(key)?.value;
      return {
        id: labels.deployment_id ?? '',
        environment: labels.environment ?? '',
        commit: info.get(key)?.labels.commit ?? '',
        outcome: namesOf(outcomes).find((name) => outcomes[name] === code) ?? 'unknown',
        triggered: triggered.get(key)?.value ?? value,
        started: started.get(key)?.value ?? value,
        finished: value,
        ...((checks.get(key)?.value ?? 0) > 0 && {
          healthChecks: { made: checks.get(key)!.value, passed: checksPassed.get(key)?.value ?? 0 },
        }),
        parts: [...(stages.get(key) ?? []).map(stage), ...(tests.get(key) ?? []).map(test)],
      };
    })
    .sort((a, b) => a.finished - b.finished || (a.id < b.id ? -1 : 1));
}
