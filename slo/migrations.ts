import { percentText } from '../src/lib/spoken.ts';
import { binary, metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';

const made = metric('deployment:migrations:count');
const passed = metric('deployment:migrations_passed:count');

/** Are schema changes applied? (Design document, SLO 4.) */
export const migrations = ({ targets }: Pipeline): Objective => ({
  id: 'database-migrations',
  title: 'Database migrations',
  question: 'Are schema changes applied, every time?',
  indicator: {
    events: 'Runs of database migrations.',
    good: 'Those that succeeded.',
    total: (of) => of(made),
    bad: (of) => binary(of(made), '-', of(passed)),
  },
  objective: targets.migrations.objective,
  text:
    targets.migrations.objective === 1
      ? 'all of them'
      : `at least ${percentText(targets.migrations.objective)} of them`,
  budget: {
    kind: 'none',
    text: `${targets.migrations.objective === 1 ? 'Zero tolerance: a' : 'A'} migration that fails stops its deployment, and DatabaseMigrationFailed pages.`,
  },
  burn: 'none',
  source: import.meta.url,
});
