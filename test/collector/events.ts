import { execFile, spawnSync } from 'node:child_process';
import { inProject } from '../../src/lib/root.ts';

/** The calls of the collector as the design document has them, each a process of its own. */

/** One call of the collector: what it sets, and the grouping key that the repair gives it. */
export interface Event {
  readonly name: string;
  readonly group: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [metric: string, labels: Record<string, string>, value: number])[];
}

const of = (deployment_id: string) => ({ environment: 'production', deployment_id });

export const started = (id: string, branch = 'main'): Event => ({
  name: 'start',
  group: of(id),
  samples: [['deployment_in_progress', { ...of(id), branch, triggered_by: 'github_actions' }, 1]],
});

/** @param branch what the last job believes the branch to be @param code the outcome, where the repair is complete */
export const completed = (id: string, seconds: number, code?: number, branch = 'unknown'): Event => ({
  name: 'complete',
  group: of(id),
  samples: [
    ['deployment_in_progress', { ...of(id), branch, triggered_by: 'github_actions' }, 0],
    ['time_to_deploy_seconds', { environment: 'production' }, seconds],
    ...(code === undefined ? [] : [['deployment_outcome_code', of(id), code] as const]),
  ],
});

export function stage(id: string, service: string, name: string, status: string, seconds: number): Event {
  const group = { ...of(id), service, stage: name };
  return {
    name: `stage ${name}`,
    group,
    samples: [
      ['deployment_total', { ...group, status }, 1],
      ['deployment_stage_duration_seconds', { ...group, status }, seconds],
      ...(status === 'failure'
        ? [['deployment_errors_total', { ...group, error_type: 'timeout' }, 1] as const]
        : []),
    ],
  };
}

export const smokeTest = (id: string, test_name: string, status: string): Event => ({
  name: `smoke test ${test_name}`,
  group: { ...of(id), test_name },
  samples: [['smoke_test_total', { ...of(id), test_name, status }, 1]],
});

export const healthCheck = (id: string, service: string, status: string, milliseconds: number): Event => ({
  name: `health check ${service}`,
  group: { ...of(id), service },
  samples: [['api_health_check_latency_ms', { ...of(id), status }, milliseconds]],
});

export const migration = (id: string, status: string, seconds: number): Event => ({
  name: 'migration',
  group: { ...of(id), service: 'database', stage: 'migration', migration_name: 'alembic_head' },
  samples: [
    ['migration_total', { ...of(id), migration_name: 'alembic_head', status }, 1],
    ['database_migration_lag_seconds', { ...of(id), migration_count: '2' }, seconds],
  ],
});

export const rollback = (id: string, reason: string, status: string): Event => ({
  name: 'rollback',
  group: { ...of(id), service: 'api', stage: 'rollback' },
  samples: [['deployment_rollback_total', { ...of(id), reason, status }, 1]],
});

export const cost = (id: string, resource: string, usd: number): Event => ({
  name: 'cost',
  group: { ...of(id), resource },
  samples: [['deployment_infrastructure_cost', { ...of(id), resource }, usd]],
});

/** A Python that has the library that the collector uses: the first on PATH, or the system's own. */
export const python: string | undefined = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import prometheus_client'], { stdio: 'ignore' }).status === 0,
);

/** How the collector sends: as it was, with its wrong argument fixed only, or repaired. */
export type Mode = 'before' | 'keyword' | 'repaired';

/** Sends one event in a process of its own. Resolves to its exit code and what it said on stderr. */
export const send = (mode: Mode, gateway: string, event: Event): Promise<{ code: number; stderr: string }> =>
  new Promise((resolve) => {
    const script = inProject('test', 'collector', 'collector.py');
    const args = [script, mode, gateway, event.name, JSON.stringify(event)];
    execFile(python ?? 'python3', args, (error, _, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr }),
    );
  });
