import {
  colour,
  gauge,
  graded,
  instant,
  type RowDefinition,
  stat,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { thresholds } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const health = () =>
  gauge({
    title: 'API health checks',
    noData: 'No checks yet',
    description:
      'Health checks after deployments that passed, of all that were made in the chosen window. Below 95 % a deployment is rolled back; the objective is 99 %.',
    missing: 'No health check in this window. `record.mjs health` after the deployment emits it.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    width: 5,
    queries: [instant(queries.healthChecks(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.bad,
      [thresholds.healthChecks.warning, colour.warning],
      [thresholds.healthChecks.good, colour.good],
    ),
  });

const passRates = () =>
  stat({
    title: 'Tests and migrations',
    description:
      'Runs of smoke tests that passed, and runs of database migrations that succeeded, of all in the chosen window. The objective for tests is 99 %; no migration may fail.',
    noData: 'None yet',
    missing:
      'Neither ran in this window. `record.mjs smoke-test --test-name NAME -- command` and `record.mjs migration` around alembic emit them.',
    unit: 'percentunit',
    decimals: 1,
    width: 5,
    queries: [
      instant(queries.allSmokeTestsRate(), { refId: 'Tests', legend: 'smoke tests · {{environment}}' }),
      instant(queries.migrationRate(), { refId: 'Migrations', legend: 'migrations · {{environment}}' }),
    ],
    named: true,
    thresholds: graded(
      0,
      colour.bad,
      [thresholds.smokeTests.warning, colour.warning],
      [thresholds.smokeTests.good, colour.good],
    ),
    overrides: [{ name: 'Migrations', query: true, thresholds: graded(0, colour.bad, [1, colour.good]) }],
  });

const smokeTests = () =>
  tablePanel({
    title: 'Smoke tests',
    noData: 'No tests yet',
    description: 'How often each smoke test passed and failed in the chosen window.',
    missing: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
    unit: 'none',
    decimals: 0,
    width: 9,
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
          indexByName: { test_name: 0, 'Value #A': 1, 'Value #B': 2, 'Value #C': 3, environment: 4 },
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
        thresholds: graded(0, colour.good, [1, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Passed', custom: { width: 75 } },
      {
        name: 'Pass rate',
        unit: 'percentunit',
        decimals: 1,
        thresholds: graded(
          0,
          colour.bad,
          [thresholds.smokeTests.warning, colour.warning],
          [thresholds.smokeTests.good, colour.good],
        ),
        custom: { cellOptions: { type: 'color-text' }, width: 95 },
      },
    ],
    sortBy: { column: 'Test' },
  });

const migration = () =>
  gauge({
    title: 'Migration duration',
    noData: 'None yet',
    description:
      'How long the database migrations took of the latest deployment that had any, in seconds. Warning from 120 s, critical from 300 s.',
    missing: 'No deployment ran a migration yet. `record.mjs migration` around alembic emits it.',
    unit: 'suffix: s',
    decimals: 0,
    min: 0,
    max: 2 * thresholds.migration.critical,
    width: 5,
    queries: [instant(queries.migrationDuration(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.good,
      [thresholds.migration.warning, colour.warning],
      [thresholds.migration.critical, colour.bad],
    ),
  });

/** Is the new version healthy, do its tests pass, was the schema changed in time. */
export const checks: RowDefinition = {
  title: 'Health and tests',
  height: 7,
  panels: [health(), passRates(), smokeTests(), migration()],
  source: import.meta.url,
};
