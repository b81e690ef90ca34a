import { binary, metric } from '../src/metrics/index.ts';
import { limits } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';

const made = metric('deployment:migrations:count');
const passed = metric('deployment:migrations_passed:count');

/** Are schema changes applied? (Design document, SLO 4.) */
export const migrations: Objective = {
  id: 'database-migrations',
  title: 'Database migrations',
  question: 'Are schema changes applied, every time?',
  indicator: {
    events: 'Runs of database migrations.',
    good: 'Those that succeeded.',
    total: (of) => of(made),
    bad: (of) => binary(of(made), '-', of(passed)),
  },
  objective: limits.migrations.objective,
  text: 'all of them',
  budget: {
    kind: 'none',
    text: 'Zero tolerance: a migration that fails stops its deployment, and DatabaseMigrationFailed pages.',
  },
  burn: 'none',
  source: import.meta.url,
};
