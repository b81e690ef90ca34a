import type { PipelineMetric } from '../../metrics/index.ts';
import type { Pushed } from '../gate/evidence.ts';

/** Every metric that a result is read from. */
export const resultMetrics = [
  'deployment_triggered_timestamp_seconds',
  'deployment_started_timestamp_seconds',
  'deployment_finished_timestamp_seconds',
  'deployment_outcome_code',
  'deployment_info',
  'deployment_message_info',
  'deployment_stage_started_timestamp_seconds',
  'deployment_stage_finished_timestamp_seconds',
  'deployment_stage_status_code',
  'deployment_stage_info',
  'deployment_error_info',
  'deployment_health_check_success',
  'post_deployment_error_rate',
  'smoke_test_success',
  'smoke_test_duration_seconds',
  'smoke_test_error_info',
  'migration_success',
  'migration_duration_seconds',
  'migrations_applied',
  'deployment_rollback_total',
  'deployment_rollback_finished_timestamp_seconds',
  'deployment_rollback_info',
  'deployment_gate_verdict_code',
  'deployment_gate_info',
  'deployment_infrastructure_cost',
] as const satisfies readonly PipelineMetric[];

/** Labels of a sample. */
export type Labels = Pushed['labels'];

/** Samples by metric, and of a metric by some of its labels. */
export class Samples {
  readonly #pushed: readonly Pushed[];
  constructor(pushed: readonly Pushed[]) {
    this.#pushed = pushed;
  }
  all(name: PipelineMetric): Pushed[] {
    return this.#pushed.filter((sample) => sample.name === name);
  }
  one(name: PipelineMetric, where: Labels = {}): Pushed | undefined {
    return this.all(name).find(({ labels }) =>
      Object.entries(where).every(([label, value]) => (labels[label] ?? '') === value),
    );
  }
  value(name: PipelineMetric, where?: Labels): number | undefined {
    return this.one(name, where)?.value;
  }
}
