import {
  colour,
  gauge,
  instant,
  type RowDefinition,
  stat,
  steps,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { thresholds } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const health = () =>
  gauge({
    title: 'API health checks',
    description:
      'Health checks after deployments that passed, of all that were made in the chosen window. Below 95 % a deployment is rolled back; the objective is 99 %.',
    noData: 'No health check in this window. `record.mjs health` after the deployment emits it.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    width: 5,
    queries: [instant(queries.healthChecks(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.bad,
      [thresholds.healthChecks.warning, colour.warning],
      [thresholds.healthChecks.good, colour.good],
    ),
  });

const smokeTestRate = () =>
  stat({
    title: 'Tests passed',
    description: 'Runs of smoke tests that passed, of all in the chosen window. The objective is 99 %.',
    noData: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
    unit: 'percentunit',
    decimals: 1,
    width: 3,
    queries: [instant(queries.allSmokeTestsRate(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.bad,
      [thresholds.smokeTests.warning, colour.warning],
      [thresholds.smokeTests.good, colour.good],
    ),
  });

const migrationRate = () =>
  stat({
    title: 'Migrations',
    description: 'Runs of database migrations that succeeded, of all in the chosen window. None may fail.',
    noData: 'No migration in this window. `record.mjs migration` around alembic emits it.',
    unit: 'percentunit',
    decimals: 1,
    width: 3,
    queries: [instant(queries.migrationRate(), { legend: '{{environment}}' })],
    thresholds: steps(colour.bad, [1, colour.good]),
  });

const smokeTests = () =>
  tablePanel({
    title: 'Smoke tests',
    description: 'How often each smoke test passed and failed in the chosen window.',
    noData: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
    unit: 'none',
    decimals: 0,
    width: 8,
    queries: [
      table(queries.smokeTestsPassed()),
      table(queries.smokeTestsFailed()),
      table(queries.smokeTestRate()),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { environment: 0, test_name: 1, 'Value #A': 2, 'Value #B': 3, 'Value #C': 4 },
          renameByName: {
            environment: 'Environment',
            test_name: 'Test',
            'Value #A': 'Passed',
            'Value #B': 'Failed',
            'Value #C': 'Pass rate',
          },
        },
      },
    ],
    overrides: [
      {
        name: 'Failed',
        thresholds: steps(colour.good, [1, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Passed', custom: { width: 75 } },
      {
        name: 'Pass rate',
        unit: 'percentunit',
        decimals: 1,
        thresholds: steps(
          colour.bad,
          [thresholds.smokeTests.warning, colour.warning],
          [thresholds.smokeTests.good, colour.good],
        ),
        custom: { cellOptions: { type: 'color-background', mode: 'basic' }, width: 95 },
      },
    ],
    sortBy: { column: 'Test' },
  });

const migration = () =>
  gauge({
    title: 'Migration duration',
    description:
      'How long the database migrations took of the latest deployment that had any. Warning from 120 s, critical from 300 s.',
    noData:
      'None of the last ten deployments ran a migration. `record.mjs migration` around alembic emits it.',
    unit: 's',
    decimals: 1,
    min: 0,
    max: 2 * thresholds.migration.critical,
    width: 5,
    queries: [instant(queries.migrationDuration(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.good,
      [thresholds.migration.warning, colour.warning],
      [thresholds.migration.critical, colour.bad],
    ),
  });

/** Is the new version healthy, do its tests pass, was the schema changed in time. */
export const checks: RowDefinition = {
  title: 'Health and tests',
  height: 7,
  panels: [health(), smokeTestRate(), smokeTests(), migrationRate(), migration()],
  source: import.meta.url,
};
