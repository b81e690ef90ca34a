import { stageStatuses } from '../../src/metrics/codes.ts';
import type { Pushed } from '../../src/record/gate/evidence.ts';

/** Pushed values of a deployment, as short as a test wants to read them. */

const one = (name: Pushed['name'], value: number, labels: Record<string, string> = {}): Pushed => ({
  name,
  labels,
  value,
});

/** Health checks of a service: one letter each, `+` passed and `-` failed, some seconds apart from a moment on. */
export const checks = (letters: string, first: number, service = 'api', apart = 5): Pushed[] =>
  [...letters].flatMap((letter, i) => {
    const labels = { service, attempt: String(i + 1) };
    return [
      one('deployment_health_check_timestamp_seconds', first + apart * i, labels),
      one('deployment_health_check_success', letter === '+' ? 1 : 0, labels),
    ];
  });

export const errorRate = (value: number, service = 'api'): Pushed =>
  one('post_deployment_error_rate', value, { service });

export const smokeTest = (test_name: string, passed: boolean): Pushed =>
  one('smoke_test_success', passed ? 1 : 0, { test_name });

export const migration = (passed: boolean, migration_name = 'alembic'): Pushed =>
  one('migration_success', passed ? 1 : 0, { service: 'database', stage: 'migration', migration_name });

/** A stage that runs, or that ended with a status at a moment. */
export function stage(name: string, service: string, ended?: keyof typeof stageStatuses, at = 0): Pushed[] {
  const labels = { stage: name, service };
  const started = one('deployment_stage_started_timestamp_seconds', at - 60, labels);
  if (!ended) return [started];
  return [
    started,
    one('deployment_stage_finished_timestamp_seconds', at, labels),
    one('deployment_stage_status_code', stageStatuses[ended], labels),
  ];
}
